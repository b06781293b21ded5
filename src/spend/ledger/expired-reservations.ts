import { sql as raw } from 'kysely';
import type { AccessTables } from '../../access/index.ts';
import { firstIdAt } from '../../kernel/index.ts';
import type { Database, Sql } from '../../platform/index.ts';
import type { SpendTables, UsageRow } from '../tables.ts';
import { spellOut } from './held-accounts.ts';
import { type Ledger, type Reservation, reservationFrom } from './ledger.ts';
import { moveCounters } from './move-counters.ts';
import { holdReservation } from './reservation-store.ts';
import { movesOfHold } from './rules/settle.ts';
import { type LedgerTables, REQUEST_HELD_MS, type ReservationRow } from './tables.ts';

type Tables = LedgerTables & SpendTables;

/** A request's id is made in the same moment as its start is read; clocks may be set between the two. */
const ID_MARGIN_MS = 60_000;

/** Reservations that expire after one time, and no later than another where there is one. */
type Span = { readonly after: number; readonly until?: number };

const inSpan = ({ after, until }: Span) => [
  raw<boolean>`reservations.expires_at > ${after}`,
  ...(until === undefined ? [] : [raw<boolean>`reservations.expires_at <= ${until}`]),
];

/** When a reservation of the usual length expires, its id tells: those are read by their primary key. */
const idsInSpan = ({ after, until }: Span) => {
  const idAt = (ms: number) => firstIdAt('request', ms - REQUEST_HELD_MS);
  const from = raw<boolean>`reservations.request_id >= ${idAt(after - ID_MARGIN_MS)}`;
  return until === undefined ? [from] : [from, raw<boolean>`reservations.request_id < ${idAt(until + ID_MARGIN_MS)}`];
};

/** In the words of the index over them, or it is not used. */
const OF_OTHER_LENGTHS = raw<boolean>`reservations.expires_at <> reservations.reserved_at + ${raw.lit(REQUEST_HELD_MS)}`;

/** What expires in a span as two conditions that together hold all of it, each of which both engines look up quickly. */
const expiringIn = (span: Span) => [
  raw.join<boolean>([...idsInSpan(span), ...inSpan(span)], raw` AND `),
  raw.join<boolean>([OF_OTHER_LENGTHS, ...inSpan(span)], raw` AND `),
];

/** The soonest of what was found, each once. */
const soonest = async (sql: Sql, found: readonly ReservationRow[], limit: number): Promise<readonly Reservation[]> => {
  const rows = [...new Map(found.map((row) => [row.request_id, row])).values()]
    .sort((one, other) => one.expires_at - other.expires_at)
    .slice(0, limit);
  return (await spellOut(sql, rows)).map(reservationFrom);
};

/** Reservations that expired in a stretch of time and whose requests have no usage row, the oldest first. */
export const findExpired = async (
  sql: Sql,
  span: { readonly after: number; readonly until: number },
  limit: number,
): Promise<readonly Reservation[]> => {
  const unended = sql
    .tables<Tables>()
    .selectFrom('reservations')
    .selectAll()
    .where((row) =>
      row.not(
        row.exists(
          row.selectFrom('usage').select(raw`1`.as('one')).whereRef('usage.request_id', '=', 'reservations.request_id'),
        ),
      ),
    )
    .orderBy('expires_at')
    .limit(limit);
  const found: ReservationRow[] = [];
  for (const expiring of expiringIn(span)) found.push(...(await unended.where(expiring).execute()));
  return soonest(sql, found, limit);
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
  const unrecorded = sql
    .tables<Tables & Pick<AccessTables, 'request_log'>>()
    .selectFrom('reservations')
    .leftJoin('request_log', 'request_log.id', 'reservations.request_id')
    .leftJoin('usage', 'usage.request_id', 'reservations.request_id')
    .selectAll('reservations')
    .where('reservations.node', '=', node)
    .where('request_log.id', 'is', null)
    .where('usage.request_id', 'is', null)
    .orderBy('reservations.expires_at')
    .limit(limit);
  const found: ReservationRow[] = [];
  for (const expiring of expiringIn({ after: at })) found.push(...(await unrecorded.where(expiring).execute()));
  return soonest(sql, found, limit);
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
