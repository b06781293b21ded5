/** One change to a body: the bytes from `start` up to `end` give way to `text`; equal offsets insert. */
export type Edit = { readonly start: number; readonly end: number; readonly text: string };

const requireOrder = (edits: readonly Edit[], length: number): void => {
  let free = 0;
  for (const { start, end } of edits) {
    if (start < free || end < start || end > length) throw new RangeError('Edits overlap or reach outside the body');
    free = end;
  }
};

/** Goes along the pieces of a body, each byte once. */
const along = (pieces: readonly Buffer[]) => {
  let index = 0;
  let at = 0;
  /** Goes on by `bytes` and hands each part of a piece on the way to `pass`. */
  return (bytes: number, pass: (part: Buffer) => void): void => {
    for (let left = bytes; left > 0; ) {
      const piece = pieces[index];
      if (piece === undefined) return;
      const part = Math.min(left, piece.length - at);
      if (part > 0) pass(part === piece.length ? piece : piece.subarray(at, at + part));
      left -= part;
      at += part;
      if (at < piece.length) continue;
      index += 1;
      at = 0;
    }
  };
};

/**
 * The pieces of a body with the edits made and every other byte as it was, and where it was: they lie in the memory of
 * `pieces`. Edits may come in any order; insertions at one offset keep theirs. Throws a RangeError when two overlap or
 * one reaches outside the body: a mistake of the caller's.
 */
export const editPieces = (pieces: readonly Buffer[], edits: readonly Edit[]): Buffer[] => {
  const ordered = edits.toSorted((a, b) => a.start - b.start || a.end - b.end);
  const length = pieces.reduce((sum, piece) => sum + piece.length, 0);
  requireOrder(ordered, length);
  const edited: Buffer[] = [];
  const keep = (part: Buffer): void => void edited.push(part);
  const drop = (): void => undefined;
  const goOn = along(pieces);
  let at = 0;
  for (const { start, end, text } of ordered) {
    goOn(start - at, keep);
    goOn(end - start, drop);
    if (text !== '') edited.push(Buffer.from(text));
    at = end;
  }
  goOn(length - at, keep);
  return edited;
};

/** A copy of `body` with the edits made, as {@link editPieces} makes them. */
export const applyEdits = (body: Buffer, edits: readonly Edit[]): Buffer => Buffer.concat(editPieces([body], edits));
