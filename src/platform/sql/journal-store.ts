import type { AppendTable, SharedRow, SqlValue, Tallies } from './database.ts';
import { sumTallies } from './tallies.ts';

/** The rows of one table that share a commit, what each of them adds to tables of sums and what it refers to. */
export type JournalPart = {
  readonly table: AppendTable;
  readonly rows: readonly (readonly SqlValue[])[];
  readonly tallies: readonly (Tallies | undefined)[];
  readonly refersTo: readonly (SharedRow | undefined)[];
};

/** A row that was refused on its own: its part, its place in the part and why. */
export type RefusedRow = { readonly part: number; readonly row: number; readonly error: Error };

/** What the rows of a commit add to sums, each line once, without those rows that were refused. */
export const sumsOf = (
  parts: readonly JournalPart[],
  refused: readonly RefusedRow[] = [],
): ReturnType<typeof sumTallies> => {
  const isRefused = refused.length === 0 ? undefined : new Set(refused.map(({ part, row }) => `${part}:${row}`));
  const stored: Tallies[] = [];
  for (let part = 0; part < parts.length; part++) {
    const tallies = parts[part]?.tallies ?? [];
    for (let row = 0; row < tallies.length; row++) {
      const own = tallies[row];
      if (own !== undefined && !isRefused?.has(`${part}:${row}`)) stored.push(own);
    }
  }
  return sumTallies(stored);
};

/** What an engine gives the journal. */
export type JournalStore = {
  /** Runs `work` when no other transaction stands in the way. */
  run<R>(work: () => Promise<R>): Promise<R>;
  /** Stores all parts in one transaction and resolves when it is on disk; rejects when nothing of it was stored. */
  commit(parts: readonly JournalPart[]): Promise<readonly RefusedRow[]>;
  /**
   * Puts rows on disk where the next start finds them, and resolves when they are there. They are still to be committed,
   * by the next commit that begins. Throws when this cannot be done now.
   */
  readonly keep?: (parts: readonly JournalPart[]) => Promise<void>;
};
