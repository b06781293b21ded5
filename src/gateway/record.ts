import {
  joinRequest,
  REQUEST_LOG,
  type RequestLogRow,
  type RequestRow,
  requestLogValues,
  type SharedKind,
} from '../access/index.ts';
import { isUniqueViolation, type Journal } from '../platform/index.ts';
import {
  appendedReservation,
  type CounterMove,
  type End,
  type Ledger,
  movesOf,
  RESERVATIONS,
  type Reservation,
  type TypicalOutput,
  talliesOf,
  talliesOfHold,
  USAGE,
  type UsageRow,
  usageValues,
} from '../spend/index.ts';
import type { DecidedRequest } from './decided-request.ts';
import { createKindsOfRequests } from './kinds-of-requests.ts';
import { type ChargeableRequest, type Charging, createUsageRow, type Ending } from './usage-row.ts';

const logRow = (request: DecidedRequest, kindId: string): RequestLogRow => {
  const { client } = request;
  return {
    id: request.id,
    started_at: request.startedAt,
    kind_id: kindId,
    user_id: request.caller.userId,
    session_id: client.sessionId,
    agent_id: client.agentId,
    parent_agent_id: client.parentAgentId,
    body_bytes: request.bodyBytes,
    policy_version: request.decision.policyVersion,
  };
};

export type Recorder = {
  /** Writes down what was decided; `stored` is called once it is on disk, with the error when it could not be. */
  decided(request: DecidedRequest, stored: (error?: Error) => void): void;
  /** Writes down a decision that could not be stored before its request went out, as `ended` writes usage. */
  decidedLate(request: DecidedRequest): void;
  /** Writes down what was used. A row that cannot be stored is kept and tried again until it is. */
  ended(request: ChargeableRequest, ending: Ending): void;
  /** As `ended`; resolves when the row is on disk, also when it was there before. Rejects, and keeps nothing, otherwise. */
  endedDurably(request: ChargeableRequest, ending: Ending): Promise<void>;
  /** The requests whose rows could not be stored yet and wait to be tried again. */
  waitingIds(): readonly string[];
};

const RETRY_MS = 1000;

/** Nobody waits for usage rows: they go to disk with the decisions of a busy moment, or by themselves after this long. */
const USAGE_PATIENCE_MS = 50;

/** How many rows wait in memory while the store is away; beyond it they are given up, loudly. */
const WAITING_MAX = 100_000;

/** A row on its way to the disk, with what it adds to the counters. */
type Entry =
  | { readonly kind: 'request'; readonly row: RequestLogRow; readonly shared: SharedKind }
  | { readonly kind: 'reservation'; readonly row: Reservation }
  | { readonly kind: 'usage'; readonly row: UsageRow; readonly end: End; readonly moves: readonly CounterMove[] };

/** What is told of a row that had to be given up. */
const toldOf = (entry: Entry): RequestRow | UsageRow | Reservation =>
  entry.kind === 'request' ? joinRequest(entry.shared.kind, entry.row) : entry.row;

const NO_MOVES: readonly CounterMove[] = [];

/** Nothing is counted of what cost nothing and held nothing. */
const movesOfClosing = (end: End): readonly CounterMove[] =>
  end.costMicros === 0 && end.reservation === null ? NO_MOVES : movesOf(end);

/**
 * Records requests through the journal, and moves the ledger's counters in the same commits. `lost` hears of rows that had
 * to be given up, `expired` of a usage row that came after its reservation had been closed with an estimate.
 */
export const createRecorder = (options: {
  readonly journal: Journal;
  /** The book in force when a request ends. */
  readonly pricing: () => Charging;
  readonly node: string;
  readonly ledger: Ledger;
  readonly typicalOutput: TypicalOutput;
  readonly lost: (row: RequestRow | UsageRow | Reservation, error: Error) => void;
  readonly expired: (row: UsageRow, end: End) => void;
}): Recorder => {
  const { journal, pricing, node, ledger, typicalOutput, lost, expired } = options;
  const usageRow = createUsageRow(pricing);
  const kindOf = createKindsOfRequests(node);
  const waiting = new Set<Entry>();
  /** What was used by requests whose own rows are not stored yet: a bill without its request adds up with nothing. */
  const behind = new Map<string, (Entry & { readonly kind: 'usage' })[]>();

  const requestEntry = (request: DecidedRequest): Entry => {
    const shared = kindOf(request);
    return { kind: 'request', row: logRow(request, shared.id), shared };
  };

  const append = (entry: Entry, stored: (error?: Error) => void, isCertain = false): void => {
    if (entry.kind === 'request')
      journal.append(REQUEST_LOG, requestLogValues(entry.row), stored, { refersTo: entry.shared.row, isCertain });
    else if (entry.kind === 'reservation') {
      const { values, refersTo } = appendedReservation(entry.row, node);
      journal.append(RESERVATIONS, values, stored, { tallies: talliesOfHold(entry.row), refersTo, isCertain });
    } else {
      const more = { patienceMs: USAGE_PATIENCE_MS, tallies: talliesOf(entry.moves) };
      journal.append(USAGE, usageValues(entry.row), stored, more);
    }
  };

  const goOnBehind = (entry: Entry): void => {
    if (entry.kind !== 'request' || behind.size === 0) return;
    const { id } = entry.row;
    const entries = behind.get(id) ?? [];
    behind.delete(id);
    for (const one of entries) store(one);
  };

  const store = (entry: Entry): void =>
    append(entry, (error) => {
      if (error === undefined) {
        goOnBehind(entry);
        return;
      }
      if (isUniqueViolation(error)) {
        // A row that is there already was stored by a try whose answer got lost, or by whoever took us for dead.
        if (entry.kind === 'usage' && entry.end.reservation !== null) expired(entry.row, entry.end);
        goOnBehind(entry);
        return;
      }
      if (waiting.size >= WAITING_MAX) {
        lost(toldOf(entry), error);
        goOnBehind(entry);
        return;
      }
      waiting.add(entry);
      setTimeout(() => {
        waiting.delete(entry);
        store(entry);
      }, RETRY_MS).unref();
    });

  const unstored = ({ reservation }: DecidedRequest): Reservation | undefined =>
    reservation == null || reservation.isStored ? undefined : reservation;

  return {
    decided: (request, stored) => {
      const reservation = unstored(request);
      // Both rows are queued in one step, so they share a commit: a failure of one is a failure of the other.
      if (reservation !== undefined) append({ kind: 'reservation', row: reservation }, () => undefined, true);
      append(requestEntry(request), stored, true);
    },
    decidedLate: (request) => {
      const reservation = unstored(request);
      if (reservation !== undefined) store({ kind: 'reservation', row: reservation });
      behind.set(request.id, []);
      store(requestEntry(request));
    },
    ended: (request, ending) => {
      const { row, end } = usageRow(request, ending);
      const moves = movesOfClosing(end);
      ledger.ended(end, moves);
      if (ending.isComplete && row.output_tokens > 0) typicalOutput.learn(request.decision.model.id, row.output_tokens);
      const entry = { kind: 'usage', row, end, moves } as const;
      // Looking up an id that is in no map is dear: V8 first makes it one of the strings it keeps.
      const before = behind.size === 0 ? undefined : behind.get(request.id);
      if (before === undefined) store(entry);
      else before.push(entry);
    },
    endedDurably: (request, ending) =>
      new Promise((resolve, reject) => {
        const { row, end } = usageRow(request, ending);
        const moves = movesOfClosing(end);
        append({ kind: 'usage', row, end, moves }, (error) => {
          if (error === undefined) ledger.ended(end, moves);
          if (error === undefined || isUniqueViolation(error)) resolve();
          else reject(error);
        });
      }),
    waitingIds: () =>
      [...waiting, ...[...behind.values()].flat()].flatMap((entry) =>
        entry.kind === 'usage' ? entry.row.request_id : [],
      ),
  };
};
