import fc from 'fast-check';
import { expect, it } from 'vitest';
import { DAY_MS, dayOf, PERIODS, windowEnd, windowOf } from './period.ts';

const at = (text: string) => Date.parse(text);

it.each([
  ['daily', '2026-11-26T23:59:59.999Z', '2026-11-27T00:00:00Z'],
  ['daily', '2026-11-27T00:00:00Z', '2026-11-28T00:00:00Z'],
  ['weekly', '2026-11-26T12:00:00Z', '2026-11-30T00:00:00Z'],
  ['weekly', '2026-11-29T23:59:59Z', '2026-11-30T00:00:00Z'],
  ['weekly', '2026-11-30T00:00:00Z', '2026-12-07T00:00:00Z'],
  ['monthly', '2026-11-30T23:59:59Z', '2026-12-01T00:00:00Z'],
  ['monthly', '2026-12-31T23:59:59Z', '2027-01-01T00:00:00Z'],
  ['monthly', '2028-02-29T00:00:00Z', '2028-03-01T00:00:00Z'],
] as const)('ends the %s window of %s at %s', (period, moment, end) => {
  expect(new Date(windowEnd(period, at(moment))).toISOString()).toBe(new Date(end).toISOString());
});

it('puts every moment into exactly one window of each period, and windows next to each other', () => {
  fc.assert(
    fc.property(fc.integer({ min: 0, max: at('2099-12-31') }), fc.constantFrom(...PERIODS), (moment, period) => {
      const { from, until } = windowOf(period, dayOf(moment));
      expect(from * DAY_MS).toBeLessThanOrEqual(moment);
      expect(moment).toBeLessThan(until * DAY_MS);
      expect(windowOf(period, until).from).toBe(until);
      expect(windowOf(period, from)).toEqual({ from, until });
    }),
  );
});

it('begins every month on its 1st', () => {
  const firstOf = (date: Date, monthsLater: number) =>
    dayOf(Date.UTC(date.getUTCFullYear(), date.getUTCMonth() + monthsLater, 1));
  const wrong: number[] = [];
  for (let day = dayOf(at('1960-01-01')); day < dayOf(at('2410-01-01')); day += 1) {
    const { from, until } = windowOf('monthly', day);
    const date = new Date(day * DAY_MS);
    if (from !== firstOf(date, 0) || until !== firstOf(date, 1)) wrong.push(day);
  }
  expect(wrong).toEqual([]);
});
