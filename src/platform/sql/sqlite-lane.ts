import { Worker } from 'node:worker_threads';
import { SqliteError } from './errors.ts';
import type { Command, Reply, Request, WorkerSetup } from './sqlite-protocol.ts';

/** One life of a worker. Once it has died every call to it rejects, because an open transaction died with it. */
export type LaneSession = { call<R>(command: Command): Promise<R> };

/** The way to one worker thread, which is started when it is first needed and again after it has died. */
export type Lane = LaneSession & {
  /** The worker as it lives now, for work that must not outlive it. */
  session(): LaneSession;
  /** Closes the connection and ends the thread. */
  close(): Promise<void>;
};

type Call = { readonly resolve: (answer: unknown) => void; readonly reject: (error: Error) => void };
type Life = LaneSession & { readonly isOver: () => boolean; readonly ended: Promise<void> };

const settleCall = (call: Call | undefined, reply: Reply): void => {
  if (reply[1]) call?.resolve(reply[2]);
  else call?.reject(new SqliteError(reply[2], reply[3]));
};

// Statements and rows come and go; a larger nursery would only keep more of them in memory.
const YOUNG_MEGABYTES_MAX = 8;

const startLife = (setup: WorkerSetup, onDeath: (error: Error) => void): Life => {
  const calls = new Map<number, Call>();
  // The flags of the main thread are no concern of this one, and some would keep it from starting.
  const worker = new Worker(new URL('./sqlite-worker.ts', import.meta.url), {
    workerData: setup,
    execArgv: [],
    resourceLimits: { maxYoungGenerationSizeMb: YOUNG_MEGABYTES_MAX },
  });
  const { promise: ended, resolve: markEnded } = Promise.withResolvers<void>();
  let lastId = 0;
  let cause: Error | undefined;
  let isClosing = false;

  worker.on('message', (reply: Reply) => {
    const call = calls.get(reply[0]);
    calls.delete(reply[0]);
    settleCall(call, reply);
  });
  worker.on('error', (error: Error) => {
    cause ??= new Error(`The thread that holds ${setup.file} stopped: ${error.message}`, { cause: error });
  });
  worker.on('exit', () => {
    const error = cause ?? new Error(`The thread that holds ${setup.file} stopped`);
    cause = error;
    for (const call of calls.values()) call.reject(error);
    calls.clear();
    if (!isClosing) onDeath(error);
    markEnded();
  });

  const call = <R>(command: Command): Promise<R> =>
    new Promise<R>((resolve, reject) => {
      if (cause !== undefined) {
        reject(cause);
        return;
      }
      isClosing ||= command[0] === 'close';
      lastId += 1;
      // The answer's type is the caller's knowledge of the command; it crosses the threads untyped.
      calls.set(lastId, { resolve: resolve as (answer: unknown) => void, reject });
      const request: Request = [lastId, command];
      worker.postMessage(request);
    });

  return { call, isOver: () => cause !== undefined, ended };
};

/** Starts the worker at once; `onDeath` hears of a worker that ended without being told to. */
export const startLane = (setup: WorkerSetup, onDeath: (error: Error) => void): Lane => {
  let life = startLife(setup, onDeath);
  let isClosed = false;

  const session = (): Life => {
    if (isClosed) throw new Error('The database is closed');
    if (life.isOver()) life = startLife(setup, onDeath);
    return life;
  };

  return {
    session,
    call: async (command) => session().call(command),
    close: async () => {
      if (isClosed) return life.ended;
      isClosed = true;
      if (!life.isOver()) await life.call<void>(['close']).catch(onDeath);
      await life.ended;
    },
  };
};
