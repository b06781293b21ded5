import { type RawBuilder, sql as raw } from 'kysely';
import { boundsOfKind } from '../months/month-store.ts';
import type { Piece } from '../months/rules/plan-range.ts';

/**
 * So few days are read one by one: the index by day leads to one kind of accounts alone. Beyond that it costs more than reading every day
 * there is of each account in order.
 */
const SINGLE_DAYS_MAX = 7;

const ofKind = (kind: string) => {
  const { first, behind } = boundsOfKind(kind);
  return raw`account >= ${first} AND account < ${behind}`;
};

const SETTLED = { 1: 'settled_micros', [-1]: '-settled_micros' } as const;
const WITH_HELD = { 1: 'settled_micros + open_micros', [-1]: '-settled_micros - open_micros' } as const;

const ofDays = (
  kind: string,
  { from, until, sign }: Extract<Piece, { kind: 'days' }>,
  withHeld: boolean,
): readonly RawBuilder<unknown>[] => {
  const micros = raw.raw((withHeld ? WITH_HELD : SETTLED)[sign]);
  const where = (days: RawBuilder<unknown>) =>
    raw`SELECT account, ${micros} AS micros FROM spend_counters WHERE ${ofKind(kind)} AND ${days}`;
  if (until - from > SINGLE_DAYS_MAX) return [where(raw`day >= ${from} AND day < ${until}`)];
  return Array.from({ length: until - from }, (_, at) => where(raw`day = ${from + at}`));
};

const ofMonth = (kind: string, { generation, sign }: Extract<Piece, { kind: 'month' }>) =>
  raw`SELECT account, ${raw.raw(SETTLED[sign])} AS micros FROM spend_months WHERE generation = ${generation} AND ${ofKind(kind)}`;

const NOTHING = raw`SELECT account, settled_micros AS micros FROM spend_counters WHERE 1 = 0`;

/**
 * What each account of a kind spent, as a query of `account` and `micros`; those that spent nothing are left out. A month by itself
 * has one row for each and is not added up again. What is held for requests that run counts only where it is asked for; days that
 * stand in months hold nothing any more.
 */
export const sumsOf = (kind: string, pieces: readonly Piece[], held?: 'with held'): RawBuilder<unknown> => {
  const [only, ...others] = pieces;
  if (only === undefined) return NOTHING;
  if (only.kind === 'month' && others.length === 0) return ofMonth(kind, only);
  const parts = pieces.flatMap((piece) =>
    piece.kind === 'month' ? [ofMonth(kind, piece)] : ofDays(kind, piece, held !== undefined),
  );
  return raw`SELECT account, CAST(SUM(micros) AS bigint) AS micros FROM (${raw.join(parts, raw` UNION ALL `)}) AS parts
    GROUP BY account HAVING SUM(micros) <> 0`;
};
