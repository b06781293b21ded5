import { setTimeout as sleep } from 'node:timers/promises';
import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { startJobs } from './jobs.ts';
import { createLog } from './log.ts';

const SILENT = createLog('silent');

beforeEach(() => {
  vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] });
});
afterEach(() => {
  vi.useRealTimers();
});

it('runs a job at once and then again each time it has rested', async () => {
  let runs = 0;
  const stop = startJobs([{ name: 'a', everySeconds: 5, run: async () => void runs++ }], SILENT);
  expect(runs).toBe(1);
  await vi.advanceTimersByTimeAsync(4999);
  expect(runs).toBe(1);
  await vi.advanceTimersByTimeAsync(1);
  expect(runs).toBe(2);
  await stop();
});

it('never lets a job overlap itself, and rests after its end, however long it took', async () => {
  let running = 0;
  let runs = 0;
  const run = async () => {
    running += 1;
    runs += 1;
    expect(running).toBe(1);
    await new Promise((resolve) => setTimeout(resolve, 60_000));
    running -= 1;
  };
  const stop = startJobs([{ name: 'slow', everySeconds: 1, run }], SILENT);
  await vi.advanceTimersByTimeAsync(60_999);
  expect(runs).toBe(1);
  await vi.advanceTimersByTimeAsync(1);
  expect(runs).toBe(2);
  const stopped = stop();
  await vi.advanceTimersByTimeAsync(60_000);
  await stopped;
});

it('logs a failure under the name of the job, runs it again, and leaves other jobs alone', async () => {
  const lines: string[] = [];
  const log = createLog('error', { write: (line: string) => void lines.push(line) });
  let [failing, fine] = [0, 0];
  const stop = startJobs(
    [
      { name: 'failing', everySeconds: 1, run: () => Promise.reject(new Error(`no ${failing++}`)) },
      { name: 'fine', everySeconds: 1, run: async () => void fine++ },
    ],
    log,
  );
  await vi.advanceTimersByTimeAsync(1000);
  await stop();
  expect([failing, fine]).toEqual([2, 2]);
  expect(lines.map((line) => JSON.parse(line))).toMatchObject([
    { job: 'failing', err: { message: 'no 0' } },
    { job: 'failing' },
  ]);
});

it('stops at once while it rests, and waits for a job that is under way', async () => {
  vi.useRealTimers();
  let isDone = false;
  const resting = startJobs([{ name: 'a', everySeconds: 3600, run: async () => {} }], SILENT);
  await sleep(1);
  await resting();
  const run = async () => {
    await sleep(30);
    isDone = true;
  };
  const busy = startJobs([{ name: 'b', everySeconds: 3600, run }], SILENT);
  await busy();
  expect(isDone).toBe(true);
});
