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

const THOUSAND = 1000;

const remainingOf = ({ limit, used }: LimiterState): number => Math.max(0, limit - used);

/** A second in RFC 3339. */
const timeText = (second: number): string => `${new Date(second * 1000).toISOString().slice(0, 19)}Z`;

/** As many as a minute has, and some for limits of a day. */
const TEXTS_KEPT_MAX = 200;

/** What `write` says of a number, written once. Written by joining, so that it is one piece of memory and not a tree of pieces. */
const remembering = (write: (of: number) => readonly string[]): ((of: number) => string) => {
  const texts = new Map<number, string>();
  return (of) => {
    const known = texts.get(of);
    if (known !== undefined) return known;
    if (texts.size >= TEXTS_KEPT_MAX) texts.clear();
    const text = write(of).join('');
    texts.set(of, text);
    return text;
  };
};

/** The lines of one kind around what is left: what stands before it says the limit, what follows the second of the reset. */
type Words = { readonly before: (limit: number) => string; readonly after: (second: number) => string };

const wordsOf = (kind: string): Words => {
  const name = `anthropic-ratelimit-${kind}`;
  return {
    before: remembering((limit) => [`${name}-limit: `, String(limit), `\r\n${name}-remaining: `]),
    after: remembering((second) => [`\r\n${name}-reset: `, timeText(second), '\r\n']),
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
 * Writes the `anthropic-ratelimit-…` headers of answers as lines (access-roles-spend-seats §9.4): what is left of tokens in
 * thousands, resets in RFC 3339, rounded up, so that nobody comes too early. `tokens-…` show the limit on tokens that is
 * tightest, where one narrower than the organisation's holds, else input and output together. `now` is epoch milliseconds.
 */
export const createRatelimitLines = (): ((state: RateState, now: number) => string) => {
  const [ofRequests, ofInput, ofOutput, ofTokens] = [
    wordsOf('requests'),
    wordsOf('input-tokens'),
    wordsOf('output-tokens'),
    wordsOf('tokens'),
  ];
  const lines = ({ before, after }: Words, { limit, remaining, fullInMs }: Shown, now: number): string =>
    before(limit) + remaining + after(Math.ceil((now + fullInMs) / 1000));
  return (state, now) => {
    const { requests, input, output } = state;
    const tokens = tokensOf(state);
    let all = '';
    if (requests !== undefined) all += lines(ofRequests, requestsOf(requests), now);
    if (input !== undefined) all += lines(ofInput, shownOf(input), now);
    if (output !== undefined) all += lines(ofOutput, shownOf(output), now);
    return tokens === undefined ? all : all + lines(ofTokens, tokens, now);
  };
};
