import { type Capacity, msUntilFull } from './bucket.ts';

/** One limiter as it stands now. */
export type LimiterState = Capacity & { readonly used: number };

/** What the headers are made of: the tightest of each kind, and the tightest limit on tokens that is not the organisation's. */
export type RateState = {
  readonly requests: LimiterState | undefined;
  readonly input: LimiterState | undefined;
  readonly output: LimiterState | undefined;
  readonly tightestTokens: LimiterState | undefined;
};

const PREFIX = 'anthropic-ratelimit-';
const THOUSAND = 1000;

const remainingOf = ({ limit, used }: LimiterState): number => Math.max(0, limit - used);

/** Whole seconds in RFC 3339; rounded up, so that nobody comes too early. */
const timeText = (at: number): string => `${new Date(Math.ceil(at / 1000) * 1000).toISOString().slice(0, 19)}Z`;

/** Writes a second only once in a row: the dates of an answer are mostly one and the same. */
const timeTexts = (): ((at: number) => string) => {
  let lastSecond = Number.NaN;
  let lastText = '';
  return (at) => {
    const second = Math.ceil(at / 1000);
    if (second !== lastSecond) {
      lastSecond = second;
      lastText = timeText(at);
    }
    return lastText;
  };
};

const rounded = (tokens: number): number => Math.round(tokens / THOUSAND) * THOUSAND;

const push = (
  headers: string[],
  name: string,
  { limit, remaining, reset }: { readonly limit: number; readonly remaining: number; readonly reset: string },
): void => {
  headers.push(`${PREFIX}${name}-limit`, String(limit), `${PREFIX}${name}-remaining`, String(remaining));
  headers.push(`${PREFIX}${name}-reset`, reset);
};

/** The state of two limiters as if they were one: what both permit together, until both are full. */
const together = (one: LimiterState, other: LimiterState, textAt: (sinceNow: number) => string) => ({
  limit: one.limit + other.limit,
  remaining: rounded(remainingOf(one) + remainingOf(other)),
  reset: textAt(Math.max(msUntilFull(one.used, one), msUntilFull(other.used, other))),
});

/**
 * The `anthropic-ratelimit-…` headers of an answer, names and values alternating (access-roles-spend-seats §9.4): what is left of
 * tokens in thousands, resets in RFC 3339. `tokens-…` show the limit on tokens that is tightest, where one narrower than the
 * organisation's holds, else input and output together. `now` is epoch milliseconds.
 */
export const ratelimitHeaders = (state: RateState, now: number): readonly string[] => {
  const headers: string[] = [];
  const write = timeTexts();
  const textAt = (sinceNow: number): string => write(now + sinceNow);
  const { requests, input, output, tightestTokens } = state;
  const shown = (limiter: LimiterState) => ({
    limit: limiter.limit,
    remaining: rounded(remainingOf(limiter)),
    reset: textAt(msUntilFull(limiter.used, limiter)),
  });
  if (requests !== undefined)
    push(headers, 'requests', { ...shown(requests), remaining: Math.floor(remainingOf(requests)) });
  if (input !== undefined) push(headers, 'input-tokens', shown(input));
  if (output !== undefined) push(headers, 'output-tokens', shown(output));
  if (tightestTokens !== undefined) push(headers, 'tokens', shown(tightestTokens));
  else if (input !== undefined && output !== undefined) push(headers, 'tokens', together(input, output, textAt));
  else if (input !== undefined || output !== undefined) {
    const only = input ?? output;
    if (only !== undefined) push(headers, 'tokens', shown(only));
  }
  return headers;
};
