/** Something to do before the event loop turns. It must not throw: nobody is left to catch it. */
export type Errand = { run(): void };

let errands: Errand[] = [];

const runAll = (): void => {
  const due = errands;
  errands = [];
  for (const errand of due) errand.run();
};

/**
 * Runs `errand` at the end of this turn of the event loop, after everything that arrived in it has been looked at, in
 * the order of asking. Meant for writes to sockets: what many requests have to say to one process then leaves together,
 * and wakes it once. Waking a sleeping process costs more than a write does, and on a quiet machine nothing waits.
 */
export const atEndOfTurn = (errand: Errand): void => {
  if (errands.length === 0) setImmediate(runAll);
  errands.push(errand);
};
