import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type Day, dayOf, type Micros, windowOf } from '../../../kernel/index.ts';
import { forecastSpend } from './forecast.ts';

const day = (date: string): Day => dayOf(Date.parse(date));
const NOVEMBER = windowOf('monthly', day('2026-11-10'));
const WORKDAY = 1000;
const WEEKEND = 100;
const isWeekend = (one: Day): boolean => [2, 3].includes(one % 7);

/** Spend of so many whole days before `today`, by a rule. */
const history = (today: Day, days: number, amountOf: (one: Day) => Micros): Map<Day, Micros> =>
  new Map(Array.from({ length: days }, (_, at) => [today - 1 - at, amountOf(today - 1 - at)]));

const byWeekday = (one: Day): Micros => (isWeekend(one) ? WEEKEND : WORKDAY);

describe('a forecast', () => {
  it('follows the shape of the week exactly where every week was alike', () => {
    const today = day('2026-11-10');
    const { method, total, byDay } = forecastSpend({ spent: history(today, 40, byWeekday), window: NOVEMBER, today });
    const month = Array.from({ length: 30 }, (_, at) => byWeekday(NOVEMBER.from + at)).reduce((a, b) => a + b);
    expect(method).toBe('weekdays');
    expect(total).toEqual({ expected: month, low: month, high: month });
    expect(byDay.get(day('2026-11-14'))).toBe(WEEKEND);
    expect(byDay.has(day('2026-11-09'))).toBe(false);
  });

  it('takes what today has come to already when that is more than its weekday', () => {
    const today = day('2026-11-10');
    const spent = history(today, 28, byWeekday).set(today, 5000);
    const { total, byDay } = forecastSpend({ spent, window: NOVEMBER, today });
    expect(byDay.get(today)).toBe(5000);
    expect(total?.expected).toBeGreaterThanOrEqual(5000);
  });

  it('counts all days alike in the first two weeks, and says nothing before the fourth day', () => {
    const today = day('2026-11-10');
    const of = (days: number) => forecastSpend({ spent: history(today, days, () => 10), window: NOVEMBER, today });
    expect(of(2)).toMatchObject({ method: 'too_little', total: null, daysSeen: 2 });
    expect(of(3)).toMatchObject({ method: 'all_days', daysSeen: 3 });
    expect(of(13)).toMatchObject({ method: 'all_days', daysSeen: 13 });
    expect(of(14)).toMatchObject({ method: 'weekdays', daysSeen: 14 });
  });

  it('begins its history at the first day with spend, so that days before it do not count as free', () => {
    const today = day('2026-11-10');
    const { total } = forecastSpend({ spent: history(today, 5, () => 100), window: NOVEMBER, today });
    expect(total?.expected).toBe(5 * 100 + 21 * 100);
  });

  it('is never below what has been spent, and its range holds what is expected', () => {
    const anyDays = fc.array(fc.nat(1_000_000), { minLength: 4, maxLength: 40 });
    fc.assert(
      fc.property(anyDays, fc.integer({ min: 0, max: 29 }), (amounts, into) => {
        const today = NOVEMBER.from + into;
        const spent = history(today + 1, amounts.length, (one) => amounts[today - one] ?? 0);
        const { total } = forecastSpend({ spent, window: NOVEMBER, today });
        if (total === null) return;
        const certain = [...spent].filter(([one]) => one >= NOVEMBER.from).reduce((sum, [, micros]) => sum + micros, 0);
        expect(total.low).toBeGreaterThanOrEqual(certain);
        expect(total.low).toBeLessThanOrEqual(total.expected);
        expect(total.expected).toBeLessThanOrEqual(total.high);
      }),
    );
  });

  it('holds four months in five in its range, where days stray by a third of their size', () => {
    let seed = 42;
    const random = (): number => {
      seed = (Math.imul(seed, 1_664_525) + 1_013_904_223) >>> 0;
      return seed / 2 ** 32;
    };
    const normal = (): number => Math.sqrt(-2 * Math.log(1 - random())) * Math.cos(2 * Math.PI * random());
    const today = day('2026-11-10');
    let inside = 0;
    const MONTHS = 2000;
    for (let month = 0; month < MONTHS; month++) {
      const draw = (one: Day): Micros => Math.max(0, Math.round(byWeekday(one) * 1000 * (1 + normal() / 3)));
      const spent = history(today, 40, draw);
      const { total } = forecastSpend({ spent, window: NOVEMBER, today });
      let ending = 0;
      for (let one = NOVEMBER.from; one < NOVEMBER.until; one++) ending += spent.get(one) ?? draw(one);
      if (total !== null && total.low <= ending && ending <= total.high) inside += 1;
    }
    expect(inside / MONTHS).toBeGreaterThan(0.72);
    expect(inside / MONTHS).toBeLessThan(0.88);
  });
});
