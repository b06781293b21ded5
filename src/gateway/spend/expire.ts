import type { AccessTables } from '../../access/index.ts';
import { DAY_MS } from '../../kernel/index.ts';
import type { Database, Log } from '../../platform/index.ts';
import { closeUnrecorded, findExpired, prolong, type Reservation } from '../../spend/index.ts';
import { type CloseDeps, closeUnseen, unrecordedUsage } from '../recover.ts';

const PAGE = 500;

/** A reservation of a request that still runs is prolonged this long before it would expire. */
const PROLONG_MS = 600_000;

/** How far back the first look goes; later ones begin where the one before ended. */
const FIRST_LOOK_MS = 45 * DAY_MS;

/** Rows of the same moment may become visible a little later than others. */
const OVERLAP_MS = 60_000;

type ExpireDeps = CloseDeps & {
  readonly log: Log;
  /** The requests that this node is serving now. */
  readonly runningIds: () => readonly string[];
  /** Those that have ended here and whose rows wait for the store. */
  readonly waitingIds: () => readonly string[];
};

const requestRows = async (database: Database, reservations: readonly Reservation[]) => {
  const ids = reservations.map(({ requestId }) => requestId);
  const rows = await database
    .tables<AccessTables>()
    .selectFrom('requests')
    .selectAll()
    .where('id', 'in', ids)
    .execute();
  return new Map(rows.map((row) => [row.id, row]));
};

/**
 * Closes reservations whose time is over and whose request has no end: their node died and has not come back. A request
 * that was recorded gets an estimate, one that never was cost nothing as far as anybody can say. Those that run here get more time
 * first; those that have ended here, and whose rows are on their way, have given back what they held already.
 */
export const createExpireReservations = (deps: ExpireDeps): (() => Promise<void>) => {
  const { database, now, log, runningIds, waitingIds, ledger, pricing } = deps;
  let lookedUntil = now() - FIRST_LOOK_MS;

  const close = async (expired: readonly Reservation[]): Promise<void> => {
    const rows = await requestRows(database, expired);
    for (const reservation of expired) {
      const row = rows.get(reservation.requestId);
      if (row !== undefined) closeUnseen(deps, row, reservation);
      else
        await closeUnrecorded(database, {
          reservation,
          row: unrecordedUsage(reservation, pricing().book, now()),
          ledger,
        });
    }
    await database.journal.flush();
  };

  return async () => {
    const until = now();
    await prolong(database, runningIds(), { before: until + PROLONG_MS, until: until + 2 * PROLONG_MS });
    let closed = 0;
    for (;;) {
      const running = runningIds();
      await database.journal.flush();
      const known = new Set([...running, ...waitingIds()]);
      const found = await findExpired(database, { after: lookedUntil - OVERLAP_MS, until }, PAGE);
      const expired = found.filter(({ requestId }) => !known.has(requestId));
      if (expired.length === 0) break;
      await close(expired);
      closed += expired.length;
      if (found.length < PAGE) break;
    }
    lookedUntil = until;
    if (closed > 0) log.warn({ closed }, 'reservations of requests that never ended were closed');
  };
};
