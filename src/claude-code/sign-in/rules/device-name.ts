const CLAUDE_CODE = /^claude-code\/(\d+(?:\.\d+){1,3})/;

/** What a device is called in lists, by what its program says of itself. */
export const deviceName = (surface: string | null, userAgent: string | null): string => {
  const [, version] = CLAUDE_CODE.exec(userAgent ?? '') ?? [];
  const product = surface?.includes('desktop') === true ? 'Claude Desktop' : 'Claude Code';
  return version === undefined ? product : `${product} ${version}`;
};
