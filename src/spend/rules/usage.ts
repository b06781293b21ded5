/** Tokens one run of one model took, by the five kinds that have a price. Every count is a safe integer ≥ 0. */
export type TokenCounts = {
  /** Prompt tokens neither read from nor written to the cache. */
  readonly inputTokens: number;
  /** Everything generated, thinking included. */
  readonly outputTokens: number;
  readonly cacheWrite5mTokens: number;
  readonly cacheWrite1hTokens: number;
  readonly cacheReadTokens: number;
};

/** One run inside an answer (`usage.iterations[]`): a compaction, an advisor or a fallback may run on another model. */
export type Iteration = TokenCounts & {
  /** The wire's `type`, an open list: `message`, `compaction`, `advisor_message`, `fallback_message`, … */
  readonly kind: string;
  /** null means: the model of the message. */
  readonly model: string | null;
};

/**
 * What one answer consumed. The top-level counts are the provider's totals; where `iterations` is not empty, money is
 * reckoned from the iterations instead.
 */
export type Usage = TokenCounts & {
  /** A part of `outputTokens`, never to be added to it. */
  readonly thinkingTokens: number;
  readonly webSearches: number;
  readonly webFetches: number;
  readonly speed: 'standard' | 'fast';
  /** Where the model ran as the provider states it (`us`, `global`, …); null when unstated. */
  readonly geo: string | null;
  /** `standard`, `priority`, `batch` or what the provider invents next; null when unstated. */
  readonly serviceTier: string | null;
  readonly iterations: readonly Iteration[];
};

/** Usage of a request of which the provider has reported nothing. */
export const NO_USAGE: Usage = {
  inputTokens: 0,
  outputTokens: 0,
  thinkingTokens: 0,
  cacheWrite5mTokens: 0,
  cacheWrite1hTokens: 0,
  cacheReadTokens: 0,
  webSearches: 0,
  webFetches: 0,
  speed: 'standard',
  geo: null,
  serviceTier: null,
  iterations: [],
};

/**
 * Charges to the iteration under way (the last) what the totals grew by since `before`. Without this, an iteration list
 * older than the totals would hide the later tokens from the price. Does nothing when there is no list.
 */
export const growLastIteration = (usage: Usage, before: TokenCounts): Usage => {
  const last = usage.iterations.at(-1);
  if (last === undefined) return usage;
  const grown = (kind: keyof TokenCounts): number =>
    Math.min(last[kind] + Math.max(0, usage[kind] - before[kind]), Number.MAX_SAFE_INTEGER);
  const current: Iteration = {
    kind: last.kind,
    model: last.model,
    inputTokens: grown('inputTokens'),
    outputTokens: grown('outputTokens'),
    cacheWrite5mTokens: grown('cacheWrite5mTokens'),
    cacheWrite1hTokens: grown('cacheWrite1hTokens'),
    cacheReadTokens: grown('cacheReadTokens'),
  };
  return { ...usage, iterations: [...usage.iterations.slice(0, -1), current] };
};
