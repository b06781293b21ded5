import fc from 'fast-check';
import { expect, test } from 'vitest';
import {
  type Capacity,
  hasRoom,
  msUntilFull,
  msUntilRoom,
  retryAfterSeconds,
  takenAtFirst,
  usedAfter,
  usedUnder,
} from './bucket.ts';

const ROUNDING = 1e-3;

const capacity = fc.record({
  limit: fc.integer({ min: 1, max: 10_000_000 }),
  windowMs: fc.constantFrom(60_000, 86_400_000),
});
const used = fc.double({ min: 0, max: 20_000_000, noNaN: true });
const wanted = fc.integer({ min: 1, max: 20_000_000 });
const step = fc.record({
  waitMs: fc.integer({ min: 0, max: 120_000 }),
  share: fc.double({ min: 0, max: 1.5, noNaN: true }),
});

type Let = { readonly at: number; readonly amount: number };

/** What gets in when requests come in these steps. */
const letIn = (
  size: Capacity,
  steps: readonly { readonly waitMs: number; readonly share: number }[],
): readonly Let[] => {
  const entered: Let[] = [];
  let taken = 0;
  let at = 0;
  for (const { waitMs, share } of steps) {
    taken = usedAfter(taken, waitMs, size);
    at += waitMs;
    const amount = Math.max(1, Math.round(share * size.limit));
    if (!hasRoom(taken, amount, size)) continue;
    const first = takenAtFirst(amount, size);
    taken += first;
    entered.push({ at, amount: first });
  }
  return entered;
};

test('in no stretch of time gets in more than one limit and what came back meanwhile', () => {
  fc.assert(
    fc.property(capacity, fc.array(step, { maxLength: 40 }), (size, steps) => {
      const entered = letIn(size, steps);
      for (const [from, first] of entered.entries()) {
        let sum = 0;
        for (const { at, amount } of entered.slice(from)) {
          sum += amount;
          const back = ((at - first.at) * size.limit) / size.windowMs;
          expect(sum).toBeLessThanOrEqual(size.limit + back + ROUNDING);
        }
      }
    }),
  );
});

test('what is used only shrinks with time, never below nothing', () => {
  fc.assert(
    fc.property(used, capacity, fc.nat(200_000), fc.nat(200_000), (before, size, first, more) => {
      const after = usedAfter(before, first, size);
      const later = usedAfter(before, first + more, size);
      expect(after).toBeLessThanOrEqual(before);
      expect(later).toBeLessThanOrEqual(after);
      expect(later).toBeGreaterThanOrEqual(0);
    }),
  );
});

test('to look twice is to look once', () => {
  fc.assert(
    fc.property(used, capacity, fc.nat(100_000), fc.nat(100_000), (before, size, first, more) => {
      const inSteps = usedAfter(usedAfter(before, first, size), more, size);
      expect(inSteps).toBeCloseTo(usedAfter(before, first + more, size), 2);
    }),
  );
});

test('whoever waits as long as retry-after says gets in, and is not sent away a whole second too long', () => {
  fc.assert(
    fc.property(used, wanted, capacity, (before, amount, size) => {
      fc.pre(!hasRoom(before, amount, size));
      const seconds = retryAfterSeconds(msUntilRoom(before, amount, size)) ?? Number.NaN;
      expect(hasRoom(usedAfter(before, seconds * 1000, size), amount, size)).toBe(true);
      // A millionth is nothing: of one request a day it has come back 86 ms early.
      const earlyMs = 1 + (1e-6 * size.windowMs) / size.limit;
      const tooEarlyMs = (seconds - 1) * 1000 - earlyMs;
      if (tooEarlyMs > 0) expect(hasRoom(usedAfter(before, tooEarlyMs, size), amount, size)).toBe(false);
    }),
  );
});

test('a clock that goes backwards gives nothing back and takes nothing away', () => {
  fc.assert(
    fc.property(used, capacity, fc.integer({ min: -1e12, max: 0 }), (before, size, elapsed) => {
      expect(usedAfter(before, elapsed, size)).toBe(before);
    }),
  );
});

test('however a limit changes, nobody is forgiven and nobody who was within it waits longer than a window', () => {
  fc.assert(
    fc.property(
      capacity,
      fc.integer({ min: 1, max: 10_000_000 }),
      fc.double({ min: 0, max: 1, noNaN: true }),
      (size, next, share) => {
        const before = share * size.limit;
        const after = usedUnder(before, size.limit, next);
        expect(after).toBe(Math.min(before, Math.max(next, next >= size.limit ? before : next)));
        const changed = { limit: next, windowMs: size.windowMs };
        expect(msUntilFull(after, changed)).toBeLessThanOrEqual(size.windowMs + ROUNDING);
        expect(msUntilRoom(after, 1, changed)).toBeLessThanOrEqual(size.windowMs + ROUNDING);
      },
    ),
  );
});

test('what is larger than a whole limit gets in when nothing else is used, and then nothing else does', () => {
  const size = { limit: 1000, windowMs: 60_000 };
  expect(hasRoom(0, 5000, size)).toBe(true);
  expect(takenAtFirst(5000, size)).toBe(1000);
  expect(hasRoom(1, 5000, size)).toBe(false);
  expect(hasRoom(1000, 1, size)).toBe(false);
});

test('a limit of nothing lets nothing in, and waiting does not help', () => {
  const none = { limit: 0, windowMs: 60_000 };
  expect(hasRoom(0, 1, none)).toBe(false);
  expect(retryAfterSeconds(msUntilRoom(0, 1, none))).toBeNull();
});
