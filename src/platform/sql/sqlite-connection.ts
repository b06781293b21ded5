import { DatabaseSync } from 'node:sqlite';
import type {
  AppendAnswer,
  AppendCommit,
  AppendPart,
  AppendSums,
  QueryAnswer,
  RefusedAppend,
  WorkerSetup,
} from './sqlite-protocol.ts';
import { createStatements } from './sqlite-statements.ts';

/**
 * What a connection is for: the writer's commits are on disk when they return; the journal's are in the log, which whoever
 * commits has to sync before anybody is told.
 */
export type ConnectionSetup = { readonly file: string; readonly role: WorkerSetup['role'] | 'journal' };

/** One open connection to a SQLite file. Nothing here waits for anything but the disk. */
export type SqliteConnection = {
  query(sql: string, parameters: readonly unknown[]): QueryAnswer;
  begin(): void;
  commit(): void;
  rollback(): void;
  /** Stores rows and sums in one transaction, unless a row is refused; throws when nothing of it was stored. */
  append(commit: AppendCommit): AppendAnswer;
  close(): void;
};

const BUSY_MS_MAX = 5_000;
const SQLITE_CONSTRAINT = 19;
const SQLITE_MISMATCH = 20;

/** How far the log grows before it is moved into the file. */
export const PAGES_UNTIL_CHECKPOINT = 4_000;

/** Says in the commit that stores them up to which number entries of the redo log have been carried out (`sqlite-redo.ts`). */
const SET_REDONE = 'UPDATE redone SET number = ?';

/** The result code of an error of SQLite's. */
export const resultCodeOf = (error: unknown): number | undefined =>
  error instanceof Error && 'errcode' in error && typeof error.errcode === 'number' ? error.errcode : undefined;

/** What an error says. */
export const messageOf = (error: unknown): string => (error instanceof Error ? error.message : String(error));

const open = ({ file, role }: ConnectionSetup): DatabaseSync => {
  const db = new DatabaseSync(file, {
    readOnly: role === 'reader',
    timeout: BUSY_MS_MAX,
    enableForeignKeyConstraints: true,
  });
  if (role !== 'reader') {
    db.exec('PRAGMA journal_mode = WAL');
    db.exec(`PRAGMA synchronous = ${role === 'writer' ? 'FULL' : 'NORMAL'}`);
    db.exec(`PRAGMA wal_autocheckpoint = ${role === 'writer' ? PAGES_UNTIL_CHECKPOINT : 0}`);
  }
  // At each commit SQLite walks over all of the cache; the journal only ever adds at the edges of its tables.
  db.exec(`PRAGMA cache_size = ${role === 'journal' ? -4000 : -16000}`);
  db.exec('PRAGMA temp_store = MEMORY');
  // Once it is open, the journal's connection stands on the thread of the event loop, which waits for nobody.
  if (role === 'journal') db.exec('PRAGMA busy_timeout = 0');
  return db;
};

/** Only the row is at fault: SQLite took back that statement alone, and the transaction goes on. */
const isRowsFault = (error: unknown): boolean => {
  const code = resultCodeOf(error);
  if (code === undefined) return error instanceof TypeError;
  return (code & 0xff) === SQLITE_CONSTRAINT || (code & 0xff) === SQLITE_MISMATCH;
};

/** Opens a connection to a file, which the first writer makes. */
export const openConnection = (setup: ConnectionSetup): SqliteConnection => {
  const db = open(setup);
  const statements = createStatements(db);

  /** SQLite itself rolls back on some errors (a full disk), and a second ROLLBACK would be an error. */
  const rollback = (): void => {
    if (db.isTransaction) statements.prepare('ROLLBACK').run();
  };

  const begin = (): void => void statements.prepare('BEGIN IMMEDIATE').run();
  const commit = (): void => void statements.prepare('COMMIT').run();

  /** Runs `work`, which ends the open transaction; where it fails it leaves none behind. */
  const ending = <R>(work: () => R): R => {
    try {
      return work();
    } catch (error) {
      rollback();
      throw error;
    }
  };

  const appendPart = ([sql, rows]: AppendPart, part: number, refused: RefusedAppend[]): void => {
    const insert = statements.prepare(sql);
    for (let at = 0; at < rows.length; at++) {
      const row = rows[at];
      if (typeof row !== 'object') continue;
      try {
        insert.run(...row);
      } catch (error) {
        if (!isRowsFault(error)) throw error;
        refused.push([part, at, messageOf(error), resultCodeOf(error)]);
      }
    }
  };

  const addSums = ([sql, lines]: AppendSums): void => {
    const add = statements.prepare(sql);
    for (const line of lines) add.run(...line);
  };

  const append = ({ parts, sums, redone }: AppendCommit): AppendAnswer => {
    const refused: RefusedAppend[] = [];
    begin();
    return ending(() => {
      for (const [index, part] of parts.entries()) appendPart(part, index, refused);
      if (refused.length > 0) {
        rollback();
        return refused;
      }
      sums.forEach(addSums);
      if (redone !== undefined) statements.prepare(SET_REDONE).run(redone);
      commit();
      return refused;
    });
  };

  const close = (): void => {
    rollback();
    if (setup.role === 'writer') db.exec('PRAGMA optimize');
    db.close();
  };

  return { query: statements.query, begin, commit: () => ending(commit), rollback, append, close };
};
