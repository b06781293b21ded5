import { setImmediate as nextTurn } from 'node:timers/promises';
import { Client, type ClientConfig, DatabaseError } from 'pg';
import { asError } from './errors.ts';

/** What a server does for one connection; `isLocked`: it waits for another transaction. */
export type Backend = { readonly isWorking: boolean; readonly isLocked: boolean };

/**
 * What a server says of the connections to it. `silent`: it said nothing in time, or cannot be reached. `unsure`: it answered, and
 * would not tell (it has no connection left, or is starting).
 */
export type Look =
  | { readonly kind: 'silent'; readonly error: Error }
  | { readonly kind: 'unsure' }
  | { readonly kind: 'seen'; readonly backends: ReadonlyMap<number, Backend> };

/** Long for a server that answers, a connection included, and short for people who wait. */
const LOOK_MS_MAX = 2000;

const OURS = `SELECT pid, state = 'active' OR state LIKE 'fastpath%' AS works, wait_event_type = 'Lock' AS waits
  FROM pg_stat_activity WHERE usename = current_user`;

type Row = { readonly pid: number; readonly works: number | null; readonly waits: number | null };

const ask = async (client: Client): Promise<Look> => {
  await client.connect();
  const { rows } = await client.query<Row>(OURS);
  return {
    kind: 'seen',
    backends: new Map(rows.map(({ pid, works, waits }) => [pid, { isWorking: works === 1, isLocked: waits === 1 }])),
  };
};

const inTime = (work: Promise<Look>): Promise<Look> =>
  new Promise((resolve, reject) => {
    const timer = setTimeout(async () => {
      // After a stop of this process itself, what has come meanwhile is read first.
      await nextTurn();
      resolve({ kind: 'silent', error: new Error(`No answer within ${LOOK_MS_MAX} ms`) });
    }, LOOK_MS_MAX);
    work.then(resolve, reject).finally(() => clearTimeout(timer));
  });

/** Asks a server, on a connection of its own, what it is doing for those of the same user; never rejects. */
export const lookAtBackends = async (config: ClientConfig): Promise<Look> => {
  const client = new Client(config);
  client.on('error', () => {});
  try {
    return await inTime(ask(client));
  } catch (error) {
    return error instanceof DatabaseError ? { kind: 'unsure' } : { kind: 'silent', error: asError(error) };
  } finally {
    // A connection that hangs is not waited for.
    client.connection.stream.destroy();
  }
};
