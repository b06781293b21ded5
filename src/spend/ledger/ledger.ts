import type { Day, Micros } from '../../kernel/index.ts';
import type { SharedRow, SqlValue, Tallies } from '../../platform/index.ts';
import { shareAccounts } from './held-accounts.ts';
import { type Account, dayIn } from './rules/account.ts';
import { type Ask, type Hold, heldAt, type Refused, type Standing } from './rules/admit.ts';
import { type Bounds, type Ceiling, UNBOUNDED } from './rules/ceiling.ts';
import { type CounterMove, type DatedHold, divideCost, movesOfEnd } from './rules/settle.ts';
import type { ReservationRow } from './tables.ts';
import { SPEND_COUNTERS } from './tables.ts';

/** A request that wants to spend; `startedAt` is epoch ms and says under which day it is counted. */
export type Reserve = Ask & {
  readonly requestId: string;
  readonly startedAt: number;
  /** How long it may take at most until it is taken for lost. */
  readonly expiresAt: number;
};

/** What a granted request holds until it ends. */
export type Reservation = DatedHold & {
  readonly requestId: string;
  readonly reservedAt: number;
  readonly expiresAt: number;
  /** What it was held against; nothing for one that was read back from its row. */
  readonly bounds: Bounds;
  /** Whether its row is on disk already; otherwise the row of the decision takes it along. */
  readonly isStored: boolean;
};

export type Verdict =
  | {
      readonly effect: 'granted';
      /** null where no limit stands on the request. */
      readonly reservation: Reservation | null;
      readonly lowerMaxTokens: number | null;
      /** What stands against each ceiling, this request left out. */
      readonly standings: readonly Standing[];
    }
  | ({ readonly effect: 'refused' } & Refused)
  /** The store that holds the ledger cannot be reached. */
  | { readonly effect: 'unknown'; readonly error: Error };

/** The end of a request, for the counters. */
export type End = {
  readonly standing: readonly Account[];
  readonly reservation: Reservation | null;
  readonly startedDay: number;
  readonly costMicros: Micros;
};

/** Hears what was spent against a ceiling once a request had ended that was counted under this day; must not throw. */
export type HearSpent = (ceiling: Ceiling, spentMicros: Micros, day: Day) => void;

/**
 * The ledger of one node. Whoever is granted something ends it exactly once: `ended` with what it cost, or `release`
 * when nothing has been written about the request.
 */
export type Ledger = {
  /** `answer` is called exactly once: at once where this process alone holds the ledger, else after the database has said. */
  reserve(ask: Reserve, answer: (verdict: Verdict) => void): void;
  /** Takes note of an end and of what it moves ({@link movesOf}); its tallies go to disk with the usage row. */
  ended(end: End, moves: readonly CounterMove[]): void;
  /** Gives back what was granted to a request of which nothing was written down. */
  release(reservation: Reservation): void;
  /** What stands against the ceilings as far as this node knows, at once. */
  standings(bounds: Bounds, at: number): readonly Standing[];
  /** Takes note of counters that were moved in the database past the ledger: put right, or re-rated. */
  correct(moves: readonly CounterMove[]): void;
  /** Tells of what each ceiling has come to after a request. */
  onSpent(listener: HearSpent): void;
};

const linesOf = (moves: readonly CounterMove[]) =>
  moves.map(({ account, day, openMicros, settledMicros }) => [account, day, openMicros, settledMicros]);

/** The moves of counters as the journal takes them; undefined for none. */
export const talliesOf = (moves: readonly CounterMove[]): Tallies | undefined =>
  moves.length === 0 ? undefined : { table: SPEND_COUNTERS, lines: () => linesOf(moves) };

type Lines = ReturnType<Tallies['lines']>;

const linesOfHold = (hold: DatedHold): Lines =>
  hold.accounts.map((account, at) => [account, dayIn(account, hold.day), heldAt(hold, at), 0]);

/** What making a reservation moves, as the journal takes it: once for its log and once for the table, in short order. */
export const talliesOfHold = (hold: DatedHold): Tallies => {
  let lines: Lines | undefined;
  return {
    table: SPEND_COUNTERS,
    lines: () => {
      lines ??= linesOfHold(hold);
      return lines;
    },
  };
};

/** The moves that the end of a request makes. */
export const movesOf = ({ standing, reservation, startedDay, costMicros }: End): readonly CounterMove[] =>
  movesOfEnd({ standing, hold: reservation, day: startedDay, costMicros });

/** What of a request's cost counted against limits; null is all of it, as it nearly always is. */
export const creditsOf = ({ reservation, costMicros }: End): Micros | null => {
  if (reservation === null || reservation.includedRoomMicros === 0) return null;
  return divideCost(costMicros, reservation.includedRoomMicros).creditsMicros;
};

/** Accounts as JSON; they are the same list for most requests of a caller. */
const textsByAccounts = new WeakMap<readonly Account[], string>();

const textOf = (accounts: readonly Account[]): string => {
  const known = textsByAccounts.get(accounts);
  if (known !== undefined) return known;
  const text = JSON.stringify(accounts);
  textsByAccounts.set(accounts, text);
  return text;
};

/** The JSON of what is held: the accounts, each with how much is held there, or alone where that is the whole amount. */
const heldText = ({ accounts, parts, amountMicros }: Reservation): string => {
  if (parts === null) return textOf(accounts);
  return JSON.stringify(
    accounts.map((account, at) => (parts[at] === amountMicros ? account : [account, parts[at] ?? amountMicros])),
  );
};

type HeldLine = Account | readonly [account: Account, micros: Micros];

const accountIn = (line: HeldLine): Account => (typeof line === 'string' ? line : line[0]);

const heldFrom = ({ accounts, amount_micros }: ReservationRow): Pick<Hold, 'accounts' | 'parts'> => {
  const lines = JSON.parse(accounts) as readonly HeldLine[];
  return {
    accounts: lines.map(accountIn),
    parts: lines.map((line) => (typeof line === 'string' ? amount_micros : line[1])),
  };
};

const rowOf = (reservation: Reservation, node: string, accounts: string): ReservationRow => ({
  request_id: reservation.requestId,
  node,
  reserved_at: reservation.reservedAt,
  expires_at: reservation.expiresAt,
  day: reservation.day,
  amount_micros: reservation.amountMicros,
  included_room_micros: reservation.includedRoomMicros,
  accounts,
});

/** The row of a reservation; `node` is who holds it. */
export const reservationRow = (reservation: Reservation, node: string): ReservationRow =>
  rowOf(reservation, node, heldText(reservation));

const reservationValues = (row: ReservationRow): readonly SqlValue[] => [
  row.request_id,
  row.node,
  row.reserved_at,
  row.expires_at,
  row.day,
  row.amount_micros,
  row.included_room_micros,
  row.accounts,
];

/** A row in the order of `RESERVATIONS`, and what it refers to. */
export type AppendedReservation = { readonly values: readonly SqlValue[]; readonly refersTo: SharedRow | undefined };

/** A reservation as the journal stores it: accounts that many hold the same amount in are stored once. */
export const appendedReservation = (reservation: Reservation, node: string): AppendedReservation => {
  const list = reservation.parts === null ? shareAccounts(reservation.accounts) : undefined;
  const row = list === undefined ? reservationRow(reservation, node) : rowOf(reservation, node, list.id);
  return { values: reservationValues(row), refersTo: list?.row };
};

/** A reservation as its row tells of it. */
export const reservationFrom = (row: ReservationRow): Reservation => ({
  requestId: row.request_id,
  reservedAt: row.reserved_at,
  expiresAt: row.expires_at,
  day: row.day,
  amountMicros: row.amount_micros,
  includedRoomMicros: row.included_room_micros,
  ...heldFrom(row),
  bounds: UNBOUNDED,
  isStored: true,
});
