import type { Kysely } from 'kysely';

/** What a journal row may hold: booleans are 0 or 1, JSON is text, times are epoch milliseconds. */
export type SqlValue = string | number | null;

/**
 * A table rows are appended to, with its columns in the order of the rows' values. Declare it once and pass that same
 * object every time: rows are gathered by it.
 */
export type AppendTable = { readonly name: string; readonly columns: readonly string[] };

/**
 * A table of sums: `keys` are its primary key, `sums` integers that are added to. Declare it once and pass that same
 * object every time.
 */
export type TallyTable = { readonly name: string; readonly keys: readonly string[]; readonly sums: readonly string[] };

/** A line of sums: the values of its keys, then what is added to each sum. */
export type TallyLine = readonly (string | number)[];

/** What a row adds to lines of sums; lines are made when they are missing. */
export type Tallies = {
  readonly table: TallyTable;
  /** Asked for when the row is committed, so that rows wait light; the same each time. */
  readonly lines: () => readonly TallyLine[];
};

/**
 * A row that many others refer to: what they have in common, stored once. It never changes and is never deleted. Pass the
 * same object every time: what is known to be on disk is known by it.
 */
export type SharedRow = { readonly table: AppendTable; readonly row: readonly SqlValue[] };

/** Told exactly once what became of a row: nothing when it is on disk, the error when it is not known to be stored. */
export type Durable = (error?: Error) => void;

export type AppendMore = {
  /**
   * The row goes with the next commit of more than a few rows, and asks for one of its own only when that long has passed:
   * nobody waits for it, so it need not cost a commit, nor make one longer that somebody waits for.
   */
  readonly patienceMs?: number;
  /**
   * Nothing can refuse the row: its id is new and its values fit. It may then be durable before it is in its table, and is
   * seen by every query that begins after `durable` was called, but for those beside a transaction that lasts.
   */
  readonly isCertain?: boolean;
  /** Added in the commit that stores the row, and only if it is stored: a duplicate adds nothing. */
  readonly tallies?: Tallies | undefined;
  /**
   * What the row refers to. It is on disk when the row is: the row's commit takes it along unless it is known to be there,
   * and one with the same key that is there already is as good. Where it is refused, so is the row.
   */
  readonly refersTo?: SharedRow | undefined;
};

/**
 * The way in for rows of the hot path: many rows share one commit. Rows of one table that are equally
 * patient are stored in the order they were appended; between the tables of one commit no order is promised. A row the database refuses (a duplicate id, a wrong
 * type) fails alone.
 */
export type Journal = {
  /**
   * Queues a row; `durable` is called exactly once, after the commit that holds the row is on disk, or with the error
   * that kept it from being stored.
   */
  append(table: AppendTable, row: readonly SqlValue[], durable?: Durable, more?: AppendMore): void;
  /** Resolves when everything queued before the call is durable or has failed. */
  flush(): Promise<void>;
  /** How many rows are queued or on their way to the disk. */
  readonly pending: number;
  /** Whether the last commit failed. */
  readonly hasFailed: boolean;
};

/** A place where SQL can be run: the database itself or one transaction of it. */
export type Sql = {
  /** The tables a room declares, as a typed query builder. */
  tables<T>(): Kysely<T>;
};

/**
 * The database of this program, the same on both engines. After a statement fails inside a transaction, nothing else
 * can be done in that transaction but to let it roll back.
 */
export type Database = Sql & {
  readonly engine: 'sqlite' | 'postgres';
  /**
   * Runs `run` in a transaction that commits when it resolves and rolls back when it rejects. On PostgreSQL it is READ
   * COMMITTED, and deadlocks and serialisation failures run it again, up to five times: keep side effects out of it.
   * Use the `sql` it is given, never the database: on SQLite a write beside the transaction waits for its end, and
   * is given up with an error after 30 seconds.
   */
  transaction<R>(run: (sql: Sql) => Promise<R>): Promise<R>;
  /**
   * Holds the lock of this name until the transaction ends, so that what it reads afterwards cannot change under it by
   * others who take the same lock. On SQLite transactions exclude one another anyway.
   */
  lock(sql: Sql, name: string): Promise<void>;
  readonly journal: Journal;
  /** Tells listeners of `channel` in every process, once the transaction `sql` has committed; at once outside of one. */
  notify(sql: Sql, channel: string): Promise<void>;
  /**
   * Runs `onChange` soon (at most a second, usually at once) after {@link notify}. It may also run without cause: after a
   * lost connection nobody knows what was missed. Answers the function that stops listening.
   */
  listen(channel: string, onChange: () => void): Promise<() => Promise<void>>;
  /** Connections that were given up because nothing came back on them: a server, or a way to it, that hangs. */
  readonly connectionsGivenUp: number;
  /** Stores what the journal holds, waits for running transactions and lets go of everything. A second call is the first one's. */
  close(): Promise<void>;
};

/** How to open a database; give `url` for PostgreSQL or `file` for SQLite. */
export type DatabaseOptions = {
  /** `postgres://user:password@host:port/database`. */
  readonly url?: string;
  /** Path of the SQLite file; it is made when missing, its folder must exist. */
  readonly file?: string;
  /**
   * Whether this process has the SQLite file to itself for as long as it is open: then rows may be kept in a redo log beside
   * it, and what an earlier process left there is brought to its tables.
   */
  readonly isAlone?: boolean;
  /** Hears of trouble nobody waits for: a lost idle connection, a listener that throws. */
  readonly onError?: (error: Error) => void;
  /**
   * Most time between the starts of two journal commits for the sake of sharing them, default 4 ms. A row that comes
   * alone is committed at once; the more rows there are, the longer they gather, because a commit costs as much CPU as
   * some dozen rows.
   */
  readonly journalPaceMs?: number;
  /** Most connections to PostgreSQL at a time, default 10; journal and listener have one more each. */
  readonly poolSize?: number;
};
