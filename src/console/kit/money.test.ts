import { expect, it } from 'vitest';
import { centsOfDollars, dollarsOf, formatAmount, formatAxisDollars, formatLimit, percentOf } from './money.ts';

it.each([
  ['0', '$0.00'],
  ['0.1', '$0.001'],
  ['50000', '$500.00'],
  ['123456.789', '$1,234.57'],
  ['1234567', '$12,346'],
])('%s cents read %s', (cents, words) => expect(formatAmount(cents)).toBe(words));

it('no amount is unlimited, and nothing is an amount', () => {
  expect(formatLimit(null)).toBe('Unlimited');
  expect(formatLimit('0')).toBe('$0.00');
});

it.each([0, 0.01, 12.5, 19.99, 1234.567, 99_999.99])('$%d comes back as it was sent', (dollars) =>
  expect(dollarsOf(centsOfDollars(dollars))).toBe(dollars),
);

it.each([
  [0.5, '$0.5'],
  [40, '$40'],
  [1234, '$1.2K'],
  [2_500_000, '$2.5M'],
])('%d dollars stand at an axis as %s', (dollars, words) => expect(formatAxisDollars(dollars)).toBe(words));

it('a share of a limit is rounded down, and a limit of nothing is used up', () => {
  expect(percentOf('7999', '10000')).toBe(79);
  expect(percentOf('0', '0')).toBe(100);
  expect(percentOf('15000', '10000')).toBe(150);
});
