import {
  type Caller,
  type Decision,
  type PackedDecision,
  packDecision,
  REQUESTS,
  type RequestRow,
  requestValues,
  type Wanted,
} from '../access/index.ts';
import { dayOf } from '../kernel/index.ts';
import { isUniqueViolation, type Journal, type Tally } from '../platform/index.ts';
import {
  type Charge,
  type ChargeQuestion,
  createCharge,
  creditsOf,
  type End,
  estimateInputTokens,
  estimateUsage,
  type Ledger,
  type MeteredMessage,
  movesOf,
  movesOfHold,
  NO_USAGE,
  type PriceBook,
  RESERVATIONS,
  type Reservation,
  reservationRow,
  reservationValues,
  standingAccounts,
  type TypicalOutput,
  talliesOf,
  USAGE,
  type UsageOutcome,
  type UsageRow,
  usageValues,
} from '../spend/index.ts';
import type { ClientFacts } from './describe-client.ts';

/** What is known of a request when it has been decided. */
export type DecidedRequest = {
  readonly id: string;
  readonly startedAt: number;
  readonly endpoint: RequestRow['endpoint'];
  readonly caller: Pick<Caller, 'credential' | 'userId' | 'groupId' | 'workspaceId'>;
  readonly client: ClientFacts;
  readonly stream: boolean;
  readonly bodyBytes: number;
  readonly decision: Decision;
  readonly wanted: Wanted;
  /** The decision as it is stored, where that has been worked out before. */
  readonly packed?: PackedDecision;
  /** What it holds in the ledger until it ends; null or absent where no limit stands on it. */
  readonly reservation?: Reservation | null;
};

const requestRow = (request: DecidedRequest, node: string): RequestRow => {
  const { caller, client, decision } = request;
  const packed = request.packed ?? packDecision(decision, request.wanted);
  return {
    id: request.id,
    started_at: request.startedAt,
    node,
    endpoint: request.endpoint,
    user_id: caller.userId,
    group_id: caller.groupId,
    api_key_id: caller.credential.id,
    client: client.client,
    session_id: client.sessionId,
    agent_id: client.agentId,
    parent_agent_id: client.parentAgentId,
    stream: request.stream ? 1 : 0,
    body_bytes: request.bodyBytes,
    effect: decision.effect,
    reason: packed.reason,
    model_asked: decision.model.asked,
    model_used: decision.model.used,
    model_id: decision.model.id,
    effort_asked: decision.effort.asked,
    effort_used: decision.effort.used,
    effort_cap: decision.effort.cap,
    policy_version: decision.policyVersion,
    findings: packed.findings,
    wanted: packed.wanted,
    workspace_id: caller.workspaceId,
  };
};

/** How a request that reached an upstream ended. */
export type Ending = {
  readonly endedAt: number;
  readonly outcome: UsageOutcome;
  readonly status: number | null;
  readonly upstream: string | null;
  readonly upstreamRequestId: string | null;
  readonly metered: MeteredMessage;
  /** Whether the provider told its final counts. */
  readonly isComplete: boolean;
  /** Bytes of generated text seen, for an answer that broke off. */
  readonly textBytes: number;
  readonly firstByteMs: number | null;
  readonly totalMs: number;
  readonly batch?: boolean;
};

/** What of a request its price depends on. */
export type ChargeableRequest = Pick<DecidedRequest, 'id' | 'startedAt' | 'endpoint' | 'bodyBytes' | 'reservation'> & {
  readonly caller: Pick<Caller, 'userId' | 'groupId' | 'workspaceId'> & {
    readonly credential: { readonly id: string };
  };
  readonly decision: { readonly model: Pick<Decision['model'], 'id'> };
};

/** The end of a request as the ledger counts it. */
export const endOf = ({ caller, decision, reservation, startedAt }: ChargeableRequest, costMicros: number): End => ({
  standing: standingAccounts({
    userId: caller.userId,
    groupId: caller.groupId,
    keyId: caller.credential.id,
    workspaceId: caller.workspaceId,
    modelId: decision.model.id,
  }),
  reservation: reservation ?? null,
  startedDay: dayOf(startedAt),
  costMicros,
});

const settledAs = ({ outcome }: Ending, { reservation, costMicros }: End): UsageRow['settled_as'] => {
  if (reservation === null) return null;
  if (outcome === 'interrupted') return 'expired';
  return costMicros === 0 ? 'released' : 'settled';
};

/** Errors of the provider cost nothing. An error of ours, in place of an answer that was under way, does not make it free. */
const isFree = ({ endpoint }: ChargeableRequest, { status, outcome }: Ending): boolean =>
  endpoint === 'count_tokens' ||
  (status !== null && status >= 400 && outcome !== 'revoked' && outcome !== 'interrupted');

/** What is charged: the provider's own counts, or our reckoning of an answer that nobody saw the end of. */
const chargedUsage = (request: ChargeableRequest, ending: Ending) => {
  const { metered, isComplete } = ending;
  if (isFree(request, ending)) return { usage: NO_USAGE, estimated: false };
  if (isComplete) return { usage: metered.usage, estimated: false };
  const hasInput = metered.usage.inputTokens + metered.usage.cacheReadTokens + metered.usage.cacheWrite5mTokens > 0;
  const known = hasInput ? metered.usage : { ...metered.usage, inputTokens: estimateInputTokens(request.bodyBytes) };
  return { usage: estimateUsage(known, ending.textBytes), estimated: true };
};

/** A price book and how to charge by it. */
type Pricing = { readonly book: PriceBook; readonly charge: (question: ChargeQuestion) => Charge };

/** A usage row with the end it makes in the ledger. */
type Ended = { readonly row: UsageRow; readonly end: End };

/** The usage row of a request: what it used, what that costs on the day it started, and how it ended. */
const usageRowOf = (request: ChargeableRequest, ending: Ending, { book, charge }: Pricing): Ended => {
  const { usage, estimated } = chargedUsage(request, ending);
  const model = ending.metered.model ?? request.decision.model.id;
  const cost = charge({ model, usage, at: request.startedAt, batch: ending.batch === true });
  const end = endOf(request, cost.micros);
  const row: UsageRow = {
    request_id: request.id,
    ended_at: ending.endedAt,
    upstream: ending.upstream,
    upstream_request_id: ending.upstreamRequestId,
    status: ending.status,
    outcome: ending.outcome,
    stop_reason: ending.metered.stopReason,
    model_answered: ending.metered.model,
    input_tokens: usage.inputTokens,
    output_tokens: usage.outputTokens,
    thinking_tokens: usage.thinkingTokens,
    cache_write_5m_tokens: usage.cacheWrite5mTokens,
    cache_write_1h_tokens: usage.cacheWrite1hTokens,
    cache_read_tokens: usage.cacheReadTokens,
    web_searches: usage.webSearches,
    web_fetches: usage.webFetches,
    speed: usage.speed,
    geo: usage.geo,
    service_tier: usage.serviceTier,
    cost_micros: cost.micros,
    estimated: estimated ? 1 : 0,
    priced: cost.priced ? 1 : 0,
    price_book: book.version,
    first_byte_ms: ending.firstByteMs,
    total_ms: ending.totalMs,
    settled_as: settledAs(ending, end),
    credits_micros: creditsOf(end),
  };
  return { row, end };
};

/** Works out usage rows by one price book. */
export const createUsageRow = (book: PriceBook): ((request: ChargeableRequest, ending: Ending) => Ended) => {
  const pricing: Pricing = { book, charge: createCharge(book) };
  return (request, ending) => usageRowOf(request, ending, pricing);
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
};

const RETRY_MS = 1000;

/** Nobody waits for usage rows: they go to disk with the next decision, or by themselves after this long. */
const USAGE_PATIENCE_MS = 20;

/** How many rows wait in memory while the store is away; beyond it they are given up, loudly. */
const WAITING_MAX = 100_000;

/** A row on its way to the disk, with what it adds to the counters. */
type Entry =
  | { readonly kind: 'request'; readonly row: RequestRow }
  | { readonly kind: 'reservation'; readonly row: Reservation }
  | { readonly kind: 'usage'; readonly row: UsageRow; readonly end: End };

/** Nothing is counted of what cost nothing and held nothing. */
const talliesOfEnd = (end: End): readonly Tally[] =>
  end.costMicros === 0 && end.reservation === null ? [] : talliesOf(movesOf(end));

const talliesOfHold = (reservation: Reservation): readonly Tally[] => talliesOf(movesOfHold(reservation));

/**
 * Records requests through the journal, and moves the ledger's counters in the same commits. `lost` hears of rows that had
 * to be given up, `expired` of a usage row that came after its reservation had been closed with an estimate.
 */
export const createRecorder = (options: {
  readonly journal: Journal;
  readonly book: PriceBook;
  readonly node: string;
  readonly ledger: Ledger;
  readonly typicalOutput: TypicalOutput;
  readonly lost: (row: RequestRow | UsageRow | Reservation, error: Error) => void;
  readonly expired: (row: UsageRow, end: End) => void;
}): Recorder => {
  const { journal, book, node, ledger, typicalOutput, lost, expired } = options;
  const usageRow = createUsageRow(book);
  let waiting = 0;

  const append = (entry: Entry, stored: (error?: Error) => void): void => {
    if (entry.kind === 'request') journal.append(REQUESTS, requestValues(entry.row), stored);
    else if (entry.kind === 'reservation') {
      const tallies = talliesOfHold(entry.row);
      journal.append(RESERVATIONS, reservationValues(reservationRow(entry.row, node)), stored, { tallies });
    } else {
      const more = { patienceMs: USAGE_PATIENCE_MS, tallies: talliesOfEnd(entry.end) };
      journal.append(USAGE, usageValues(entry.row), stored, more);
    }
  };

  const store = (entry: Entry, isRetry = false): void =>
    append(entry, (error) => {
      if (error === undefined) return;
      if (isUniqueViolation(error)) {
        // A row that is there already was stored by a try whose answer got lost, or by whoever took us for dead.
        if (entry.kind === 'usage' && !isRetry && entry.end.reservation !== null) expired(entry.row, entry.end);
        return;
      }
      if (waiting >= WAITING_MAX) {
        lost(entry.row, error);
        return;
      }
      waiting += 1;
      setTimeout(() => {
        waiting -= 1;
        store(entry, true);
      }, RETRY_MS).unref();
    });

  const unstored = ({ reservation }: DecidedRequest): Reservation | undefined =>
    reservation == null || reservation.isStored ? undefined : reservation;

  return {
    decided: (request, stored) => {
      const reservation = unstored(request);
      // Both rows are queued in one step, so they share a commit: a failure of one is a failure of the other.
      if (reservation !== undefined) append({ kind: 'reservation', row: reservation }, () => undefined);
      append({ kind: 'request', row: requestRow(request, node) }, stored);
    },
    decidedLate: (request) => {
      const reservation = unstored(request);
      if (reservation !== undefined) store({ kind: 'reservation', row: reservation });
      store({ kind: 'request', row: requestRow(request, node) });
    },
    ended: (request, ending) => {
      const { row, end } = usageRow(request, ending);
      ledger.ended(end);
      if (ending.isComplete && row.output_tokens > 0) typicalOutput.learn(request.decision.model.id, row.output_tokens);
      store({ kind: 'usage', row, end });
    },
    endedDurably: (request, ending) =>
      new Promise((resolve, reject) => {
        const { row, end } = usageRow(request, ending);
        append({ kind: 'usage', row, end }, (error) => {
          if (error === undefined) ledger.ended(end);
          if (error === undefined || isUniqueViolation(error)) resolve();
          else reject(error);
        });
      }),
  };
};
