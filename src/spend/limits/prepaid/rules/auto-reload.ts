import type { Micros } from '../../../../kernel/index.ts';

/** When credit is bought by itself: below `thresholdMicros` of balance, `amountMicros` at a time, at most so much a month. */
export type AutoReload = {
  readonly isOn: boolean;
  readonly thresholdMicros: Micros;
  readonly amountMicros: Micros;
  /** null for no maximum. */
  readonly monthlyMaxMicros: Micros | null;
};

/** Whether credit is due: the balance has fallen below the threshold and the month's maximum leaves room for a whole order. */
export const isReloadDue = (
  { isOn, thresholdMicros, amountMicros, monthlyMaxMicros }: AutoReload,
  {
    balanceMicros,
    reloadedThisMonthMicros,
  }: { readonly balanceMicros: Micros; readonly reloadedThisMonthMicros: Micros },
): boolean =>
  isOn &&
  amountMicros > 0 &&
  balanceMicros < thresholdMicros &&
  (monthlyMaxMicros === null || reloadedThisMonthMicros + amountMicros <= monthlyMaxMicros);
