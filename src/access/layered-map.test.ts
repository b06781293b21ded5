import fc from 'fast-check';
import { expect, it } from 'vitest';
import { withEntries } from './layered-map.ts';

const key = fc.constantFrom<string>('a', 'b', 'c', 'd');
const step = fc.array(fc.tuple(key, fc.option(fc.integer(), { nil: undefined })), { maxLength: 4 });

it('holds what a plain map would hold, and leaves the map it came from alone', () => {
  fc.assert(
    fc.property(fc.array(fc.tuple(key, fc.integer())), fc.array(step), (start, steps) => {
      const plain = new Map(start);
      let layered: ReadonlyMap<string, number> = new Map(start);
      for (const entries of steps) {
        const [before, was] = [layered, [...layered]];
        layered = withEntries(layered, new Map(entries));
        for (const [name, value] of new Map(entries)) {
          if (value === undefined) plain.delete(name);
          else plain.set(name, value);
        }
        expect([...before]).toEqual(was);
        expect([...layered].sort()).toEqual([...plain].sort());
        expect(layered.size).toBe(plain.size);
        for (const name of ['a', 'b', 'c', 'd', 'e']) {
          expect(layered.get(name)).toBe(plain.get(name));
          expect(layered.has(name)).toBe(plain.has(name));
        }
        const seen: number[] = [];
        layered.forEach((value) => {
          seen.push(value);
        });
        expect(seen).toEqual([...layered.values()]);
        expect([...layered.keys()]).toEqual([...layered].map(([name]) => name));
      }
    }),
  );
});

it('lays everything anew once in some hundred changes', () => {
  let layered: ReadonlyMap<string, number> = new Map();
  for (let i = 0; i < 5000; i++) layered = withEntries(layered, new Map([[`${i}`, i]]));
  expect(layered.size).toBe(5000);
  expect([...layered.values()]).toEqual(Array.from({ length: 5000 }, (_, i) => i));
});
