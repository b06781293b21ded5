import fc from 'fast-check';
import { expect, it } from 'vitest';
import { createAttempts, placeOf } from './attempts.ts';

const WINDOW_MS = 1000;

const open = (options: { max?: number; keysMax?: number } = {}) => {
  const clock = { ms: 0 };
  const attempts = createAttempts({ max: 4, windowMs: WINDOW_MS, now: () => clock.ms, ...options });
  return { clock, ...attempts };
};

it('lets so many through at once, says when the next may come, and lets that one through', () => {
  const { clock, count } = open();
  expect([1, 2, 3, 4].map(() => count('a'))).toEqual([0, 0, 0, 0]);
  const wait = count('a');
  expect(wait).toBe(250);
  clock.ms += wait - 1;
  expect(count('a')).toBeGreaterThan(0);
  clock.ms += 1;
  expect(count('a')).toBe(0);
  expect(count('b')).toBe(0);
});

it('never lets more than twice the number through in a window', () => {
  fc.assert(
    fc.property(fc.array(fc.integer({ min: 0, max: 300 }), { maxLength: 100 }), (steps) => {
      const { clock, count } = open();
      const passed: number[] = [];
      for (const step of steps) {
        clock.ms += step;
        if (count('a') === 0) passed.push(clock.ms);
      }
      for (const start of passed)
        expect(passed.filter((at) => at >= start && at < start + WINDOW_MS).length).toBeLessThanOrEqual(8);
    }),
  );
});

it('takes a try back, and forgets a key', () => {
  const { count, giveBack, forget } = open({ max: 1 });
  expect(count('a')).toBe(0);
  giveBack('a');
  expect(count('a')).toBe(0);
  expect(count('a')).toBeGreaterThan(0);
  forget('a');
  expect(count('a')).toBe(0);
  giveBack('nobody');
});

it('forgets the key that was quiet for longest, not the one that is being tried', () => {
  const { count } = open({ max: 1, keysMax: 3 });
  count('a');
  for (const other of ['b', 'c', 'd']) count(other);
  expect(count('d')).toBeGreaterThan(0);
  expect(count('a')).toBe(0);
});

it.each([
  ['192.0.2.1', '192.0.2.1'],
  ['2001:db8:1:2:3:4:5:6', '2001:db8:1:2::/64'],
  ['2001:db8::6', '2001:db8:0:0::/64'],
  ['::1', '0:0:0:0::/64'],
  ['nonsense', 'unknown'],
  [null, 'unknown'],
])('counts %s as %s', (address, place) => {
  expect(placeOf(address)).toBe(place);
});
