import { createServer } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Program } from './processes.ts';

const READY_SECONDS_MAX = 30;

/** A port of the loopback address that was free a moment ago. */
export const freePort = (): Promise<number> =>
  new Promise((resolve, reject) => {
    const server = createServer();
    server.on('error', reject);
    server.listen(0, '127.0.0.1', () => {
      const address = server.address();
      server.close(() =>
        address !== null && typeof address === 'object' ? resolve(address.port) : reject(new Error('no free port')),
      );
    });
  });

const answers = async (url: string, accept: (status: number) => boolean): Promise<boolean> => {
  try {
    const response = await fetch(url, { signal: AbortSignal.timeout(2000) });
    await response.arrayBuffer();
    return accept(response.status);
  } catch {
    return false;
  }
};

/** Waits until `url` answers with a status that `accept` likes; throws with the program's last words when it ends or takes 30 s. */
export const ready = async (program: Program, url: string, accept: (status: number) => boolean): Promise<void> => {
  const late = performance.now() + READY_SECONDS_MAX * 1000;
  while (!(await answers(url, accept))) {
    if (program.hasEnded()) throw new Error(`it ended at start: ${program.lastWords()}`);
    if (performance.now() > late) throw new Error(`not ready after ${READY_SECONDS_MAX} s: ${program.lastWords()}`);
    await sleep(50);
  }
};
