import { setTimeout as sleep } from 'node:timers/promises';
import { Kysely, PostgresDialect, sql as raw } from 'kysely';
import { Pool } from 'pg';
import type { Database, DatabaseOptions, Sql } from './database.ts';
import { isWorthRetrying } from './errors.ts';
import { createJournal, JOURNAL_PACE_MS } from './journal.ts';
import { checkEncoding, connectionConfig } from './postgres-connection.ts';
import { createPostgresJournalStore } from './postgres-journal.ts';
import { createListener } from './postgres-listener.ts';

const RETRIES_MAX = 5;
const RETRY_MS = 10;

/** Runs a transaction again when PostgreSQL gave it up for another's sake, after a pause that grows and varies. */
const withRetries = async <R>(run: () => Promise<R>): Promise<R> => {
  for (let retry = 0; ; retry++) {
    try {
      return await run();
    } catch (error) {
      if (retry >= RETRIES_MAX || !isWorthRetrying(error)) throw error;
      await sleep(RETRY_MS * 2 ** retry * (0.5 + Math.random()));
    }
  }
};

const openPool = async (url: string, options: DatabaseOptions): Promise<Pool> => {
  const pool = new Pool({ ...connectionConfig(url), max: options.poolSize ?? 10 });
  pool.on('error', options.onError ?? (() => {}));
  // The pool hears only of idle connections. One that is lost between two statements of a transaction would end the process;
  // its next statement fails by itself.
  pool.on('connect', (client) => client.on('error', () => {}));
  try {
    await checkEncoding(pool);
  } catch (error) {
    await pool.end();
    throw error;
  }
  return pool;
};

/** Opens a PostgreSQL database; rejects when the server cannot be reached now. */
export const openPostgres = async (url: string, options: DatabaseOptions): Promise<Database> => {
  const onError = options.onError ?? (() => {});
  const pool = await openPool(url, options);
  const kysely = new Kysely<unknown>({ dialect: new PostgresDialect({ pool }) });
  const journalStore = createPostgresJournalStore(url);
  const journal = createJournal(journalStore, { paceMs: options.journalPaceMs ?? JOURNAL_PACE_MS, onError });
  const listener = createListener(url, onError);

  const closeAll = async (): Promise<void> => {
    await journal.flush();
    await journalStore.close();
    await listener.close();
    await pool.end();
  };
  let closing: Promise<void> | undefined;

  return {
    engine: 'postgres',
    // The caller's tables are the caller's word; this and the transaction below are where it is taken.
    tables: <T>() => kysely as unknown as Kysely<T>,
    transaction: (run) =>
      withRetries(() =>
        kysely.transaction().execute((open) => run({ tables: <T>() => open as unknown as Kysely<T> } satisfies Sql)),
      ),
    lock: async (sql, name) => {
      await raw`SELECT pg_advisory_xact_lock(hashtextextended(${name}, 0))`.execute(sql.tables<unknown>());
    },
    journal,
    notify: async (sql, channel) => {
      await raw`SELECT pg_notify(${channel}, '')`.execute(sql.tables<unknown>());
    },
    listen: listener.listen,
    close: () => {
      closing ??= closeAll();
      return closing;
    },
  };
};
