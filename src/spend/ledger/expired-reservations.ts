import { sql as expression } from 'kysely';
import type { Database, Sql } from '../../platform/index.ts';
import type { SpendTables } from '../tables.ts';
import { type Ledger, type Reservation, reservationFrom } from './ledger.ts';
import { moveCounters } from './move-counters.ts';
import { movesOfHold } from './rules/settle.ts';
import type { LedgerTables } from './tables.ts';

type Tables = LedgerTables & SpendTables;

/** Reservations that expired in a stretch of time and whose requests have no usage row, the oldest first. */
export const findExpired = async (
  sql: Sql,
  { after, until }: { readonly after: number; readonly until: number },
  limit: number,
): Promise<readonly Reservation[]> => {
  const rows = await sql
    .tables<Tables>()
    .selectFrom('reservations')
    .selectAll()
    .where('expires_at', '>', after)
    .where('expires_at', '<=', until)
    .where((row) =>
      row.not(
        row.exists(
          row
            .selectFrom('usage')
            .select(expression`1`.as('one'))
            .whereRef('usage.request_id', '=', 'reservations.request_id'),
        ),
      ),
    )
    .orderBy('expires_at')
    .limit(limit)
    .execute();
  return rows.map(reservationFrom);
};

/** Gives those of these requests more time whose reservations would expire `before`. */
export const prolong = async (
  sql: Sql,
  requestIds: readonly string[],
  { before, until }: { readonly before: number; readonly until: number },
): Promise<void> => {
  if (requestIds.length === 0) return;
  await sql
    .tables<Tables>()
    .updateTable('reservations')
    .set({ expires_at: until })
    .where('request_id', 'in', requestIds)
    .where('expires_at', '<', before)
    .execute();
};

/** Removes a reservation of which no request was ever recorded, and gives back what it held. */
export const releaseExpired = async (database: Database, reservation: Reservation, ledger: Ledger): Promise<void> => {
  const moves = movesOfHold(reservation).map((move) => ({ ...move, openMicros: 0 - move.openMicros }));
  const isOurs = await database.transaction(async (sql) => {
    const { numDeletedRows } = await sql
      .tables<Tables>()
      .deleteFrom('reservations')
      .where('request_id', '=', reservation.requestId)
      .executeTakeFirst();
    if (Number(numDeletedRows) > 0) await moveCounters(sql, moves);
    return Number(numDeletedRows) > 0;
  });
  if (isOurs) ledger.correct(moves);
};
