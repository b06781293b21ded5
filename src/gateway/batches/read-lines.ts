const NEWLINE = 0x0a;

/** A longer line is given up as one nobody can read; a single result is a fraction of this. */
const LINE_BYTES_MAX = 64 * 1024 * 1024;

/** The lines of a stream of bytes without their line ends, empty ones left out; one too long comes as an empty buffer. */
export async function* readLines(body: AsyncIterable<Buffer>, lineBytesMax = LINE_BYTES_MAX): AsyncGenerator<Buffer> {
  let pieces: Buffer[] = [];
  let bytes = 0;
  const keep = (piece: Buffer): void => {
    bytes += piece.length;
    if (bytes > lineBytesMax) pieces = [];
    else if (piece.length > 0) pieces.push(piece);
  };
  const take = (): Buffer | undefined => {
    const line = bytes === 0 ? undefined : Buffer.concat(pieces);
    pieces = [];
    bytes = 0;
    return line;
  };
  for await (const chunk of body) {
    let at = 0;
    for (let end = chunk.indexOf(NEWLINE); end !== -1; end = chunk.indexOf(NEWLINE, at)) {
      keep(chunk.subarray(at, end));
      at = end + 1;
      const line = take();
      if (line !== undefined) yield line;
    }
    keep(chunk.subarray(at));
  }
  const last = take();
  if (last !== undefined) yield last;
}
