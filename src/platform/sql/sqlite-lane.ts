import { Worker } from 'node:worker_threads';
import { SqliteError } from './errors.ts';
import type { Command, Reply, WorkerSetup } from './sqlite-protocol.ts';

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
  if (reply[0]) call?.resolve(reply[1]);
  else call?.reject(new SqliteError(reply[1], reply[2]));
};

// Statements and rows come and go; a larger nursery would only keep more of them in memory.
const YOUNG_MEGABYTES_MAX = 8;

const startLife = (setup: WorkerSetup, onDeath: (error: Error) => void): Life => {
  // The worker answers in the order it was asked. (A Map that is added to and deleted from for hours would leave dead
  // tables behind that keep settled calls, and all they hold, alive from one garbage collection to the next.)
  const calls: Call[] = [];
  // The flags of the main thread are no concern of this one, and some would keep it from starting.
  const worker = new Worker(new URL('./sqlite-worker.ts', import.meta.url), {
    workerData: setup,
    execArgv: [],
    resourceLimits: { maxYoungGenerationSizeMb: YOUNG_MEGABYTES_MAX },
  });
  const { promise: ended, resolve: markEnded } = Promise.withResolvers<void>();
  let cause: Error | undefined;
  let isClosing = false;

  worker.on('message', (reply: Reply) => settleCall(calls.shift(), reply));
  worker.on('error', (error: Error) => {
    cause ??= new Error(`The thread that holds ${setup.file} stopped: ${error.message}`, { cause: error });
  });
  worker.on('exit', () => {
    const error = cause ?? new Error(`The thread that holds ${setup.file} stopped`);
    cause = error;
    for (const call of calls.splice(0)) call.reject(error);
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
      // First, because a command that cannot be sent is not answered either.
      worker.postMessage(command);
      // The answer's type is the caller's knowledge of the command; it crosses the threads untyped.
      calls.push({ resolve: resolve as (answer: unknown) => void, reject });
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
