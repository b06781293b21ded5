import type { AccessTables } from '../../access/index.ts';
import { dayOf, type Micros } from '../../kernel/index.ts';
import type { Sql } from '../../platform/index.ts';
import { forgetMonths } from '../months/month-store.ts';
import type { SpendTables } from '../tables.ts';
import { creditsOf, type End, movesOf, type Reservation } from './ledger.ts';
import { moveCounters } from './move-counters.ts';
import { readReservations } from './reservation-store.ts';
import { standingAccounts } from './rules/account.ts';
import type { CounterMove } from './rules/settle.ts';

/** What a request costs from now on, and the version of the price book that says so. */
export type CostChange = {
  readonly requestId: string;
  readonly costMicros: Micros;
  readonly priced: boolean;
  readonly priceBook: string;
};

type Tables = SpendTables & Pick<AccessTables, 'requests'>;

const readEnded = (sql: Sql, ids: readonly string[]) =>
  sql
    .tables<Tables>()
    .selectFrom('usage')
    .innerJoin('requests', 'requests.id', 'usage.request_id')
    .select([
      'requests.id',
      'requests.started_at',
      'requests.user_id',
      'requests.group_id',
      'requests.api_key_id',
      'requests.workspace_id',
      'requests.model_id',
      'usage.cost_micros',
    ])
    .where('usage.request_id', 'in', [...ids])
    .execute();

type Ended = Awaited<ReturnType<typeof readEnded>>[number];

/** The end of a request as the ledger has counted it. */
const endOf = (row: Ended, reservation: Reservation | null): End => ({
  standing: standingAccounts({
    userId: row.user_id,
    groupId: row.group_id,
    keyId: row.api_key_id,
    workspaceId: row.workspace_id,
    modelId: row.model_id,
  }),
  reservation,
  startedDay: dayOf(row.started_at),
  costMicros: row.cost_micros,
});

/** What the other cost moves: the hold has been given back by the first end. */
const movesBetween = (before: End, after: End): readonly CounterMove[] => {
  const earlier = movesOf(before);
  return movesOf(after)
    .map((move, at) => ({
      ...move,
      openMicros: 0,
      settledMicros: move.settledMicros - (earlier[at]?.settledMicros ?? 0),
    }))
    .filter(({ settledMicros }) => settledMicros !== 0);
};

/** Writes the other cost; false when the row has meanwhile come to another one, and its counters with it. */
const writeCost = async (sql: Sql, { costMicros, priced, priceBook }: CostChange, row: Ended, after: End) => {
  const { numUpdatedRows } = await sql
    .tables<Tables>()
    .updateTable('usage')
    .set({
      cost_micros: costMicros,
      priced: priced ? 1 : 0,
      price_book: priceBook,
      credits_micros: creditsOf(after),
    })
    .where('request_id', '=', row.id)
    .where('cost_micros', '=', row.cost_micros)
    .executeTakeFirst();
  return numUpdatedRows > 0n;
};

/**
 * Puts other costs in the place of those that were charged, within the caller's transaction, and moves every counter the
 * requests stand in by the difference. What a seat included still comes first: as much of the other cost counts against no
 * limit as there was room for. Requests that have not ended change nothing. Answers what was moved, for whoever keeps
 * counters in memory (`Ledger.correct`, once the transaction has committed).
 */
export const adjustCosts = async (sql: Sql, changes: readonly CostChange[]): Promise<readonly CounterMove[]> => {
  if (changes.length === 0) return [];
  const byId = new Map(changes.map((change) => [change.requestId, change]));
  const ids = [...byId.keys()];
  const reservations = await readReservations(sql, ids);
  const moves: CounterMove[] = [];
  for (const row of await readEnded(sql, ids)) {
    const change = byId.get(row.id);
    if (change === undefined) continue;
    const before = endOf(row, reservations.get(row.id) ?? null);
    const after = { ...before, costMicros: change.costMicros };
    if (await writeCost(sql, change, row, after)) moves.push(...movesBetween(before, after));
  }
  await moveCounters(sql, moves);
  await forgetMonths(
    sql,
    moves.map(({ day }) => day),
  );
  return moves;
};
