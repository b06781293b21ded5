import { setTimeout as sleep } from 'node:timers/promises';

/** Resolves with what `look` answers once it is not undefined or false; rejects after `withinMs` naming `what`. */
export const waitFor = async <T>(
  what: string,
  look: () => T | undefined | false | Promise<T | undefined | false>,
  withinMs = 5000,
): Promise<T> => {
  const giveUpAt = performance.now() + withinMs;
  for (;;) {
    const found = await look();
    if (found !== undefined && found !== false) return found;
    if (performance.now() > giveUpAt) throw new Error(`Waited ${withinMs} ms for ${what}`);
    await sleep(10);
  }
};
