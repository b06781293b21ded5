import type { SqlValue } from './database.ts';

/** What a worker is opened with. */
export type WorkerSetup = { readonly file: string; readonly role: 'writer' | 'reader' };

/**
 * What a worker can be asked; an array because the journal's hand-over is counted in microseconds. Rows to append cross as
 * the JSON of an {@link AppendCommit}: one text costs less on both sides than copying their values one by one.
 */
export type Command =
  | readonly ['query', sql: string, parameters: readonly unknown[]]
  | readonly ['begin' | 'commit' | 'rollback' | 'close']
  | readonly ['append', commit: string];

/**
 * What shares a commit: rows, and what they add to sums, added up beforehand. Where a row is refused, nothing is stored,
 * as it belongs to sums already added up: the commit has to be asked for again without it.
 */
export type AppendCommit = {
  readonly parts: readonly AppendPart[];
  readonly sums: readonly AppendSums[];
  /** The number of the last entry of the redo log that this carries out, with all before it; absent when that is none. */
  readonly redone?: number | undefined;
};

/** Rows for one INSERT statement, bound one after the other; 0 in the place of a row that is left out. */
export type AppendPart = readonly [sql: string, rows: readonly (readonly SqlValue[] | 0)[]];

/** Lines of sums for one statement that adds to them: keys and amounts, bound one line after the other. */
export type AppendSums = readonly [sql: string, lines: readonly (readonly (string | number)[])[]];

/** The rows that stand in a commit's way; it was stored when there are none. */
export type AppendAnswer = readonly RefusedAppend[];

/** Rows travel without their keys: it halves what a big result costs. */
export type QueryAnswer = {
  readonly columns: readonly string[];
  readonly rows: readonly (readonly unknown[])[];
  readonly changes: number;
  readonly insertId: number;
};

/** A row that cannot be stored, and why. */
export type RefusedAppend = readonly [part: number, row: number, message: string, resultCode: number | undefined];

/** Commands are answered one by one, in the order they were given. */
export type Reply =
  | readonly [ok: true, answer: unknown]
  | readonly [ok: false, message: string, resultCode: number | undefined];
