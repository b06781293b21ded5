import { describe, expect, it } from 'vitest';
import { DAY_MS, type Period } from '../../../kernel/index.ts';
import { mayAsk, type PeriodStanding, periodToAskFor } from './may-ask.ts';

const NOW = 100 * DAY_MS;
const standing = (period: Period, more: Partial<PeriodStanding> = {}): PeriodStanding => ({
  period,
  isLimited: true,
  isReached: false,
  isPending: false,
  deniedAt: null,
  ...more,
});
const ask = (standings: readonly PeriodStanding[], takesRequests = true) =>
  mayAsk(standings, { takesRequests, now: NOW });

describe('a member may ask', () => {
  it.each<readonly [string, ReturnType<typeof ask>, readonly Period[], string | null]>([
    [
      'for each period in which they have a limit',
      ask([standing('daily'), standing('monthly', { isLimited: false })]),
      ['daily'],
      null,
    ],
    ['for nothing while requests are switched off', ask([standing('daily')], false), [], 'switched_off'],
    ['for nothing without a limit of their own', ask([standing('daily', { isLimited: false })]), [], 'no_limit'],
    ['for nothing while a request is pending', ask([standing('daily', { isPending: true })]), [], 'pending'],
    [
      'for no other period while one is pending, even one whose limit is gone',
      ask([standing('daily', { isPending: true, isLimited: false }), standing('weekly')]),
      [],
      'pending',
    ],
    [
      'not within thirty days of a denial',
      ask([standing('daily', { deniedAt: NOW - 30 * DAY_MS + 1 })]),
      [],
      'denied_recently',
    ],
    ['again thirty days after a denial', ask([standing('daily', { deniedAt: NOW - 30 * DAY_MS })]), ['daily'], null],
  ])('%s', (_, { periods, because }, wanted, why) => {
    expect([periods, because]).toEqual([wanted, why]);
  });
});

describe('without a period named', () => {
  it('the longest of the limits reached is asked about', () => {
    const standings = [
      standing('daily', { isReached: true }),
      standing('weekly', { isReached: true }),
      standing('monthly'),
    ];
    expect(periodToAskFor(standings, ask(standings))).toBe('weekly');
  });

  it('the longest is asked about where none is reached, and none where nothing may be asked', () => {
    const standings = [standing('daily'), standing('monthly')];
    expect(periodToAskFor(standings, ask(standings))).toBe('monthly');
    expect(periodToAskFor(standings, { periods: [], because: 'pending' })).toBeUndefined();
  });
});
