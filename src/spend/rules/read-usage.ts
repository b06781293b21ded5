import { growLastIteration, type Iteration, NO_USAGE, type TokenCounts, type Usage } from './usage.ts';

/** What the meter knows of one Messages answer. Each null means "not stated (yet)". */
export type MeteredMessage = {
  readonly usage: Usage;
  /** The model that answered, as the provider names it. */
  readonly model: string | null;
  readonly stopReason: string | null;
};

/** The meter before the first event: nothing consumed, nothing known. */
export const NOTHING_METERED: MeteredMessage = { usage: NO_USAGE, model: null, stopReason: null };

type Fields = { readonly [name: string]: unknown };

const hasFields = (value: unknown): value is Fields => typeof value === 'object' && value !== null;

const fieldsOf = (value: unknown): Fields => (hasFields(value) ? value : {});

const textOf = (value: unknown): string | null => (typeof value === 'string' && value !== '' ? value : null);

/** A count the provider may state: a safe integer ≥ 0. Anything else counts as not stated. `+ 0` turns -0 into 0. */
const countOf = (value: unknown): number | null =>
  typeof value === 'number' && Number.isSafeInteger(value) && value >= 0 ? value + 0 : null;

/** Running counts of the prompt never fall to nothing: a later 0 is an upstream that left the field blank. */
const laterCount = (value: unknown, earlier: number): number => countOf(value) || earlier;

const addCounts = (one: number, other: number): number => Math.min(one + other, Number.MAX_SAFE_INTEGER);

const tokensOf = (wire: Fields, earlier: TokenCounts): TokenCounts => {
  const split = fieldsOf(wire.cache_creation);
  const fiveMinutes = laterCount(split.ephemeral_5m_input_tokens, earlier.cacheWrite5mTokens);
  const oneHour = laterCount(split.ephemeral_1h_input_tokens, earlier.cacheWrite1hTokens);
  // What the total of cache writes has beyond the split are 5-minute writes, the lifetime one gets by default.
  const total = countOf(wire.cache_creation_input_tokens) ?? 0;
  const unsplit = Math.max(0, total - addCounts(fiveMinutes, oneHour));
  return {
    inputTokens: laterCount(wire.input_tokens, earlier.inputTokens),
    outputTokens: countOf(wire.output_tokens) ?? earlier.outputTokens,
    cacheWrite5mTokens: fiveMinutes + unsplit,
    cacheWrite1hTokens: oneHour,
    cacheReadTokens: laterCount(wire.cache_read_input_tokens, earlier.cacheReadTokens),
  };
};

const iterationOf = (value: unknown): Iteration => {
  const wire = fieldsOf(value);
  return { kind: textOf(wire.type) ?? 'unknown', model: textOf(wire.model), ...tokensOf(wire, NO_USAGE) };
};

const hasTokens = (run: TokenCounts): boolean =>
  run.inputTokens + run.outputTokens + run.cacheReadTokens + run.cacheWrite5mTokens + run.cacheWrite1hTokens > 0;

/** Items without a single token are left out, so that a list of nonsense cannot displace the totals and cost nothing. */
const iterationsOf = (value: unknown): readonly Iteration[] =>
  Array.isArray(value) ? value.map(iterationOf).filter(hasTokens) : [];

const speedOf = (value: unknown): Usage['speed'] | null => (value === 'fast' || value === 'standard' ? value : null);

/** Lays a wire `usage` over what was known: stated fields replace, absent, null or nonsensical ones keep the earlier. */
const overlayUsage = (earlier: Usage, value: unknown): Usage => {
  const wire = fieldsOf(value);
  const tools = fieldsOf(wire.server_tool_use);
  const listed = iterationsOf(wire.iterations);
  const tokens = tokensOf(wire, earlier);
  // Named one by one: every answer is read by this, and a spread would make the object twice.
  const usage: Usage = {
    inputTokens: tokens.inputTokens,
    outputTokens: tokens.outputTokens,
    thinkingTokens: countOf(fieldsOf(wire.output_tokens_details).thinking_tokens) ?? earlier.thinkingTokens,
    cacheWrite5mTokens: tokens.cacheWrite5mTokens,
    cacheWrite1hTokens: tokens.cacheWrite1hTokens,
    cacheReadTokens: tokens.cacheReadTokens,
    webSearches: countOf(tools.web_search_requests) ?? earlier.webSearches,
    webFetches: countOf(tools.web_fetch_requests) ?? earlier.webFetches,
    speed: speedOf(wire.speed) ?? earlier.speed,
    geo: textOf(wire.inference_geo) ?? earlier.geo,
    serviceTier: textOf(wire.service_tier) ?? earlier.serviceTier,
    iterations: listed.length > 0 ? listed : earlier.iterations,
  };
  return listed.length > 0 ? usage : growLastIteration(usage, earlier);
};

/** Whether the provider has stated any count at all; an answer that ends without one did not cost nothing. */
export const statesUsage = ({ usage }: MeteredMessage): boolean => hasTokens(usage) || usage.iterations.length > 0;

/**
 * Reads a whole (not streamed) Messages answer. Never throws: a wrong type, a fraction, a negative or an unsafe number
 * counts as 0, an unreadable word as null.
 */
export const usageFromMessage = (message: unknown): MeteredMessage => {
  const wire = fieldsOf(message);
  return {
    usage: overlayUsage(NO_USAGE, wire.usage),
    model: textOf(wire.model),
    stopReason: textOf(wire.stop_reason),
  };
};

/**
 * Reads a stream's `message_start` event: the only one that tells model, service tier, speed, geography and the
 * split of cache writes. Never throws.
 */
export const startUsage = (messageStartEvent: unknown): MeteredMessage =>
  usageFromMessage(fieldsOf(messageStartEvent).message);

/**
 * Lays a `message_delta` event over what is known. Its counts are cumulative, so they replace and applying an event
 * twice changes nothing; what it does not state (absent, null, nonsense, or 0 for a count of the prompt) stays as it
 * was. A total of cache writes beyond the known split adds to the 5-minute writes; totals that grow without a new list
 * of iterations grow the last iteration. Never throws.
 */
export const applyDelta = (current: MeteredMessage, messageDeltaEvent: unknown): MeteredMessage => {
  const wire = fieldsOf(messageDeltaEvent);
  return {
    usage: overlayUsage(current.usage, wire.usage),
    model: current.model,
    stopReason: textOf(fieldsOf(wire.delta).stop_reason) ?? current.stopReason,
  };
};
