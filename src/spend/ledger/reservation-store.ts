import type { Sql } from '../../platform/index.ts';
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
    for (const row of rows) found.set(row.request_id, reservationFrom(row));
  }
  return found;
};
