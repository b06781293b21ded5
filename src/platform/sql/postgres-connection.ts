import { Client, type ClientConfig, type Pool } from 'pg';
import { resultTypes } from './postgres-types.ts';

const CONNECT_MS_MAX = 10_000;
const STATEMENT_MS_MAX = 60_000;

/** What the pool's connections and the two dedicated ones have in common. */
export const connectionConfig = (url: string): ClientConfig => ({
  connectionString: url,
  connectionTimeoutMillis: CONNECT_MS_MAX,
  keepAlive: true,
  keepAliveInitialDelayMillis: 10_000,
  statement_timeout: STATEMENT_MS_MAX,
  idle_in_transaction_session_timeout: STATEMENT_MS_MAX,
  types: resultTypes,
});

/** A connection of its own beside the pool; `onLost` runs once when it ends without being told to. */
export const connectAlone = async (url: string, onLost: (error: Error) => void): Promise<Client> => {
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
  return client;
};

/** Refuses a database that does not keep text as UTF-8. */
export const checkEncoding = async (pool: Pool): Promise<void> => {
  const { rows } = await pool.query<{ encoding: string }>("SELECT current_setting('server_encoding') AS encoding");
  const encoding = rows[0]?.encoding;
  if (encoding !== 'UTF8') throw new Error(`The PostgreSQL database has encoding ${encoding}; it must be UTF8`);
};
