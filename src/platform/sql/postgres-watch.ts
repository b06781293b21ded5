import { setImmediate as nextTurn, setTimeout as sleep } from 'node:timers/promises';
import type { Client, ClientBase } from 'pg';
import { asError } from './errors.ts';
import type { Look } from './look-at-backends.ts';

/** A statement without an answer for this long is asked about. */
const LATE_MS = 2000;

/** A statement of the hot path that waits for no lock is given up after this long, whatever the server says of it. */
const HOT_MS_MAX = 4000;

/** A server that was silent is asked again this often. */
const SILENT_AGAIN_MS = 1000;

/** Long statements are asked about less and less often. */
const PAUSE_MS_MAX = 10_000;

/** The connections to one server, watched for silence: a server, or a way to it, that takes statements and never answers. */
export type Watch = {
  /**
   * Gives up the connection when a statement on it is not answered any more: the server is silent, or it knows nothing of the
   * statement. What the server says it is working on may take as long as it likes, unless the connection is `hot`.
   */
  over(client: Client, options: { readonly isHot: boolean }): void;
  /** Throws while the server is silent: who would have to wait for nothing is told at once. */
  refuseWhileSilent(): void;
  /** The backends of these connections are others' (a pooler stands between): nobody can be asked about them. */
  trustNoBackends(): void;
  /** How many connections have been given up. */
  readonly givenUp: number;
  close(): void;
};

type Statement = { readonly pid: number | undefined; readonly isHot: boolean; readonly waitedMs: number };

const pidOf = (client: ClientBase): number | undefined =>
  'processID' in client && typeof client.processID === 'number' ? client.processID : undefined;

/** Why a late statement will not be answered; undefined as long as it may be. */
export const whyHopeless = (look: Look, { pid, isHot, waitedMs }: Statement): string | undefined => {
  const seconds = (waitedMs / 1000).toFixed(1);
  if (look.kind === 'silent') return `PostgreSQL has not answered for ${seconds} s`;
  const backend = look.kind === 'seen' && pid !== undefined ? look.backends.get(pid) : undefined;
  if (look.kind === 'seen' && pid !== undefined && backend?.isWorking !== true)
    return `A statement has not been answered for ${seconds} s, and PostgreSQL knows nothing of it`;
  if (isHot && waitedMs >= HOT_MS_MAX && backend?.isLocked !== true)
    return `A commit has not been answered for ${seconds} s`;
  return undefined;
};

type Watched = { readonly client: Client; outstanding: number };

/** Watches connections; `look` asks the server, on a connection of its own, what it is doing. */
export const createWatch = (look: () => Promise<Look>, onError: (error: Error) => void): Watch => {
  const clients = new Set<Watched>();
  let givenUp = 0;
  let silentSince: number | undefined;
  let isClosed = false;
  let isTrusted = true;
  let looking: Promise<Look> | undefined;
  let again: NodeJS.Timeout | undefined;

  /** Those that wait for an answer give themselves up in their own time; of the others nobody would notice before they are used. */
  const dropIdle = (): void => {
    for (const { client, outstanding } of clients)
      if (outstanding === 0) {
        givenUp += 1;
        client.connection.stream.destroy();
      }
  };

  const notice = (seen: Look): void => {
    if (isClosed) return;
    if (seen.kind === 'silent') {
      if (silentSince === undefined) {
        silentSince = performance.now();
        onError(
          new Error('PostgreSQL does not answer: until it does, everything that needs it is refused at once', {
            cause: seen.error,
          }),
        );
        dropIdle();
      }
      again ??= setTimeout(() => {
        again = undefined;
        void lookOnce();
      }, SILENT_AGAIN_MS).unref();
    } else if (silentSince !== undefined) {
      onError(new Error(`PostgreSQL answers again, after ${((performance.now() - silentSince) / 1000).toFixed(1)} s`));
      silentSince = undefined;
    }
  };

  /** Statements that are late at the same time share a look. */
  const lookOnce = (): Promise<Look> => {
    looking ??= look().then((seen) => {
      looking = undefined;
      notice(seen);
      return seen;
    });
    return looking;
  };

  const waitForVerdict = async (
    statement: Omit<Statement, 'waitedMs'> & { readonly askedAt: number },
    isAnswered: () => boolean,
  ): Promise<string | undefined> => {
    const { isHot, askedAt } = statement;
    let pauseMs = LATE_MS / 2;
    while (!isClosed) {
      const seen = await lookOnce();
      // An answer that has come by now is read before anything is made of its absence.
      await nextTurn();
      if (isAnswered()) return undefined;
      const known: Look = isTrusted || seen.kind === 'silent' ? seen : { kind: 'unsure' };
      const why = whyHopeless(known, { ...statement, waitedMs: performance.now() - askedAt });
      if (why !== undefined) return why;
      await sleep(pauseMs, undefined, { ref: false });
      if (isAnswered()) return undefined;
      pauseMs = isHot ? pauseMs : Math.min(PAUSE_MS_MAX, 2 * pauseMs);
    }
    return undefined;
  };

  const watchOver = <R>(watched: Watched, isHot: boolean, answer: Promise<R>): Promise<R> =>
    new Promise((resolve, reject) => {
      const { client } = watched;
      const askedAt = performance.now();
      let isAnswered = false;
      watched.outstanding += 1;
      const answered = (): void => {
        clearTimeout(timer);
        if (!isAnswered) watched.outstanding -= 1;
        isAnswered = true;
      };
      const late = async (): Promise<void> => {
        const why = await waitForVerdict({ pid: pidOf(client), isHot, askedAt }, () => isAnswered);
        if (why === undefined) return;
        const error = new Error(`${why}; its connection was given up`);
        answered();
        givenUp += 1;
        onError(error);
        reject(error);
        await client.end();
      };
      const timer = setTimeout(() => void late().catch((error: unknown) => onError(asError(error))), LATE_MS);
      answer.then(
        (value) => {
          answered();
          resolve(value);
        },
        (error: unknown) => {
          answered();
          reject(error);
        },
      );
    });

  return {
    over: (client, { isHot }) => {
      const watched: Watched = { client, outstanding: 0 };
      clients.add(watched);
      client.once('end', () => clients.delete(watched));
      // `query` answers a promise, or nothing to whoever brings a callback; pg says so by overloads that no wrapper has.
      const ask = client.query.bind(client) as (...asked: readonly unknown[]) => unknown;
      client.query = ((...asked: readonly unknown[]) => {
        const answer = ask(...asked);
        return answer instanceof Promise ? watchOver(watched, isHot, answer) : answer;
      }) as Client['query'];
    },
    refuseWhileSilent: () => {
      if (silentSince === undefined) return;
      throw new Error(`PostgreSQL has not answered for ${((performance.now() - silentSince) / 1000).toFixed(1)} s`);
    },
    trustNoBackends: () => {
      isTrusted = false;
    },
    get givenUp() {
      return givenUp;
    },
    close: () => {
      isClosed = true;
      clearTimeout(again);
    },
  };
};
