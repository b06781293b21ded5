import fc from 'fast-check';
import { expect, it } from 'vitest';
import { type Day, dayOf, windowOf } from '../../../kernel/index.ts';
import { type BuiltMonth, type Piece, planRange } from './plan-range.ts';

const day = (text: string): Day => dayOf(Date.parse(text));
const built = (month: string, until: string): BuiltMonth => ({
  generation: month,
  from: day(`${month}-01`),
  until: day(until),
});

const OCTOBER = built('2026-10', '2026-11-01');
const NOVEMBER = built('2026-11', '2026-11-26');

it.each<readonly [string, string, string, readonly Piece[]]>([
  ['a month that is over', '2026-10-01', '2026-11-01', [{ kind: 'month', generation: '2026-10', sign: 1 }]],
  [
    'the month so far',
    '2026-11-01',
    '2026-11-27',
    [
      { kind: 'month', generation: '2026-11', sign: 1 },
      { kind: 'days', from: day('2026-11-26'), until: day('2026-11-27'), sign: 1 },
    ],
  ],
  [
    'most of a month',
    '2026-10-03',
    '2026-11-01',
    [
      { kind: 'month', generation: '2026-10', sign: 1 },
      { kind: 'days', from: day('2026-10-01'), until: day('2026-10-03'), sign: -1 },
    ],
  ],
  [
    'a few days of two months',
    '2026-10-30',
    '2026-11-03',
    [
      { kind: 'days', from: day('2026-10-30'), until: day('2026-11-01'), sign: 1 },
      { kind: 'days', from: day('2026-11-01'), until: day('2026-11-03'), sign: 1 },
    ],
  ],
  [
    'a month that is not built',
    '2026-09-01',
    '2026-10-01',
    [{ kind: 'days', from: day('2026-09-01'), until: day('2026-10-01'), sign: 1 }],
  ],
])('%s', (_, from, until, wanted) => {
  expect(planRange({ from: day(from), until: day(until) }, [OCTOBER, NOVEMBER])).toEqual(wanted);
});

it('whatever is built, the pieces count every day of the range once and no other', () => {
  const FIRST = day('2026-01-01');
  const built = fc.uniqueArray(fc.tuple(fc.nat(200), fc.integer({ min: 1, max: 31 })), {
    selector: ([at]) => windowOf('monthly', FIRST + at).from,
  });
  fc.assert(
    fc.property(fc.nat(200), fc.nat(120), built, (start, length, some) => {
      const months = some.map(([at, count]): BuiltMonth => {
        const { from, until } = windowOf('monthly', FIRST + at);
        return { generation: String(from), from, until: Math.min(until, from + count) };
      });
      const range = { from: FIRST + start, until: FIRST + start + length };
      const counted = new Map<Day, number>();
      const add = (from: Day, until: Day, sign: number) => {
        for (let at = from; at < until; at++) counted.set(at, (counted.get(at) ?? 0) + sign);
      };
      for (const piece of planRange(range, months)) {
        if (piece.kind === 'days') add(piece.from, piece.until, piece.sign);
        else {
          const month = months.find(({ generation }) => generation === piece.generation);
          if (month !== undefined) add(month.from, month.until, piece.sign);
        }
      }
      for (const [at, times] of counted)
        expect([at, times]).toEqual([at, at >= range.from && at < range.until ? 1 : 0]);
      for (let at = range.from; at < range.until; at++) expect(counted.get(at)).toBe(1);
    }),
  );
});
