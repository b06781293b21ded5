import { type Day, type DayRange, windowOf } from '../../../kernel/index.ts';

/** The sums of the days of a month, from its first one until `until` (exclusive), as a generation has them. */
export type BuiltMonth = { readonly generation: string; readonly from: Day; readonly until: Day };

/** What is added up, or taken away again: a month as it was built, or days as they are counted. */
export type Piece =
  | { readonly kind: 'month'; readonly generation: string; readonly sign: 1 }
  | ({ readonly kind: 'days'; readonly sign: 1 | -1 } & DayRange);

const days = (from: Day, until: Day, sign: 1 | -1): readonly Piece[] =>
  from < until ? [{ kind: 'days', from, until, sign }] : [];

/** What is read for a month is about as much as for a day. */
const MONTH_COSTS_DAYS = 1;

const costOf = (pieces: readonly Piece[]): number =>
  pieces.reduce((sum, piece) => sum + (piece.kind === 'month' ? MONTH_COSTS_DAYS : piece.until - piece.from), 0);

/** A part of one month: day by day, or by the month's sums with what lies outside of the part taken away. */
const planPart = ({ from, until }: DayRange, built: BuiltMonth | undefined): readonly Piece[] => {
  const direct = days(from, until, 1);
  if (built === undefined) return direct;
  const byMonth: readonly Piece[] = [
    { kind: 'month', generation: built.generation, sign: 1 },
    ...days(built.from, Math.min(from, built.until), -1),
    ...days(Math.max(from, built.until), until, 1),
    ...days(Math.max(until, built.from), built.until, -1),
  ];
  return costOf(byMonth) < costOf(direct) ? byMonth : direct;
};

/**
 * How the sums of a range of days are read with the least rows: whole months where they are built, single days where they are not,
 * and days taken away from a month where that is less.
 */
export const planRange = ({ from, until }: DayRange, built: readonly BuiltMonth[]): readonly Piece[] => {
  const byMonth = new Map(built.map((month) => [month.from, month]));
  const pieces: Piece[] = [];
  for (let at = from; at < until; ) {
    const month = windowOf('monthly', at);
    const part = { from: at, until: Math.min(until, month.until) };
    pieces.push(...planPart(part, byMonth.get(month.from)));
    at = month.until;
  }
  return pieces;
};
