import fc from 'fast-check';
import { expect, it } from 'vitest';
import { PERIODS, type Period, windowOf } from '../../kernel/index.ts';
import { createCounters } from './counters.ts';
import type { Bounds } from './rules/ceiling.ts';

const FIRST = 20_780;

const question = fc.record({ ask: fc.integer({ min: FIRST, max: FIRST + 45 }), of: fc.nat(1) });

const against = (account: string, period: Period | null): Bounds => ({
  ceilings: [
    { limitId: 'spl_1', scope: { type: 'session' }, account, period, amountMicros: 1, mode: 'standard', ladder: [] },
  ],
  included: null,
});

const move = fc.record({
  account: fc.constantFrom('organization', 'user:a'),
  day: fc.integer({ min: FIRST, max: FIRST + 45 }),
  openMicros: fc.integer({ min: -50, max: 50 }),
  settledMicros: fc.nat(50),
});

it('answers for every window what the days in it add up to, whatever was asked before', () => {
  fc.assert(
    fc.property(fc.array(fc.oneof(move, question), { maxLength: 60 }), fc.constantFrom(...PERIODS), (steps, period) => {
      const counters = createCounters();
      const callers = [against('user:a', period), against('user:a', period)];
      const moved: (typeof move extends fc.Arbitrary<infer M> ? M : never)[] = [];
      for (const step of steps) {
        if (!('ask' in step)) {
          counters.move(step);
          moved.push(step);
          continue;
        }
        const { from, until } = windowOf(period, step.ask);
        const within = moved.filter((one) => one.account === 'user:a' && one.day >= from && one.day < until);
        const bounds = callers[step.of] ?? against('user:a', period);
        expect(counters.balances(bounds, step.ask).ofCeilings[0]).toMatchObject({
          openMicros: within.reduce((sum, one) => sum + one.openMicros, 0),
          settledMicros: within.reduce((sum, one) => sum + one.settledMicros, 0),
        });
      }
    }),
    { numRuns: 2000 },
  );
});

it('forgets old days, and keeps what knows no days', () => {
  const counters = createCounters();
  counters.move({ account: 'prepaid', day: 0, openMicros: 0, settledMicros: 7 });
  counters.move({ account: 'user:a', day: FIRST, openMicros: 0, settledMicros: 5 });
  const ofDay = against('user:a', 'daily');
  expect(counters.balances(ofDay, FIRST).ofCeilings).toMatchObject([{ settledMicros: 5 }]);
  counters.forgetBefore(FIRST + 1);
  expect(counters.list()).toEqual([{ account: 'prepaid', day: 0, openMicros: 0, settledMicros: 7 }]);
  expect(counters.balances(against('prepaid', null), FIRST + 1).ofCeilings).toEqual([
    { openMicros: 0, settledMicros: 7 },
  ]);
  counters.move({ account: 'user:a', day: FIRST, openMicros: 0, settledMicros: 3 });
  expect(counters.balances(ofDay, FIRST).ofCeilings).toMatchObject([{ settledMicros: 3 }]);
});
