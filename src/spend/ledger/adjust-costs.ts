import { sql as raw } from 'kysely';
import type { Day, Micros } from '../../kernel/index.ts';
import type { Sql } from '../../platform/index.ts';
import { forgetMonths } from '../months/month-store.ts';
import type { SpendTables } from '../tables.ts';
import { creditsOf, type End, movesOf } from './ledger.ts';
import { moveCounters } from './move-counters.ts';
import { readReservations } from './reservation-store.ts';
import { type Spender, standingAccounts } from './rules/account.ts';
import type { CounterMove } from './rules/settle.ts';

/** What a request costs from now on, and the version of the price book that says so. */
export type CostChange = {
  readonly requestId: string;
  readonly spender: Spender;
  /** UTC, of its start. */
  readonly day: Day;
  /** What it cost when it was read. */
  readonly fromMicros: Micros;
  readonly costMicros: Micros;
  readonly priced: boolean;
  readonly priceBook: string;
};

/** The requests that cost something else now, and what that moves. */
export type Adjusted = { readonly ids: ReadonlySet<string>; readonly moves: readonly CounterMove[] };

type Change = { readonly change: CostChange; readonly before: End; readonly after: End };

/** What the other cost moves: the hold has been given back by the first end. */
const movesBetween = ({ before, after }: Change): readonly CounterMove[] => {
  const earlier = movesOf(before);
  return movesOf(after)
    .map((move, at) => ({
      ...move,
      openMicros: 0,
      settledMicros: move.settledMicros - (earlier[at]?.settledMicros ?? 0),
    }))
    .filter(({ settledMicros }) => settledMicros !== 0);
};

const ROWS_PER_STATEMENT = 1000;

/** The types are those of the columns; where nothing says so, PostgreSQL takes parameters for text. */
const lineOf = ({ change, after }: Change) =>
  raw`(CAST(${change.requestId} AS text), CAST(${change.fromMicros} AS bigint), CAST(${change.costMicros} AS bigint),
    CAST(${change.priced ? 1 : 0} AS bigint), CAST(${change.priceBook} AS text), CAST(${creditsOf(after)} AS bigint))`;

/** What the ids lie between: with it PostgreSQL reads that part of the table, however it joins, and never all of it. */
const spanOf = (some: readonly Change[]): readonly [string, string] => {
  const ids = some.map(({ change }) => change.requestId).sort();
  return [ids[0] ?? '', ids.at(-1) ?? ''];
};

/** Writes other costs where those that were read still stand; answers the requests of which that is so. */
const writeSome = async (sql: Sql, some: readonly Change[]): Promise<readonly string[]> => {
  const [first, last] = spanOf(some);
  const { rows } = await raw<{ request_id: string }>`
    WITH changed (id, from_micros, to_micros, priced, book, credits) AS (VALUES ${raw.join(some.map(lineOf))})
    UPDATE usage SET cost_micros = changed.to_micros, priced = changed.priced, price_book = changed.book,
      credits_micros = changed.credits
    FROM changed WHERE usage.request_id = changed.id AND usage.cost_micros = changed.from_micros
      AND usage.request_id >= ${first} AND usage.request_id <= ${last}
    RETURNING request_id`.execute(sql.tables<SpendTables>());
  return rows.map(({ request_id }) => request_id);
};

/**
 * Puts other costs in the place of those that were read, within the caller's transaction. A request that has come to another
 * cost since then stays as it is, and is not among the answered ones. The counters follow by {@link moveAdjusted}. What a seat
 * included still comes first: as much of the other cost counts against no limit as there was room for.
 */
export const adjustCosts = async (sql: Sql, wanted: readonly CostChange[]): Promise<Adjusted> => {
  const requestIds = wanted.map(({ requestId }) => requestId);
  const reservations = await readReservations(sql, requestIds);
  const changes = wanted.map((change): Change => {
    const end = {
      standing: standingAccounts(change.spender),
      reservation: reservations.get(change.requestId) ?? null,
      startedDay: change.day,
    };
    return {
      change,
      before: { ...end, costMicros: change.fromMicros },
      after: { ...end, costMicros: change.costMicros },
    };
  });
  const ids = new Set<string>();
  for (let at = 0; at < changes.length; at += ROWS_PER_STATEMENT)
    for (const id of await writeSome(sql, changes.slice(at, at + ROWS_PER_STATEMENT))) ids.add(id);
  return { ids, moves: changes.filter(({ change }) => ids.has(change.requestId)).flatMap(movesBetween) };
};

/**
 * Moves every counter that adjusted requests stand in, within the transaction that adjusted them and at its end: the gateway's
 * commits wait for it. Whoever keeps counters in memory hears of the moves once it has committed (`Ledger.correct`).
 */
export const moveAdjusted = async (sql: Sql, moves: readonly CounterMove[]): Promise<void> => {
  await moveCounters(sql, moves);
  await forgetMonths(
    sql,
    moves.map(({ day }) => day),
  );
};
