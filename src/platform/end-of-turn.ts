/** Something to do before the event loop turns. It must not throw: nobody is left to catch it. */
export type Errand = { run(): void };

let errands: Errand[] = [];
let behind: (() => void)[] = [];

const runAll = (): void => {
  const due = errands;
  const after = behind;
  errands = [];
  behind = [];
  try {
    for (const errand of due) errand.run();
  } finally {
    for (const work of after) work();
  }
};

const scheduleAll = (): void => {
  if (errands.length + behind.length === 0) setImmediate(runAll);
};

/**
 * Runs `errand` at the end of this turn of the event loop, after everything that arrived in it has been looked at, in
 * the order of asking. Meant for writes to sockets: what many requests have to say to one process then leaves together,
 * and wakes it once. Waking a sleeping process costs more than a write does, and on a quiet machine nothing waits.
 */
export const atEndOfTurn = (errand: Errand): void => {
  scheduleAll();
  errands.push(errand);
};

/** Runs `work` behind the errands of this turn: what takes its time must not hold up what others wait for. It must not throw. */
export const behindTurn = (work: () => void): void => {
  scheduleAll();
  behind.push(work);
};
