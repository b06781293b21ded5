import { expect, it } from 'vitest';
import { daysWords, formatRate, signed } from './words.ts';

it.each([
  ['5', '$5.00'],
  ['12.5', '$12.50'],
  ['0.4375', '$0.4375'],
  ['0.000001', '$0.000001'],
])('a price of %s reads %s', (price, words) => expect(formatRate(price)).toBe(words));

it('a difference has its sign', () => {
  expect(signed('1200')).toBe('+$12.00');
  expect(signed('-2830')).toBe('-$28.30');
  expect(signed('0')).toBe('$0.00');
});

it('the days of a rule end with the last one on which it holds', () => {
  expect(daysWords('2026-11-01', '2026-12-01')).toContain('30');
  expect(daysWords('2026-11-01', null)).toMatch(/^From .* on$/);
});
