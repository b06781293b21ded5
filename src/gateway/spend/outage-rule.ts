import type { Log } from '../../platform/index.ts';
import type { Spending } from './spending.ts';

/** What happens while the store is away, for the ledger and for what has to be written down alike. */
export type OutageRule = {
  /** Something has been written down: the next outage has a grace of its own. Called for every request. */
  wrote(): void;
  /** Whether a request that could not be held money for, or not be written down, may go on at this time (epoch ms). */
  mayGoOn(error: Error, at: number): boolean;
};

/**
 * Closed, nothing is served while the store is away. Open, requests go on for the grace, counted from the first that
 * met the outage: what is known of them waits in memory and is written when the store is back, and the limits catch up.
 * A process that ends before that loses it, which is what an organisation that chooses this takes upon itself.
 */
export const createOutageRule = (spending: Pick<Spending, 'policy'>, log: Log): OutageRule => {
  let since: number | undefined;
  return {
    wrote: () => {
      since = undefined;
    },
    mayGoOn: (error, at) => {
      const isFirst = since === undefined;
      since ??= at;
      const { mode, graceSeconds } = spending.policy.outage;
      const isOpen = mode === 'open' && at - since <= graceSeconds * 1000;
      if (isFirst) log.error({ err: error, mode, graceSeconds }, 'the store could not be reached');
      return isOpen;
    },
  };
};
