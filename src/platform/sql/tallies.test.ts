import fc from 'fast-check';
import { expect, it } from 'vitest';
import { type KeyedSum, sumTallies } from './tallies.ts';

const tally = fc.record({
  table: fc.constantFrom('one', 'other'),
  key: fc.tuple(fc.constantFrom('a', 'b', 'c'), fc.nat(3)),
  add: fc.tuple(fc.integer({ min: -50, max: 50 }), fc.nat(50)),
});

const totalOf = (tallies: readonly KeyedSum<string>[], place: number) =>
  tallies.reduce((sum, { add }) => sum + (add[place] ?? 0), 0);

it('adds up to the same whatever is summed first', () => {
  fc.assert(
    fc.property(fc.array(tally), (tallies) => {
      const summed = sumTallies(tallies);
      expect(totalOf(summed, 0)).toBe(totalOf(tallies, 0));
      expect(totalOf(summed, 1)).toBe(totalOf(tallies, 1));
    }),
  );
});

it('names each line once, in the order of keys', () => {
  fc.assert(
    fc.property(fc.array(tally), (tallies) => {
      for (const table of ['one', 'other']) {
        const names = sumTallies(tallies).flatMap((line) => (line.table === table ? [line.key.join(' ')] : []));
        expect(names).toEqual([...new Set(names)].sort());
      }
    }),
  );
});
