import { describe, expect, it } from 'vitest';
import type { SpendForecast } from '../../../spend/contract.ts';
import { cumulate, eachDay } from './cumulate.ts';

const day = (date: string, amount: string | null, expected_amount: string | null) => ({
  date,
  amount,
  expected_amount,
});

const MONTH: SpendForecast = {
  type: 'spend_forecast',
  starting_date: '2026-11-01',
  ending_date: '2026-11-05',
  currency: 'USD',
  amount: '3500',
  forecast: { expected_amount: '7500', low_amount: '5500', high_amount: '11500' },
  method: 'By the days of the week.',
  by_day: [
    day('2026-11-01', '1000', null),
    day('2026-11-02', '2000', null),
    day('2026-11-03', '500', '1500'),
    day('2026-11-04', null, '3000'),
  ],
};

describe('the month as a growing sum', () => {
  it('ends at what was spent, at what is expected and at the range of the forecast', () => {
    const days = cumulate(MONTH);
    expect(days.map(({ spent }) => spent)).toEqual([10, 30, 35, null]);
    expect(days.map(({ expected }) => expected)).toEqual([null, 30, 45, 75]);
    expect(days[1]?.band).toEqual([30, 30]);
    expect(days.at(-1)?.band).toEqual([55, 115]);
  });

  it('has a range that opens, and never reaches below what is spent', () => {
    const [, , today, last] = cumulate(MONTH);
    expect(today?.band?.[0]).toBeGreaterThanOrEqual(35);
    expect((today?.band?.[1] ?? 0) - 45).toBeLessThan((last?.band?.[1] ?? 0) - 75);
  });

  it('shows spend alone while there is nothing to foretell from', () => {
    const days = cumulate({ ...MONTH, forecast: null });
    expect(days.every(({ expected, band }) => expected === null && band === null)).toBe(true);
    expect(days[2]?.spent).toBe(35);
  });
});

it('a day shows what it came to, and beside it only what is still to come', () => {
  expect(eachDay(MONTH)).toEqual([
    { date: '2026-11-01', spent: 10, toCome: 0 },
    { date: '2026-11-02', spent: 20, toCome: 0 },
    { date: '2026-11-03', spent: 5, toCome: 10 },
    { date: '2026-11-04', spent: 0, toCome: 30 },
  ]);
});
