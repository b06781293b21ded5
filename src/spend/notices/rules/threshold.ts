import type { Micros } from '../../../kernel/index.ts';

/** How much of a limit is used, in whole percent from 0 to 100, rounded down: 100 only when it is reached. */
export const percentUsed = (spentMicros: Micros, amountMicros: Micros): number =>
  amountMicros <= 0 ? 0 : Math.max(0, Math.min(100, Math.floor((spentMicros * 100) / amountMicros)));

/** The highest threshold that is reached; undefined for none. Passing several at once is one event. */
export const highestReached = (percent: number, thresholds: readonly number[]): number | undefined => {
  const reached = thresholds.filter((threshold) => threshold <= percent);
  return reached.length === 0 ? undefined : Math.max(...reached);
};
