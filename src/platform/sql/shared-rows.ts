import type { SharedRow } from './database.ts';
import type { JournalPart, RefusedRow } from './journal-store.ts';

const compare = (one: SharedRow, other: SharedRow): number => {
  const [first = '', second = ''] = [one.row[0] ?? '', other.row[0] ?? ''];
  return first < second ? -1 : first > second ? 1 : 0;
};

/**
 * What the rows of a commit refer to and is not known to be on disk, each once. In one order everywhere, by the first
 * column: two processes that store the same rows at once then wait for one another, in no circle.
 */
export const missingShared = (parts: readonly JournalPart[], known: WeakSet<SharedRow>): readonly SharedRow[] => {
  const missing = new Set<SharedRow>();
  let before: SharedRow | undefined;
  for (const { refersTo } of parts)
    for (let row = 0; row < refersTo.length; row++) {
      const shared = refersTo[row];
      // Rows that follow one another mostly refer to the same.
      if (shared === undefined || shared === before) continue;
      before = shared;
      if (!known.has(shared)) missing.add(shared);
    }
  return missing.size < 2 ? [...missing] : [...missing].sort(compare);
};

/** The rows that refer to what was refused; they cannot be stored either. */
export const refusedWith = (
  parts: readonly JournalPart[],
  refused: ReadonlyMap<SharedRow, Error>,
): readonly RefusedRow[] =>
  refused.size === 0
    ? []
    : parts.flatMap(({ refersTo }, part) =>
        refersTo.flatMap((shared, row) => {
          const error = shared && refused.get(shared);
          return error === undefined ? [] : [{ part, row, error }];
        }),
      );
