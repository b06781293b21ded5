/** The windows in which spend is counted: UTC days, weeks from Monday, months from the 1st. Each is reckoned on its own. */
export const PERIODS = ['daily', 'weekly', 'monthly'] as const;
export type Period = (typeof PERIODS)[number];

export const DAY_MS = 86_400_000;

/** Days since 1970-01-01 UTC, the unit in which spend is stored: weeks and months are sums of whole days. */
export type Day = number;

export const dayOf = (at: number): Day => Math.floor(at / DAY_MS);

/** From `from` (inclusive) until `until` (exclusive), in days. */
export type DayRange = { readonly from: Day; readonly until: Day };

// 1970-01-01 was a Thursday: three days after a Monday.
const weekStart = (day: Day): Day => day - ((((day + 3) % 7) + 7) % 7);

const monthStart = (day: Day, monthsLater: number): Day => {
  const date = new Date(day * DAY_MS);
  return dayOf(Date.UTC(date.getUTCFullYear(), date.getUTCMonth() + monthsLater, 1));
};

/** The window of a period that holds a day. */
export const windowOf = (period: Period, day: Day): DayRange => {
  switch (period) {
    case 'daily':
      return { from: day, until: day + 1 };
    case 'weekly':
      return { from: weekStart(day), until: weekStart(day) + 7 };
    case 'monthly':
      return { from: monthStart(day, 0), until: monthStart(day, 1) };
    default: {
      const unexpected: never = period;
      return unexpected;
    }
  }
};

/** When the window that holds `at` ends: the moment its spend starts again at nothing (epoch ms, UTC). */
export const windowEnd = (period: Period, at: number): number => windowOf(period, dayOf(at)).until * DAY_MS;
