import { Kysely } from 'kysely';
import { createChannels } from './channels.ts';
import type { Database, DatabaseOptions, Sql } from './database.ts';
import { createJournal, JOURNAL_PACE_MS } from './journal.ts';
import { openCommits } from './sqlite-commits.ts';
import { type CatchUp, createLaneDialect, type Lanes } from './sqlite-driver.ts';
import { createSqliteJournalStore } from './sqlite-journal.ts';
import { startLane } from './sqlite-lane.ts';
import { openRedo } from './sqlite-redo.ts';
import { createTurns } from './turns.ts';

const TURN_WAIT_MS_MAX = 30_000;

const startLanes = async (file: string, onDeath: (error: Error) => void): Promise<Lanes> => {
  const turns = createTurns(TURN_WAIT_MS_MAX);
  // The writer makes the file, which the reader only reads.
  const writer = startLane({ file, role: 'writer' }, onDeath);
  await writer.call(['query', 'SELECT 1', []]);
  const reader = startLane({ file, role: 'reader' }, onDeath);
  await reader.call(['query', 'SELECT 1', []]);
  return { writer, reader, turns };
};

/** Opens a SQLite file, or makes it: WAL, every commit on disk before it is answered (`synchronous = FULL`). */
export const openSqlite = async (file: string, options: DatabaseOptions): Promise<Database> => {
  const onError = options.onError ?? (() => {});
  const lanes = await startLanes(file, onError);
  const redoLog = options.isAlone === true ? await openRedo({ file, writer: lanes.writer, onError }) : undefined;
  const commits = openCommits({ file, lanes, onError });
  const journal = createJournal(createSqliteJournalStore({ lanes, commits, redoLog }), {
    paceMs: options.journalPaceMs ?? JOURNAL_PACE_MS,
    onError,
  });
  const catchUp: CatchUp = () => (journal.kept > 0 ? journal.flush() : undefined);
  const kysely = new Kysely<unknown>({ dialect: createLaneDialect(lanes, catchUp) });
  const channels = createChannels(onError);
  const toTell = new WeakMap<Sql, Set<string>>();

  const transaction = async <R>(run: (sql: Sql) => Promise<R>): Promise<R> => {
    const told = new Set<string>();
    const result = await kysely.transaction().execute((open) => {
      // The caller's tables are the caller's word; this is the one place where it is taken.
      const sql: Sql = { tables: <T>() => open as unknown as Kysely<T> };
      toTell.set(sql, told);
      return run(sql);
    });
    for (const channel of told) channels.tell(channel);
    return result;
  };

  const closeAll = async (): Promise<void> => {
    await journal.flush();
    // A transaction that does not end in time is given up: SQLite rolls it back.
    const endTurn = await lanes.turns.take().catch(onError);
    commits.close();
    redoLog?.close();
    await lanes.reader.close();
    await lanes.writer.close();
    endTurn?.();
  };
  let closing: Promise<void> | undefined;

  return {
    engine: 'sqlite',
    tables: <T>() => kysely as unknown as Kysely<T>,
    transaction,
    lock: async () => {},
    journal,
    notify: async (sql, channel) => {
      const told = toTell.get(sql);
      if (told === undefined) channels.tell(channel);
      else told.add(channel);
    },
    connectionsGivenUp: 0,
    listen: async (channel, onChange) => {
      const remove = channels.add(channel, onChange);
      return async () => void remove();
    },
    close: () => {
      closing ??= closeAll();
      return closing;
    },
  };
};
