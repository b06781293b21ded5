import type { Micros, Period } from '../../../kernel/index.ts';

/** A limit as it binds one account, and what stands in it in the period that is running. */
export type Standing = {
  readonly limitId: string;
  readonly scopeType: string;
  readonly account: string;
  readonly period: Period;
  readonly amountMicros: Micros;
  readonly usedMicros: Micros;
};

/** Used of the limit in percent, rounded down; of a limit of 0 everything is used. */
export const percentUsed = ({ amountMicros, usedMicros }: Pick<Standing, 'amountMicros' | 'usedMicros'>): number =>
  amountMicros <= 0 ? 100 : Math.floor((usedMicros * 100) / amountMicros);

const keyOf = ({ account, period }: Standing): string => `${account} ${period}`;

/** The nearest first, those alike by their accounts. */
const nearestFirst = (one: Standing, other: Standing): number =>
  percentUsed(other) - percentUsed(one) || (keyOf(one) < keyOf(other) ? -1 : 1);

/** Those who have used so much of a limit, the nearest first. A limit of 0 is near to nobody who never spent. */
export const pickNear = (standings: readonly Standing[], percent: number): readonly Standing[] =>
  standings
    .filter((one) => percentUsed(one) >= percent && (one.amountMicros > 0 || one.usedMicros > 0))
    .sort(nearestFirst);
