/** The body as text, read no further than it may be large: not every client declares a length. Throws what `tooLarge` makes. */
export const readText = async (request: Request, bytesMax: number, tooLarge: () => Error): Promise<string> => {
  if (Number(request.headers.get('content-length') ?? 0) > bytesMax) throw tooLarge();
  const chunks: Uint8Array[] = [];
  let bytes = 0;
  for await (const chunk of request.body ?? []) {
    bytes += chunk.length;
    if (bytes > bytesMax) throw tooLarge();
    chunks.push(chunk);
  }
  return new TextDecoder().decode(Buffer.concat(chunks));
};
