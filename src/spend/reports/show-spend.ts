import { type Day, type DayRange, dayOf, type Micros, windowOf } from '../../kernel/index.ts';
import type { SpendDeps } from '../deps.ts';
import type { Sums } from '../ledger/counter-store.ts';
import type { Account } from '../ledger/rules/account.ts';
import { toCents, toDate } from '../wire.ts';
import type { Spend, SpendForecast } from './contract.ts';
import { DAYS_BACK, type Forecast, forecastSpend } from './rules/forecast.ts';
import { reportStore } from './store.ts';

type Deps = Pick<SpendDeps, 'database' | 'now'>;
type Days = ReadonlyMap<Day, Sums>;

const daysOf = ({ from, until }: DayRange): readonly Day[] =>
  Array.from({ length: Math.max(0, until - from) }, (_, at) => from + at);

const settled = (days: Days, day: Day): Micros => days.get(day)?.settledMicros ?? 0;

const sum = (amounts: Iterable<Micros>): Micros => [...amounts].reduce((all, one) => all + one, 0);

/** A range on the wire. */
export const shownRange = ({ from, until }: DayRange) => ({
  starting_date: toDate(from),
  ending_date: toDate(until),
  currency: 'USD' as const,
});

/** What some accounts spent in a range, by day up to today, and in as many days before it. */
export const showSpend =
  ({ database, now }: Deps) =>
  async (accounts: readonly Account[], range: DayRange): Promise<Spend> => {
    const length = range.until - range.from;
    const days = await reportStore(database).readDays(accounts, { from: range.from - length, until: range.until });
    const shown = daysOf({ from: range.from, until: Math.min(range.until, dayOf(now()) + 1) });
    const inRange = daysOf(range);
    return {
      type: 'spend',
      ...shownRange(range),
      amount: toCents(sum(inRange.map((day) => settled(days, day)))),
      open_amount: toCents(sum(inRange.map((day) => days.get(day)?.openMicros ?? 0))),
      previous_amount: toCents(sum(inRange.map((day) => settled(days, day - length)))),
      by_day: shown.map((day) => ({ date: toDate(day), amount: toCents(settled(days, day)) })),
    };
  };

const HOW: Readonly<Record<Forecast['method'], (daysSeen: number) => string>> = {
  weekdays: (daysSeen) =>
    `Each day to come is expected to cost what its weekday cost on average over the last ${daysSeen} days. The range takes in four outcomes of five, if days go on straying from that as they did.`,
  all_days: (daysSeen) =>
    `Each day to come is expected to cost the average of the ${daysSeen} days there are so far; weekdays are told apart from two weeks on. The range takes in four outcomes of five, if days go on straying from that as they did.`,
  too_little: () => 'There are fewer than three whole days to go by, so nothing is foretold yet.',
};

/** Where the running month is heading for some accounts. */
export const forecastMonth =
  ({ database, now }: Deps) =>
  async (accounts: readonly Account[]): Promise<SpendForecast> => {
    const today = dayOf(now());
    const window = windowOf('monthly', today);
    const read = { from: Math.min(window.from, today - DAYS_BACK), until: window.until };
    const days = await reportStore(database).readDays(accounts, read);
    const spent = new Map([...days].map(([day, { settledMicros }]) => [day, settledMicros]));
    const { method, daysSeen, total, byDay } = forecastSpend({ spent, window, today });
    return {
      type: 'spend_forecast',
      ...shownRange(window),
      amount: toCents(sum(daysOf(window).map((day) => settled(days, day)))),
      forecast:
        total === null
          ? null
          : {
              expected_amount: toCents(total.expected),
              low_amount: toCents(total.low),
              high_amount: toCents(total.high),
            },
      method: HOW[method](daysSeen),
      by_day: daysOf(window).map((day) => {
        const expected = byDay.get(day);
        return {
          date: toDate(day),
          amount: day <= today ? toCents(settled(days, day)) : null,
          expected_amount: expected === undefined ? null : toCents(expected),
        };
      }),
    };
  };
