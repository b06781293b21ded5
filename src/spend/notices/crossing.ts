import type { DayRange, Micros } from '../../kernel/index.ts';
import type { Ceiling } from '../ledger/rules/ceiling.ts';
import { percentUsed } from './rules/threshold.ts';

/** How an account stands under a ceiling. */
export type Crossing = {
  readonly ceiling: Ceiling;
  /** The window that is counted; null for limits over all time. */
  readonly window: DayRange | null;
  /** What is settled in the account in that window. */
  readonly spentMicros: Micros;
  /** A request was refused because of this ceiling: it is reached, whatever is left of it. */
  readonly isRefused?: boolean;
};

/** How much of the ceiling is used, in whole percent. */
export const percentOf = ({ ceiling, spentMicros, isRefused }: Crossing): number => {
  if (ceiling.amountMicros <= 0) return 0;
  return isRefused === true ? 100 : percentUsed(spentMicros, ceiling.amountMicros);
};

/**
 * Names a ceiling in a window. The amount is part of it: a limit that was raised is told of anew, or nobody would hear
 * that the raised one is reached.
 */
export const markOf = ({ ceiling, window }: Crossing): string =>
  `limit ${ceiling.limitId} ${ceiling.account} ${window?.from ?? 'ever'} ${ceiling.amountMicros}`;
