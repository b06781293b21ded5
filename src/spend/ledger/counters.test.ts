import fc from 'fast-check';
import { expect, it } from 'vitest';
import { PERIODS, windowOf } from '../../kernel/index.ts';
import { createCounters } from './counters.ts';

const FIRST = 20_780;

const move = fc.record({
  account: fc.constantFrom('organization', 'user:a'),
  day: fc.integer({ min: FIRST, max: FIRST + 45 }),
  openMicros: fc.integer({ min: -50, max: 50 }),
  settledMicros: fc.nat(50),
});

it('answers for every window what the days in it add up to, whatever was asked before', () => {
  fc.assert(
    fc.property(
      fc.array(fc.oneof(move, fc.record({ ask: fc.integer({ min: FIRST, max: FIRST + 45 }) })), { maxLength: 60 }),
      fc.constantFrom(...PERIODS),
      (steps, period) => {
        const counters = createCounters();
        const moved: (typeof move extends fc.Arbitrary<infer M> ? M : never)[] = [];
        for (const step of steps) {
          if (!('ask' in step)) {
            counters.move(step);
            moved.push(step);
            continue;
          }
          const { from, until } = windowOf(period, step.ask);
          const within = moved.filter((one) => one.account === 'user:a' && one.day >= from && one.day < until);
          expect(counters.balance('user:a', period, step.ask)).toEqual({
            openMicros: within.reduce((sum, one) => sum + one.openMicros, 0),
            settledMicros: within.reduce((sum, one) => sum + one.settledMicros, 0),
          });
        }
      },
    ),
    { numRuns: 2000 },
  );
});

it('forgets old days, and keeps what knows no days', () => {
  const counters = createCounters();
  counters.move({ account: 'prepaid', day: 0, openMicros: 0, settledMicros: 7 });
  counters.move({ account: 'user:a', day: FIRST, openMicros: 0, settledMicros: 5 });
  counters.forgetBefore(FIRST + 1);
  expect(counters.list()).toEqual([{ account: 'prepaid', day: 0, openMicros: 0, settledMicros: 7 }]);
  expect(counters.balance('prepaid', null, FIRST + 1)).toEqual({ openMicros: 0, settledMicros: 7 });
});
