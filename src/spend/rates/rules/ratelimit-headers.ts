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

/** What stands before each of the three values of a kind, and before the one of the next. */
type Words = { readonly limit: string; readonly remaining: string; readonly reset: string };

const wordsOf = (kind: string): Words => ({
  limit: `anthropic-ratelimit-${kind}-limit: `,
  remaining: `\r\nanthropic-ratelimit-${kind}-remaining: `,
  reset: `\r\nanthropic-ratelimit-${kind}-reset: `,
});

// Written once, because every answer carries them.
const REQUESTS = wordsOf('requests');
const INPUT = wordsOf('input-tokens');
const OUTPUT = wordsOf('output-tokens');
const TOKENS = wordsOf('tokens');

const THOUSAND = 1000;

const remainingOf = ({ limit, used }: LimiterState): number => Math.max(0, limit - used);

/** Whole seconds in RFC 3339; rounded up, so that nobody comes too early. */
const timeText = (at: number): string => `${new Date(Math.ceil(at / 1000) * 1000).toISOString().slice(0, 19)}Z`;

/** A moment as text. */
export type WriteTime = (at: number) => string;

/** As many as a minute has, and some for limits of a day. */
const TIMES_KEPT_MAX = 120;

/** Writes the seconds in which limits are full again, each once: answers that follow one another mostly name the same. */
export const rememberTimes = (): WriteTime => {
  const texts = new Map<number, string>();
  return (at) => {
    const second = Math.ceil(at / 1000);
    const known = texts.get(second);
    if (known !== undefined) return known;
    if (texts.size >= TIMES_KEPT_MAX) texts.clear();
    const text = timeText(at);
    texts.set(second, text);
    return text;
  };
};

const rounded = (tokens: number): number => Math.round(tokens / THOUSAND) * THOUSAND;

type Shown = { readonly limit: number; readonly remaining: number; readonly fullInMs: number };

const shownOf = (limiter: LimiterState): Shown => ({
  limit: limiter.limit,
  remaining: rounded(remainingOf(limiter)),
  fullInMs: msUntilFull(limiter.used, limiter),
});

const requestsOf = (limiter: LimiterState): Shown => ({
  limit: limiter.limit,
  remaining: Math.floor(remainingOf(limiter)),
  fullInMs: msUntilFull(limiter.used, limiter),
});

/** Two limiters as if they were one: what both permit together, until both are full. */
const together = (one: LimiterState, other: LimiterState): Shown => ({
  limit: one.limit + other.limit,
  remaining: rounded(remainingOf(one) + remainingOf(other)),
  fullInMs: Math.max(msUntilFull(one.used, one), msUntilFull(other.used, other)),
});

const tokensOf = ({ input, output, tightestTokens }: RateState): Shown | undefined => {
  if (tightestTokens !== undefined) return shownOf(tightestTokens);
  if (input !== undefined && output !== undefined) return together(input, output);
  const only = input ?? output;
  return only === undefined ? undefined : shownOf(only);
};

/**
 * The `anthropic-ratelimit-…` headers of an answer as lines (access-roles-spend-seats §9.4): what is left of
 * tokens in thousands, resets in RFC 3339. `tokens-…` show the limit on tokens that is tightest, where one narrower than the
 * organisation's holds, else input and output together. `now` is epoch milliseconds.
 */
export const ratelimitLines = (state: RateState, now: number, write: WriteTime = timeText): string => {
  const lines = (words: Words, { limit, remaining, fullInMs }: Shown): string =>
    `${words.limit}${limit}${words.remaining}${remaining}${words.reset}${write(now + fullInMs)}\r\n`;
  const { requests, input, output } = state;
  const tokens = tokensOf(state);
  let all = '';
  if (requests !== undefined) all += lines(REQUESTS, requestsOf(requests));
  if (input !== undefined) all += lines(INPUT, shownOf(input));
  if (output !== undefined) all += lines(OUTPUT, shownOf(output));
  return tokens === undefined ? all : all + lines(TOKENS, tokens);
};
