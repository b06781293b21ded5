import type { Caller, Decision } from '../access/index.ts';
import { dayOf } from '../kernel/index.ts';
import {
  creditsOf,
  type End,
  estimateInputTokens,
  estimateUsage,
  type MeteredMessage,
  NO_USAGE,
  type Pricing,
  rememberStandingAccounts,
  standingAccounts,
  type UsageOutcome,
  type UsageRow,
} from '../spend/index.ts';
import type { DecidedRequest } from './decided-request.ts';

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

/** The end of a request as the ledger counts it. `standingOf` may remember what it answered before. */
export const endOf = (
  { caller, decision, reservation, startedAt }: ChargeableRequest,
  costMicros: number,
  standingOf = standingAccounts,
): End => ({
  standing: standingOf({
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
export type Charging = Pick<Pricing, 'book' | 'charge'>;

/** A usage row with the end it makes in the ledger. */
export type Ended = { readonly row: UsageRow; readonly end: End };

/** The usage row of a request: what it used, what that costs on the day it started, and how it ended. */
const usageRowOf = (
  request: ChargeableRequest,
  ending: Ending,
  { book, charge, standingOf }: Charging & { readonly standingOf: typeof standingAccounts },
): Ended => {
  const { usage, estimated } = chargedUsage(request, ending);
  const model = ending.metered.model ?? request.decision.model.id;
  const cost = charge({ model, usage, at: request.startedAt, batch: ending.batch === true });
  const end = endOf(request, cost.micros, standingOf);
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
    iterations: usage.iterations.length === 0 ? null : JSON.stringify(usage.iterations),
  };
  return { row, end };
};

/** Works out usage rows by the price book that is in force when a request ends. */
export const createUsageRow = (pricing: () => Charging): ((request: ChargeableRequest, ending: Ending) => Ended) => {
  const standingOf = rememberStandingAccounts();
  return (request, ending) => {
    const { book, charge } = pricing();
    return usageRowOf(request, ending, { book, charge, standingOf });
  };
};
