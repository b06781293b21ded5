/** Hands a file to the person, as a download. The parts are joined by the browser, which may keep them on disk. */
export const saveFile = (name: string, type: string, parts: readonly (string | Blob)[]): void => {
  const url = URL.createObjectURL(new Blob([...parts], { type }));
  const link = document.createElement('a');
  link.href = url;
  link.download = name;
  link.click();
  URL.revokeObjectURL(url);
};
