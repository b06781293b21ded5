import type { Micros } from '../../kernel/index.ts';
import type { Database, Sql } from '../../platform/index.ts';
import type { SpendTables, UsageRow } from '../tables.ts';
import { type End, movesOf } from './ledger.ts';
import { moveCounters } from './move-counters.ts';

/** Replaces an estimate; answers what it had cost, or undefined when there is none (any more). */
const replaceEstimate = async (sql: Sql, row: UsageRow): Promise<Micros | undefined> => {
  const tables = sql.tables<SpendTables>();
  for (;;) {
    const estimate = await tables
      .selectFrom('usage')
      .select('cost_micros')
      .where('request_id', '=', row.request_id)
      .where('settled_as', '=', 'expired')
      .executeTakeFirst();
    if (estimate === undefined) return undefined;
    const { numUpdatedRows } = await tables
      .updateTable('usage')
      .set(row)
      .where('request_id', '=', row.request_id)
      .where('settled_as', '=', 'expired')
      .where('cost_micros', '=', estimate.cost_micros)
      .executeTakeFirst();
    if (numUpdatedRows > 0n) return estimate.cost_micros;
    // It was re-rated since it was read.
  }
};

/**
 * Puts the real end of a request in the place of the estimate with which another node closed it, having taken this one for
 * dead, and moves the counters by the difference. Does nothing when the row is no such estimate: an end is written once.
 */
export const trueUp = (database: Database, row: UsageRow, end: End): Promise<void> =>
  database.transaction(async (sql) => {
    if (row.settled_as === 'expired') return;
    const costMicros = await replaceEstimate(sql, row);
    if (costMicros === undefined) return;
    const before = movesOf({ ...end, costMicros });
    const moves = movesOf(end).map((move, index) => ({
      ...move,
      // The estimate has given back what was held.
      openMicros: 0,
      settledMicros: move.settledMicros - (before[index]?.settledMicros ?? 0),
    }));
    await moveCounters(sql, moves);
  });
