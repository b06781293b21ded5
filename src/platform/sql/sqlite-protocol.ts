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

/** What shares a commit: rows, and the statements that add to sums, which tallies name by their place. */
export type AppendCommit = { readonly parts: readonly AppendPart[]; readonly sums: readonly string[] };

/** What a row adds to one line of sums: the place of the statement, the line's key and the amounts. */
export type AppendTally = readonly [sum: number, key: readonly (string | number)[], add: readonly number[]];

/** Rows for one INSERT statement, bound one after the other, and what each adds if it is stored; 0 where no row does. */
export type AppendPart = readonly [
  sql: string,
  rows: readonly (readonly SqlValue[])[],
  tallies: readonly (readonly AppendTally[])[] | 0,
];

/** Rows travel without their keys: it halves what a big result costs. */
export type QueryAnswer = {
  readonly columns: readonly string[];
  readonly rows: readonly (readonly unknown[])[];
  readonly changes: number;
  readonly insertId: number;
};

/** A row that was not stored although its commit was, and why. */
export type RefusedAppend = readonly [part: number, row: number, message: string, resultCode: number | undefined];

/** Commands are answered one by one, in the order they were given. */
export type Reply =
  | readonly [ok: true, answer: unknown]
  | readonly [ok: false, message: string, resultCode: number | undefined];
