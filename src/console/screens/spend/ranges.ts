import type { Days } from '../../data/spend.ts';

const DAY_MS = 86_400_000;

/** The ranges a table of spend can be of. */
export const RANGE_NAMES = {
  month: 'This month',
  last_month: 'Last month',
  week: 'Last 7 days',
  quarter: 'Last 90 days',
} as const;
export type RangeName = keyof typeof RANGE_NAMES;

const dateOf = (at: number): string => new Date(at).toISOString().slice(0, 10);

const monthStart = (nowMs: number, monthsLater: number): number => {
  const now = new Date(nowMs);
  return Date.UTC(now.getUTCFullYear(), now.getUTCMonth() + monthsLater, 1);
};

/** The UTC days of a range that ends today, or of the month before. */
export const daysOf = (range: RangeName, nowMs: number): Days => {
  switch (range) {
    case 'month':
      return {};
    case 'last_month':
      return { starting_date: dateOf(monthStart(nowMs, -1)), ending_date: dateOf(monthStart(nowMs, 0)) };
    case 'week':
      return { starting_date: dateOf(nowMs - 6 * DAY_MS), ending_date: dateOf(nowMs + DAY_MS) };
    case 'quarter':
      return { starting_date: dateOf(nowMs - 89 * DAY_MS), ending_date: dateOf(nowMs + DAY_MS) };
    default:
      return range satisfies never;
  }
};
