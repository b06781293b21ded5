import type { Sql } from '../../platform/index.ts';
import type { SpendTables } from '../tables.ts';
import { spellOut } from './held-accounts.ts';
import { type Reservation, reservationFrom } from './ledger.ts';
import type { LedgerTables } from './tables.ts';

const IDS_PER_READING = 1000;

/** The reservations of some requests; those that held nothing are absent. */
export const readReservations = async (
  sql: Sql,
  requestIds: readonly string[],
): Promise<ReadonlyMap<string, Reservation>> => {
  const found = new Map<string, Reservation>();
  for (let at = 0; at < requestIds.length; at += IDS_PER_READING) {
    const rows = await sql
      .tables<LedgerTables>()
      .selectFrom('reservations')
      .selectAll()
      .where('request_id', 'in', requestIds.slice(at, at + IDS_PER_READING))
      .execute();
    for (const row of await spellOut(sql, rows)) found.set(row.request_id, reservationFrom(row));
  }
  return found;
};

/**
 * Keeps a reservation to this transaction until it ends: whoever else would give it back waits, and then finds what was
 * done. False when there is none.
 */
export const holdReservation = async (sql: Sql, requestId: string): Promise<boolean> => {
  const { numUpdatedRows } = await sql
    .tables<LedgerTables>()
    .updateTable('reservations')
    .set((row) => ({ expires_at: row.ref('expires_at') }))
    .where('request_id', '=', requestId)
    .executeTakeFirst();
  return Number(numUpdatedRows) > 0;
};

/** Removes a reservation that has no end; false when there is none, or when it has been ended meanwhile. */
export const removeReservation = async (sql: Sql, requestId: string): Promise<boolean> => {
  if (!(await holdReservation(sql, requestId))) return false;
  const tables = sql.tables<LedgerTables & Pick<SpendTables, 'usage'>>();
  const end = await tables.selectFrom('usage').select('request_id').where('request_id', '=', requestId).execute();
  if (end.length > 0) return false;
  await tables.deleteFrom('reservations').where('request_id', '=', requestId).execute();
  return true;
};

/**
 * Removes reservations whose requests were told that they hold nothing, because nobody heard whether they had been made;
 * answers those that had been. Their ends give nothing back, but the estimate of whoever found them expired has.
 */
export const removeUnheard = async (sql: Sql, requestIds: readonly string[]): Promise<readonly Reservation[]> => {
  const tables = sql.tables<LedgerTables & Pick<SpendTables, 'usage'>>();
  const removed: Reservation[] = [];
  for (const [requestId, reservation] of await readReservations(sql, requestIds)) {
    if (!(await holdReservation(sql, requestId))) continue;
    const ends = tables.selectFrom('usage').select('request_id').where('request_id', '=', requestId);
    if ((await ends.where('settled_as', '=', 'expired').execute()).length > 0) continue;
    await tables.deleteFrom('reservations').where('request_id', '=', requestId).execute();
    removed.push(reservation);
  }
  return removed;
};
