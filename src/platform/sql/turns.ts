/** Lets one piece of work run at a time, in the order they asked. */
export type Turns = {
  /** Resolves when it is the caller's turn, with the function that ends the turn; rejects when the wait is too long. */
  take(): Promise<() => void>;
  /** Runs `work` in a turn of its own. */
  run<R>(work: () => Promise<R>): Promise<R>;
};

type Waiter = { readonly begin: () => void; readonly timer: NodeJS.Timeout };

/**
 * First come, first served. A wait of more than `waitMsMax` is an error rather than a hang: it means that a transaction
 * waits for something that waits for the transaction.
 */
export const createTurns = (waitMsMax: number): Turns => {
  const waiting = new Set<Waiter>();
  let taken = false;

  const end = (): void => {
    const [next] = waiting;
    if (next === undefined) {
      taken = false;
      return;
    }
    waiting.delete(next);
    clearTimeout(next.timer);
    next.begin();
  };

  const once = (work: () => void): (() => void) => {
    let done = false;
    return () => {
      if (!done) work();
      done = true;
    };
  };

  const wait = (): Promise<() => void> =>
    new Promise((resolve, reject) => {
      const giveUp = (): void => {
        waiting.delete(waiter);
        reject(new Error(`Another transaction has kept the database busy for ${waitMsMax} ms`));
      };
      const waiter: Waiter = { begin: () => resolve(once(end)), timer: setTimeout(giveUp, waitMsMax) };
      waiting.add(waiter);
    });

  const take = async (): Promise<() => void> => {
    if (taken) return wait();
    taken = true;
    return once(end);
  };

  const run = async <R>(work: () => Promise<R>): Promise<R> => {
    // Where nobody is before it, the work begins in the call: rows that are to be committed wait for no microtask.
    let done = end;
    if (taken) done = await wait();
    else taken = true;
    try {
      return await work();
    } finally {
      done();
    }
  };

  return { take, run };
};
