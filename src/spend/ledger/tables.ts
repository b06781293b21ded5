import type { AppendTable, TallyTable } from '../../platform/index.ts';

/**
 * The ledger's tables. A reservation is made before a request goes out and is open until the request has its usage row,
 * whose `settled_as` is the one state it ends in. Counters are sums of both, moved by the same commits; they can be made
 * again from the rows.
 */
export type LedgerTables = {
  reservations: ReservationRow;
  /** Lists of accounts that reservations refer to, as JSON. */
  held_accounts: { id: string; accounts: string };
  spend_counters: { account: string; day: number; open_micros: number; settled_micros: number };
};

/**
 * How long a request holds money until it is taken for lost: no answer of a model takes this long, and one that does is given
 * more time while it runs. An index has the reservations that are held for another time
 * (entries of batches, requests that take longer): a change of this needs another index.
 */
export const REQUEST_HELD_MS = 3_600_000;

export type ReservationRow = {
  request_id: string;
  /** The node that made it and will settle it. */
  node: string;
  reserved_at: number;
  /** From then on any node may close it with an estimate. */
  expires_at: number;
  /** The day (UTC) it is counted under, however long the request runs. */
  day: number;
  amount_micros: number;
  /** What was left of the seat's included usage: so much of the cost counts against no limit. */
  included_room_micros: number;
  /**
   * JSON: the accounts it is counted in, alone where all of the amount is held, else with how much; or the id of such a list
   * (`held-accounts.ts`).
   */
  accounts: string;
};

/** `reservations` for the journal; the values are those of one row in this order. */
export const RESERVATIONS: AppendTable = {
  name: 'reservations',
  columns: [
    'request_id',
    'node',
    'reserved_at',
    'expires_at',
    'day',
    'amount_micros',
    'included_room_micros',
    'accounts',
  ],
};

export const SPEND_COUNTERS: TallyTable = {
  name: 'spend_counters',
  keys: ['account', 'day'],
  sums: ['open_micros', 'settled_micros'],
};
