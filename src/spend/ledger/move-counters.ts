import { sql as raw } from 'kysely';
import { type Sql, sumTallies } from '../../platform/index.ts';
import { talliesOf } from './ledger.ts';
import type { CounterMove } from './rules/settle.ts';
import type { LedgerTables } from './tables.ts';

const LINES_PER_STATEMENT = 1000;

/**
 * Moves counters within the caller's transaction, each line once and in the order in which the journal moves them too:
 * transactions that meet wait for one another, in no circle.
 */
export const moveCounters = async (sql: Sql, moves: readonly CounterMove[]): Promise<void> => {
  const tallies = talliesOf(moves);
  const [sums] = sumTallies(tallies === undefined ? [] : [tallies]);
  const lines = sums?.lines ?? [];
  for (let at = 0; at < lines.length; at += LINES_PER_STATEMENT)
    await sql
      .tables<LedgerTables>()
      .insertInto('spend_counters')
      .values(
        lines.slice(at, at + LINES_PER_STATEMENT).map(([account, day, open, settled]) => ({
          account: String(account),
          day: Number(day),
          open_micros: Number(open),
          settled_micros: Number(settled),
        })),
      )
      .onConflict((conflict) =>
        conflict.columns(['account', 'day']).doUpdateSet({
          open_micros: raw`spend_counters.open_micros + excluded.open_micros`,
          settled_micros: raw`spend_counters.settled_micros + excluded.settled_micros`,
        }),
      )
      .execute();
};
