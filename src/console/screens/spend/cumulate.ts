import type { SpendForecast } from '../../../spend/contract.ts';
import { dollarsOf } from '../../kit/money.ts';

/** A day of the month's chart, in dollars; a series is null where it has nothing to say. */
export type CumulatedDay = {
  readonly date: string;
  /** Spent from the 1st until the end of this day; null for days to come. */
  readonly spent: number | null;
  /** Where the spend is expected to stand, from today on. */
  readonly expected: number | null;
  /** Between which amounts it is expected to stand, from today on. */
  readonly band: readonly [low: number, high: number] | null;
};

/** How far the range around what is expected has opened: errors of single days add up as independent ones do. */
const openingAt = (part: number): number => Math.sqrt(Math.max(0, Math.min(1, part)));

/** The month as a sum that grows from day to day, with the forecast from today on. */
export const cumulate = ({ by_day, forecast, amount }: SpendForecast): readonly CumulatedDay[] => {
  const soFar = dollarsOf(amount);
  const total = forecast === null ? soFar : dollarsOf(forecast.expected_amount);
  const below = forecast === null ? 0 : total - dollarsOf(forecast.low_amount);
  const above = forecast === null ? 0 : dollarsOf(forecast.high_amount) - total;
  const rest = total - soFar;
  const today = by_day.findIndex((day) => day.expected_amount !== null);
  let spent = 0;
  let expected = 0;
  return by_day.map((day, at) => {
    spent += dollarsOf(day.amount ?? '0');
    expected += dollarsOf(day.expected_amount ?? day.amount ?? '0');
    const isSpent = day.amount !== null;
    // The forecast begins where the last whole day ended, so that its line hangs on that of the spend.
    if (forecast !== null && at === today - 1) return { date: day.date, spent, expected: spent, band: [spent, spent] };
    if (forecast === null || day.expected_amount === null)
      return { date: day.date, spent: isSpent ? spent : null, expected: null, band: null };
    const opening = openingAt(rest <= 0 ? 0 : (expected - soFar) / rest);
    return {
      date: day.date,
      spent: isSpent ? spent : null,
      expected,
      band: [Math.max(soFar, expected - below * opening), expected + above * opening],
    };
  });
};

/** What each day came to, and for days to come what is expected, in dollars. */
export const eachDay = ({ by_day }: SpendForecast) =>
  by_day.map((day) => {
    const spent = day.amount === null ? 0 : dollarsOf(day.amount);
    const expected = day.expected_amount === null ? 0 : dollarsOf(day.expected_amount);
    return { date: day.date, spent, toCome: Math.max(0, expected - spent) };
  });
