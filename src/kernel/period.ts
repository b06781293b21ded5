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

/** Days from 0000-03-01, from where leap days come last in a year, to 1970-01-01. */
const DAYS_BEFORE_1970 = 719_468;

/** The day of the month, from 1: arithmetic of the Gregorian calendar, since windows are asked for with each request. */
const dayOfMonth = (day: Day): number => {
  const since = day + DAYS_BEFORE_1970;
  const ofEra = since - Math.floor(since / 146_097) * 146_097;
  const year = Math.floor(
    (ofEra - Math.floor(ofEra / 1_460) + Math.floor(ofEra / 36_524) - Math.floor(ofEra / 146_096)) / 365,
  );
  const ofYear = ofEra - (365 * year + Math.floor(year / 4) - Math.floor(year / 100));
  const month = Math.floor((5 * ofYear + 2) / 153);
  return ofYear - Math.floor((153 * month + 2) / 5) + 1;
};

const monthStart = (day: Day): Day => day - dayOfMonth(day) + 1;

// So many days after the 1st is in the next month, however long this one is.
const nextMonthStart = (day: Day): Day => monthStart(monthStart(day) + 31);

/** The window of a period that holds a day. */
export const windowOf = (period: Period, day: Day): DayRange => {
  switch (period) {
    case 'daily':
      return { from: day, until: day + 1 };
    case 'weekly':
      return { from: weekStart(day), until: weekStart(day) + 7 };
    case 'monthly':
      return { from: monthStart(day), until: nextMonthStart(day) };
    default: {
      const unexpected: never = period;
      return unexpected;
    }
  }
};

/** When the window that holds `at` ends: the moment its spend starts again at nothing (epoch ms, UTC). */
export const windowEnd = (period: Period, at: number): number => windowOf(period, dayOf(at)).until * DAY_MS;

/** {@link windowOf} that keeps the windows of the day last asked for: one day is asked for many thousand times. */
export const rememberWindows = (): ((period: Period, day: Day) => DayRange) => {
  const windowsOf = (day: Day) => ({
    day,
    daily: windowOf('daily', day),
    weekly: windowOf('weekly', day),
    monthly: windowOf('monthly', day),
  });
  let known = windowsOf(0);
  return (period, day) => {
    if (known.day !== day) known = windowsOf(day);
    return known[period];
  };
};
