import type { DatabaseSync, SQLInputValue, StatementSync } from 'node:sqlite';
import type { QueryAnswer } from './sqlite-protocol.ts';

/** Prepared statements by their text. */
export type Statements = {
  /** The statement of this text, prepared once as long as it is used now and then. */
  prepare(sql: string): StatementSync;
  /** Runs a statement and reads all it answers. */
  query(sql: string, parameters: readonly unknown[]): QueryAnswer;
};

const STATEMENTS_MAX = 256;

/** A value as SQLite keeps it; integers are bound as integers, so that dividing by one is PostgreSQL's division. */
const toInput = (value: unknown): SQLInputValue => {
  if (typeof value === 'number') return Number.isSafeInteger(value) ? BigInt(value) : value;
  if (typeof value === 'string' || typeof value === 'bigint' || value === null) return value;
  if (value instanceof Uint8Array) return value;
  throw new TypeError(`A ${typeof value} cannot be a parameter: booleans are 0 or 1, JSON is text, times are integers`);
};

type Prepared = { readonly statement: StatementSync; readonly answersRows: boolean };

/** Keeps the statements used last, {@link STATEMENTS_MAX} of them, prepared on one connection. */
export const createStatements = (db: DatabaseSync): Statements => {
  const cache = new Map<string, Prepared>();

  const find = (sql: string): Prepared => {
    let prepared = cache.get(sql);
    if (prepared === undefined) {
      const statement = db.prepare(sql);
      statement.setReturnArrays(true);
      prepared = { statement, answersRows: statement.columns().length > 0 };
      const [oldest] = cache.keys();
      if (cache.size >= STATEMENTS_MAX && oldest !== undefined) cache.delete(oldest);
    } else {
      cache.delete(sql);
    }
    cache.set(sql, prepared);
    return prepared;
  };

  const query = (sql: string, parameters: readonly unknown[]): QueryAnswer => {
    const { statement, answersRows } = find(sql);
    const inputs = parameters.map(toInput);
    if (!answersRows) {
      const { changes, lastInsertRowid } = statement.run(...inputs);
      return { columns: [], rows: [], changes: Number(changes), insertId: Number(lastInsertRowid) };
    }
    // node:sqlite types rows as objects whatever setReturnArrays says.
    const rows = statement.all(...inputs) as unknown as readonly (readonly unknown[])[];
    // Asked for afterwards: running the statement is what makes it notice a changed schema.
    const columns = statement.columns().map(({ name }) => name);
    return { columns, rows, changes: rows.length, insertId: 0 };
  };

  return { prepare: (sql) => find(sql).statement, query };
};
