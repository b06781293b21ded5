import { type RawBuilder, sql } from 'kysely';
import type { Database } from './database.ts';

/**
 * Column types that hold and order the same values on both engines. A boolean is an `integer` of 0 or 1, JSON is `text`,
 * a time is an `integer` of epoch milliseconds.
 */
export type ColumnTypes = {
  /** 64 bits; values beyond 2^53 are an error when read. */
  readonly integer: RawBuilder<unknown>;
  /** UTF-8, compared and sorted byte by byte, whatever the database's own collation. */
  readonly text: RawBuilder<unknown>;
  /** 64-bit floating point. */
  readonly real: RawBuilder<unknown>;
  /** A string of bytes. */
  readonly bytes: RawBuilder<unknown>;
  /** Ends the declaration of a table whose rows stand in the order of their primary key; empty where rows are a heap. */
  readonly inKeyOrder: RawBuilder<unknown>;
};

const TYPES: Readonly<Record<Database['engine'], ColumnTypes>> = {
  sqlite: { integer: sql`integer`, text: sql`text`, real: sql`real`, bytes: sql`blob`, inKeyOrder: sql`without rowid` },
  postgres: {
    integer: sql`bigint`,
    text: sql`text COLLATE "C"`,
    real: sql`double precision`,
    bytes: sql`bytea`,
    inKeyOrder: sql``,
  },
};

/** The column types of an engine. */
export const columnTypes = (engine: Database['engine']): ColumnTypes => TYPES[engine];
