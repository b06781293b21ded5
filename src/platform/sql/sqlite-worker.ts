/**
 * The thread that owns one connection to the SQLite file, so that neither the wait for the disk nor a heavy report holds
 * up the event loop that carries streams. Started by sqlite-lane.ts.
 */
import { DatabaseSync } from 'node:sqlite';
import { parentPort, workerData } from 'node:worker_threads';
import type {
  AppendAnswer,
  AppendCommit,
  AppendPart,
  AppendSums,
  Command,
  RefusedAppend,
  Reply,
  WorkerSetup,
} from './sqlite-protocol.ts';
import { createStatements } from './sqlite-statements.ts';

const BUSY_MS_MAX = 5_000;
const SQLITE_CONSTRAINT = 19;
const SQLITE_MISMATCH = 20;
const PAGES_UNTIL_CHECKPOINT = 4_000;

const { file, role } = workerData as WorkerSetup;

const resultCodeOf = (error: unknown): number | undefined =>
  error instanceof Error && 'errcode' in error && typeof error.errcode === 'number' ? error.errcode : undefined;

const messageOf = (error: unknown): string => (error instanceof Error ? error.message : String(error));

const openConnection = (): DatabaseSync => {
  const connection = new DatabaseSync(file, {
    readOnly: role === 'reader',
    timeout: BUSY_MS_MAX,
    enableForeignKeyConstraints: true,
  });
  if (role === 'writer') {
    connection.exec('PRAGMA journal_mode = WAL');
    connection.exec('PRAGMA synchronous = FULL');
    connection.exec(`PRAGMA wal_autocheckpoint = ${PAGES_UNTIL_CHECKPOINT}`);
  }
  connection.exec('PRAGMA cache_size = -16000');
  connection.exec('PRAGMA temp_store = MEMORY');
  return connection;
};

const db = openConnection();
const statements = createStatements(db);

/** SQLite itself rolls back on some errors (a full disk), and a second ROLLBACK would be an error. */
const rollback = (): void => {
  if (db.isTransaction) statements.prepare('ROLLBACK').run();
};

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

/** Only the row is at fault: SQLite took back that statement alone, and the transaction goes on. */
const isRowsFault = (error: unknown): boolean => {
  const code = resultCodeOf(error);
  if (code === undefined) return error instanceof TypeError;
  return (code & 0xff) === SQLITE_CONSTRAINT || (code & 0xff) === SQLITE_MISMATCH;
};

const appendPart = ([sql, rows]: AppendPart, part: number, refused: RefusedAppend[]): void => {
  const insert = statements.prepare(sql);
  for (let at = 0; at < rows.length; at++) {
    const row = rows[at];
    if (row === undefined || row === 0) continue;
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

const append = ({ parts, sums }: AppendCommit): AppendAnswer => {
  const refused: RefusedAppend[] = [];
  statements.prepare('BEGIN IMMEDIATE').run();
  return ending(() => {
    parts.forEach((part, index) => {
      appendPart(part, index, refused);
    });
    if (refused.length > 0 && sums.length > 0) {
      rollback();
      return [false, refused];
    }
    sums.forEach(addSums);
    commit();
    return [true, refused];
  });
};

const close = (): void => {
  rollback();
  if (role === 'writer') db.exec('PRAGMA optimize');
  db.close();
};

const execute = (command: Command): unknown => {
  switch (command[0]) {
    case 'query':
      return statements.query(command[1], command[2]);
    case 'append':
      return append(JSON.parse(command[1]) as AppendCommit);
    case 'begin':
      return void statements.prepare('BEGIN IMMEDIATE').run();
    case 'commit':
      return ending(commit);
    case 'rollback':
      return rollback();
    case 'close':
      return close();
    default:
      return command satisfies never;
  }
};

const answer = (command: Command): Reply => {
  try {
    return [true, execute(command)];
  } catch (error) {
    return [false, messageOf(error), resultCodeOf(error)];
  }
};

parentPort?.on('message', (command: Command) => {
  parentPort?.postMessage(answer(command));
  if (command[0] === 'close') parentPort?.close();
});
