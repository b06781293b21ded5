import fc from 'fast-check';
import { expect, it } from 'vitest';
import type { Tallies, TallyTable } from './database.ts';
import { sumTallies } from './tallies.ts';

const table = (name: string): TallyTable => ({ name, keys: ['name', 'day'], sums: ['open', 'done'] });
const TABLES = [table('one'), table('other')] as const;

const line = fc.tuple(fc.constantFrom('a', 'b', 'c'), fc.nat(3), fc.integer({ min: -50, max: 50 }), fc.nat(50));

const tallies: fc.Arbitrary<readonly Tallies[]> = fc.array(
  fc.record({ table: fc.constantFrom(...TABLES), lines: fc.array(line).map((lines) => () => lines) }),
);

const linesOf = (all: readonly { readonly table: TallyTable; readonly lines: readonly unknown[] }[], of: TallyTable) =>
  all.filter((one) => one.table === of).flatMap(({ lines }) => lines as readonly (readonly (string | number)[])[]);

const totals = (lines: readonly (readonly (string | number)[])[]): Record<string, readonly [number, number]> => {
  const sums: Record<string, [number, number]> = {};
  for (const [name, day, open, done] of lines) {
    const key = `${name} ${day}`;
    const before = sums[key] ?? [0, 0];
    sums[key] = [before[0] + Number(open), before[1] + Number(done)];
  }
  return Object.fromEntries(Object.entries(sums).filter(([, [open, done]]) => open !== 0 || done !== 0));
};

it('adds up to the same, line by line', () => {
  fc.assert(
    fc.property(tallies, (all) => {
      const summed = sumTallies(all);
      for (const one of TABLES) {
        const given = all.filter((each) => each.table === one).flatMap((each) => each.lines());
        expect(totals(linesOf(summed, one))).toEqual(totals(given));
      }
    }),
  );
});

it('names each line once, in the order of keys', () => {
  fc.assert(
    fc.property(tallies, (all) => {
      const summed = sumTallies(all);
      for (const one of TABLES) {
        const names = linesOf(summed, one).map(([name, day]) => `${name} ${day}`);
        expect(names).toEqual([...new Set(names)].sort());
      }
    }),
  );
});

it('leaves what it was given as it was, so that it can be summed again without a row that was refused', () => {
  const lines = [['a', 1, 5, 0] as const];
  const one: Tallies = { table: TABLES[0], lines: () => lines };
  sumTallies([one, one]);
  expect(sumTallies([one])).toEqual([{ table: TABLES[0], lines: [['a', 1, 5, 0]] }]);
});
