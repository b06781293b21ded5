import type { Log } from './log.ts';

export type Job = {
  readonly name: string;
  readonly everySeconds: number;
  /** How long to wait before the first run; none when left out. */
  readonly firstAfterSeconds?: number;
  /** `signal` aborts when the program stops: what would take long ends early then. */
  readonly run: (signal: AbortSignal) => Promise<void>;
};

/**
 * Runs each job at once (or after its `firstAfterSeconds`) and then every `everySeconds` after it ended; a job never overlaps itself and a failing one is
 * logged and tried again. The answer stops them all and waits for those under way.
 */
export const startJobs = (jobs: readonly Job[], log: Log): (() => Promise<void>) => {
  const stopped = new AbortController();
  const running = jobs.map((job) => repeat(job, log, stopped.signal));
  return async () => {
    stopped.abort();
    await Promise.all(running);
  };
};

const repeat = async (job: Job, log: Log, signal: AbortSignal): Promise<void> => {
  if (job.firstAfterSeconds !== undefined) await sleep(job.firstAfterSeconds * 1000, signal);
  while (!signal.aborted) {
    await job
      .run(signal)
      .catch((error: unknown) => log.error({ job: job.name, err: error }, 'a job failed; it runs again'));
    await sleep(job.everySeconds * 1000, signal);
  }
};

const sleep = (ms: number, signal: AbortSignal): Promise<void> =>
  new Promise((resolve) => {
    if (signal.aborted) return resolve();
    const wake = () => {
      clearTimeout(timer);
      signal.removeEventListener('abort', wake);
      resolve();
    };
    const timer = setTimeout(wake, ms);
    timer.unref();
    signal.addEventListener('abort', wake);
  });
