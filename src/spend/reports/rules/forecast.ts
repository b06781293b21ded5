import type { Day, DayRange, Micros } from '../../../kernel/index.ts';

/** What one day is expected to cost, and how far days like it have strayed from that. */
type DayGuess = { readonly mean: number; readonly variance: number; readonly days: number };

/** How a forecast was made: from days of the same weekday, from all days alike, or not at all. */
export type ForecastMethod = 'weekdays' | 'all_days' | 'too_little';

export type Forecast = {
  readonly method: ForecastMethod;
  /** How many whole days it was made from. */
  readonly daysSeen: number;
  /** Of the whole window, what is spent included; null when there was too little to go by. */
  readonly total: { readonly expected: Micros; readonly low: Micros; readonly high: Micros } | null;
  /** What is expected of today as a whole and of each day to come in the window. */
  readonly byDay: ReadonlyMap<Day, Micros>;
};

/** Whole days that are looked back on: four of each weekday. */
export const DAYS_BACK = 28;

const WEEK = 7;
/** Two of each weekday show a week's shape; less does not. */
const DAYS_FOR_WEEKDAYS = 14;
const DAYS_MIN = 3;

/** Four in five of normally spread results lie within so many deviations of what is expected. */
const FOUR_IN_FIVE = 1.3;

const guessFrom = (amounts: readonly number[]): DayGuess => {
  const mean = amounts.reduce((sum, amount) => sum + amount, 0) / amounts.length;
  const squares = amounts.reduce((sum, amount) => sum + (amount - mean) ** 2, 0);
  return { mean, variance: amounts.length > 1 ? squares / (amounts.length - 1) : mean ** 2, days: amounts.length };
};

const range = ({ from, until }: DayRange): readonly Day[] =>
  Array.from({ length: Math.max(0, until - from) }, (_, at) => from + at);

const NOTHING_KNOWN = { method: 'too_little', total: null, byDay: new Map<Day, Micros>() } as const;

/**
 * Where a window of days is heading. Each day to come is expected to cost what its weekday cost on average over the last
 * four weeks; with less than two weeks of history all days count alike, with less than three whole days nothing is said.
 * Today is expected to come to the same, or to what it has come to already. `low` and `high` take in four results of
 * five, if days go on straying from their average as they did: the uncertainty of each average and that of each day.
 * `spent` knows the settled amounts by day; what it lacks is 0. History begins at the first day with spend.
 */
export const forecastSpend = (question: {
  readonly spent: ReadonlyMap<Day, Micros>;
  readonly window: DayRange;
  readonly today: Day;
}): Forecast => {
  const { spent, window, today } = question;
  const amountOf = (day: Day): Micros => spent.get(day) ?? 0;
  const first = Math.min(...[...spent].filter(([, micros]) => micros > 0).map(([day]) => day));
  const seen = range({ from: Math.max(today - DAYS_BACK, Math.min(first, today)), until: today });
  if (seen.length < DAYS_MIN) return { ...NOTHING_KNOWN, daysSeen: seen.length };
  const method = seen.length < DAYS_FOR_WEEKDAYS ? 'all_days' : 'weekdays';
  const classOf = (day: Day): number => (method === 'weekdays' ? day % WEEK : 0);
  const guesses = new Map([...Map.groupBy(seen, classOf)].map(([key, days]) => [key, guessFrom(days.map(amountOf))]));

  const rest = range({ from: Math.max(today, window.from), until: window.until });
  const byDay = new Map(
    rest.map((day) => {
      const mean = Math.round(guesses.get(classOf(day))?.mean ?? 0);
      return [day, day === today ? Math.max(mean, amountOf(today)) : mean];
    }),
  );
  const past = range({ from: window.from, until: Math.min(today, window.until) });
  const isToday = window.from <= today && today < window.until;
  const certain = [...past, ...(isToday ? [today] : [])].reduce((sum, day) => sum + amountOf(day), 0);
  const expected = [...past.map(amountOf), ...byDay.values()].reduce((sum, amount) => sum + amount, 0);
  const spread = FOUR_IN_FIVE * Math.sqrt(varianceOf(Map.groupBy(rest, classOf), guesses));
  return {
    method,
    daysSeen: seen.length,
    total: {
      expected,
      low: Math.round(Math.max(certain, expected - spread)),
      high: Math.round(expected + spread),
    },
    byDay,
  };
};

/** k days of one kind stray by themselves (k times the variance) and together by the error of their average. */
const varianceOf = (rest: ReadonlyMap<number, readonly Day[]>, guesses: ReadonlyMap<number, DayGuess>): number =>
  [...rest].reduce((sum, [key, { length }]) => {
    const guess = guesses.get(key);
    return guess === undefined ? sum : sum + (length + length ** 2 / guess.days) * guess.variance;
  }, 0);
