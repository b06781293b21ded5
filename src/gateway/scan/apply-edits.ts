/** One change to a body: the bytes from `start` up to `end` give way to `text`; equal offsets insert. */
export type Edit = { readonly start: number; readonly end: number; readonly text: string };

const requireOrder = (edits: readonly Edit[], length: number): void => {
  let free = 0;
  for (const { start, end } of edits) {
    if (start < free || end < start || end > length) throw new RangeError('Edits overlap or reach outside the body');
    free = end;
  }
};

/**
 * A copy of `body` with the edits made and every other byte as it was. Edits may come in any order; insertions at one
 * offset keep theirs. Throws a RangeError when two overlap or one reaches outside the body: a mistake of the caller's.
 */
export const applyEdits = (body: Buffer, edits: readonly Edit[]): Buffer => {
  const ordered = edits.toSorted((a, b) => a.start - b.start || a.end - b.end);
  requireOrder(ordered, body.length);
  const pieces: Buffer[] = [];
  let at = 0;
  for (const { start, end, text } of ordered) {
    pieces.push(body.subarray(at, start), Buffer.from(text));
    at = end;
  }
  pieces.push(body.subarray(at));
  return Buffer.concat(pieces);
};
