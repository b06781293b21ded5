import { sql as expression } from 'kysely';
import type { AccessTables } from '../../access/index.ts';
import type { Database, Sql } from '../../platform/index.ts';
import type { SpendTables, UsageRow } from '../tables.ts';
import { type Ledger, type Reservation, reservationFrom } from './ledger.ts';
import { moveCounters } from './move-counters.ts';
import { holdReservation } from './reservation-store.ts';
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

/**
 * Reservations of a node whose requests were never recorded and that have not expired, the oldest first: the node ended
 * between the two. Those that have expired are `findExpired`'s.
 */
export const findUnrecorded = async (
  sql: Sql,
  { node, at }: { readonly node: string; readonly at: number },
  limit: number,
): Promise<readonly Reservation[]> => {
  const rows = await sql
    .tables<Tables & Pick<AccessTables, 'request_log'>>()
    .selectFrom('reservations')
    .leftJoin('request_log', 'request_log.id', 'reservations.request_id')
    .leftJoin('usage', 'usage.request_id', 'reservations.request_id')
    .selectAll('reservations')
    .where('reservations.expires_at', '>', at)
    .where('reservations.node', '=', node)
    .where('request_log.id', 'is', null)
    .where('usage.request_id', 'is', null)
    .orderBy('reservations.expires_at')
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

/**
 * Ends a reservation of which no request was ever recorded: gives back what it held and writes `row`, which cost nothing.
 * Its node may be cut off rather than dead; its own end then finds this one and takes its place (`trueUp`).
 */
export const closeUnrecorded = async (
  database: Database,
  { reservation, row, ledger }: { readonly reservation: Reservation; readonly row: UsageRow; readonly ledger: Ledger },
): Promise<void> => {
  const moves = movesOfHold(reservation).map((move) => ({ ...move, openMicros: 0 - move.openMicros }));
  const isOurs = await database.transaction(async (sql) => {
    if (!(await holdReservation(sql, reservation.requestId))) return false;
    const { numInsertedOrUpdatedRows } = await sql
      .tables<Tables>()
      .insertInto('usage')
      .values(row)
      .onConflict((conflict) => conflict.doNothing())
      .executeTakeFirst();
    const isEnded = Number(numInsertedOrUpdatedRows) > 0;
    if (isEnded) await moveCounters(sql, moves);
    return isEnded;
  });
  if (isOurs) ledger.correct(moves);
};
