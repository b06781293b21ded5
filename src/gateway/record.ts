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
import { isUniqueViolation, type Journal } from '../platform/index.ts';
import {
  type Charge,
  type ChargeQuestion,
  createCharge,
  estimateInputTokens,
  estimateUsage,
  type MeteredMessage,
  NO_USAGE,
  type PriceBook,
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
export type ChargeableRequest = Pick<DecidedRequest, 'id' | 'startedAt' | 'endpoint' | 'bodyBytes'> & {
  readonly decision: { readonly model: Pick<Decision['model'], 'id'> };
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

/** The usage row of a request: what it used, what that costs on the day it started, and how it ended. */
const usageRowOf = (request: ChargeableRequest, ending: Ending, { book, charge }: Pricing): UsageRow => {
  const { usage, estimated } = chargedUsage(request, ending);
  const model = ending.metered.model ?? request.decision.model.id;
  const cost = charge({ model, usage, at: request.startedAt, batch: ending.batch === true });
  return {
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
  };
};

/** Works out usage rows by one price book. */
export const createUsageRow = (book: PriceBook): ((request: ChargeableRequest, ending: Ending) => UsageRow) => {
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

/** Records requests through the journal. `lost` hears of usage that had to be given up. */
export const createRecorder = (options: {
  readonly journal: Journal;
  readonly book: PriceBook;
  readonly node: string;
  readonly lost: (row: RequestRow | UsageRow, error: Error) => void;
}): Recorder => {
  const { journal, book, node, lost } = options;
  const usageRow = createUsageRow(book);
  let waiting = 0;

  const store = (row: RequestRow | UsageRow): void => {
    const stored = (error?: Error): void => {
      // A row that is there already was stored by a try whose answer got lost.
      if (error === undefined || isUniqueViolation(error)) return;
      if (waiting >= WAITING_MAX) {
        lost(row, error);
        return;
      }
      waiting += 1;
      setTimeout(() => {
        waiting -= 1;
        store(row);
      }, RETRY_MS).unref();
    };
    if ('request_id' in row) journal.append(USAGE, usageValues(row), stored, { patienceMs: USAGE_PATIENCE_MS });
    else journal.append(REQUESTS, requestValues(row), stored);
  };

  return {
    decided: (request, stored) => journal.append(REQUESTS, requestValues(requestRow(request, node)), stored),
    decidedLate: (request) => store(requestRow(request, node)),
    ended: (request, ending) => store(usageRow(request, ending)),
    endedDurably: (request, ending) =>
      new Promise((resolve, reject) => {
        journal.append(USAGE, usageValues(usageRow(request, ending)), (error) => {
          if (error === undefined || isUniqueViolation(error)) resolve();
          else reject(error);
        });
      }),
  };
};
