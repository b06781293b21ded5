import { expect, it } from 'vitest';
import { daysOf } from './ranges.ts';

const NOW = Date.parse('2027-01-03T23:30:00Z');

it.each([
  ['month', {}],
  ['last_month', { starting_date: '2026-12-01', ending_date: '2027-01-01' }],
  ['week', { starting_date: '2026-12-28', ending_date: '2027-01-04' }],
  ['quarter', { starting_date: '2026-10-06', ending_date: '2027-01-04' }],
] as const)('%s is reckoned in whole UTC days, today included', (range, days) =>
  expect(daysOf(range, NOW)).toEqual(days),
);
