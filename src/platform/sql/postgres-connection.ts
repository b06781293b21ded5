import { Client, type ClientConfig, type Pool } from 'pg';
import { resultTypes } from './postgres-types.ts';
import type { Watch } from './postgres-watch.ts';

/** How long the server may take to let a connection in. */
const CONNECT_MS_MAX = 3000;
const STATEMENT_MS_MAX = 60_000;
/** What a transaction holds is free after this long when its node has been cut off: it runs no statement, and sends none. */
const IDLE_MS_MAX = 10_000;

/** What the pool's connections and the two dedicated ones have in common. */
export const connectionConfig = (url: string): ClientConfig => ({
  connectionString: url,
  connectionTimeoutMillis: CONNECT_MS_MAX,
  keepAlive: true,
  keepAliveInitialDelayMillis: 10_000,
  statement_timeout: STATEMENT_MS_MAX,
  idle_in_transaction_session_timeout: IDLE_MS_MAX,
  types: resultTypes,
});

/** Makes a connection of its own beside the pool; `onLost` runs once when it ends without being told to. */
export type ConnectAlone = (onLost: (error: Error) => void) => Promise<Client>;

/** Connections beside the pool: those of the journal and of the listener, on which no statement takes long. */
export const createConnectAlone =
  (url: string, watch: Watch): ConnectAlone =>
  async (onLost) => {
    watch.refuseWhileSilent();
    const client = new Client(connectionConfig(url));
    let isConnected = false;
    let cause: Error | undefined;
    client.on('error', (error) => {
      cause ??= error;
    });
    client.on('end', () => {
      if (isConnected) onLost(cause ?? new Error('PostgreSQL closed the connection'));
    });
    await client.connect();
    isConnected = true;
    watch.over(client, { isHot: true });
    return client;
  };

/**
 * Refuses a database that does not keep text as UTF-8. Answers whether the process at the other end is the one that said so
 * when it let the connection in: behind a pooler it is not.
 */
export const checkServer = async (pool: Pool): Promise<{ readonly isBackend: boolean }> => {
  const client = await pool.connect();
  try {
    const { rows } = await client.query<{ encoding: string; pid: number }>(
      "SELECT current_setting('server_encoding') AS encoding, pg_backend_pid() AS pid",
    );
    const { encoding, pid } = rows[0] ?? {};
    if (encoding !== 'UTF8') throw new Error(`The PostgreSQL database has encoding ${encoding}; it must be UTF8`);
    return { isBackend: 'processID' in client && client.processID === pid };
  } finally {
    client.release();
  }
};
