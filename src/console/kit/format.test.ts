import { describe, expect, it } from 'vitest';
import { formatCents, formatCount, formatDuration, formatRelative, plural } from './format.ts';

describe('figures are short and keep their meaning', () => {
  it.each([
    [0, '0'],
    [950, '950'],
    [48_200, '48.2K'],
    [1_234_567, '1.23M'],
  ])('%i tokens read %s', (count, text) => expect(formatCount(count)).toBe(text));

  it.each([
    ['1250', '$12.50'],
    ['0', '$0.00'],
    ['0.0123', '$0.000123'],
  ])('%s cents read %s', (cents, text) => expect(formatCents(cents)).toBe(text));

  it.each([
    [84, '84 ms'],
    [12_345, '12.3 s'],
    [95_000, '1 min 35 s'],
  ])('%i ms read %s', (ms, text) => expect(formatDuration(ms)).toBe(text));

  it('counts of one are singular', () => {
    expect(plural(1, 'member')).toBe('1 member');
    expect(plural(2000, 'member')).toBe('2,000 members');
  });
});

describe('times are said relative to now while they are near', () => {
  const now = Date.parse('2026-11-23T12:00:00Z');
  it.each([
    ['2026-11-23T11:59:40Z', 'just now'],
    ['2026-11-23T11:56:00Z', '4 min ago'],
    ['2026-11-23T09:00:00Z', '3 hr ago'],
    ['2026-11-20T12:00:00Z', '3 days ago'],
    ['2026-11-25T12:00:00Z', 'in 2 days'],
  ])('%s reads %s', (iso, text) => expect(formatRelative(iso, now)).toBe(text));
});
