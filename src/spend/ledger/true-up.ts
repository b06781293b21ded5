import type { Database } from '../../platform/index.ts';
import type { SpendTables, UsageRow } from '../tables.ts';
import { type End, movesOf } from './ledger.ts';
import { moveCounters } from './move-counters.ts';

/**
 * Puts the real end of a request in the place of the estimate with which another node closed it, having taken this one for
 * dead, and moves the counters by the difference. Does nothing when the row is no such estimate: an end is written once.
 */
export const trueUp = (database: Database, row: UsageRow, end: End): Promise<void> =>
  database.transaction(async (sql) => {
    const tables = sql.tables<SpendTables>();
    const estimate = await tables
      .selectFrom('usage')
      .select('cost_micros')
      .where('request_id', '=', row.request_id)
      .where('settled_as', '=', 'expired')
      .executeTakeFirst();
    if (estimate === undefined || row.settled_as === 'expired') return;
    const { numUpdatedRows } = await tables
      .updateTable('usage')
      .set(row)
      .where('request_id', '=', row.request_id)
      .where('settled_as', '=', 'expired')
      .where('cost_micros', '=', estimate.cost_micros)
      .executeTakeFirst();
    if (numUpdatedRows === 0n) return;
    const before = movesOf({ ...end, costMicros: estimate.cost_micros });
    const moves = movesOf(end).map((move, index) => ({
      ...move,
      // The estimate has given back what was held.
      openMicros: 0,
      settledMicros: move.settledMicros - (before[index]?.settledMicros ?? 0),
    }));
    await moveCounters(sql, moves);
  });
