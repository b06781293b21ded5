/**
 * The list with a chunk added; use what is answered in its place. Most lists get one chunk: an array that is made with it
 * has room for just that, where the first `push` makes room for seventeen.
 */
export const withChunk = (chunks: Buffer[], chunk: Buffer): Buffer[] => {
  if (chunks.length === 0) return [chunk];
  chunks.push(chunk);
  return chunks;
};
