import { setTimeout as sleep } from 'node:timers/promises';
import { Kysely, PostgresDialect, type PostgresPool, sql as raw } from 'kysely';
import { Client, Pool } from 'pg';
import type { Database, DatabaseOptions, Sql } from './database.ts';
import { isWorthRetrying } from './errors.ts';
import { createJournal, JOURNAL_PACE_MS } from './journal.ts';
import { lookAtBackends } from './look-at-backends.ts';
import { checkServer, connectionConfig, createConnectAlone } from './postgres-connection.ts';
import { createPostgresJournalStore } from './postgres-journal.ts';
import { createListener } from './postgres-listener.ts';
import { createWatch, type Watch } from './postgres-watch.ts';

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

/** How long a statement may wait for one of the pool's connections. */
const POOL_WAIT_MS_MAX = 10_000;

type PoolOptions = DatabaseOptions & { readonly watch: Watch };

const openPool = async (url: string, { watch, ...options }: PoolOptions): Promise<Pool> => {
  const config = connectionConfig(url);
  const pool = new Pool({
    ...config,
    max: options.poolSize ?? 10,
    connectionTimeoutMillis: POOL_WAIT_MS_MAX,
    // The pool has one time for both, to wait for a connection and to make it.
    Client: class extends Client {
      constructor() {
        super(config);
      }
    },
  });
  pool.on('error', options.onError ?? (() => {}));
  // The pool hears only of idle connections. One that is lost between two statements of a transaction would end the process;
  // its next statement fails by itself.
  pool.on('connect', (client) => {
    client.on('error', () => {});
    if (client instanceof Client) watch.over(client, { isHot: false });
  });
  try {
    const { isBackend } = await checkServer(pool);
    if (!isBackend) watch.trustNoBackends();
  } catch (error) {
    await pool.end();
    throw error;
  }
  return pool;
};

/** The pool, from which nobody gets a connection while the server is silent. */
const refusing = (pool: Pool, watch: Watch): PostgresPool => ({
  connect: async () => {
    watch.refuseWhileSilent();
    return pool.connect();
  },
  end: () => pool.end(),
  options: pool.options,
});

/** Opens a PostgreSQL database; rejects when the server cannot be reached now. */
export const openPostgres = async (url: string, options: DatabaseOptions): Promise<Database> => {
  const onError = options.onError ?? (() => {});
  const watch = createWatch(() => lookAtBackends(connectionConfig(url)), onError);
  const pool = await openPool(url, { ...options, watch });
  const kysely = new Kysely<unknown>({ dialect: new PostgresDialect({ pool: refusing(pool, watch) }) });
  const connectAlone = createConnectAlone(url, watch);
  const journalStore = createPostgresJournalStore(connectAlone);
  const journal = createJournal(journalStore, { paceMs: options.journalPaceMs ?? JOURNAL_PACE_MS, onError });
  const listener = createListener(connectAlone, onError);

  const closeAll = async (): Promise<void> => {
    await journal.flush();
    await journalStore.close();
    await listener.close();
    await pool.end();
    watch.close();
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
    get connectionsGivenUp() {
      return watch.givenUp;
    },
    close: () => {
      closing ??= closeAll();
      return closing;
    },
  };
};
