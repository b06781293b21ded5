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

type Shown = { readonly limit: number; readonly remaining: number; readonly fullInMs: number };

/** The lines of one kind. They are written when they say something else than the last time, which most answers do not. */
class KindLines {
  text = '';
  readonly #before: (limit: number) => string;
  readonly #after: (second: number) => string;
  #limit = -1;
  #remaining = -1;
  #second = -1;

  constructor(kind: string) {
    const name = `anthropic-ratelimit-${kind}`;
    this.#before = remembering((limit) => [`${name}-limit: `, String(limit), `\r\n${name}-remaining: `]);
    this.#after = remembering((second) => [`\r\n${name}-reset: `, timeText(second), '\r\n']);
  }

  /** Answers whether the lines are others now. */
  show(shown: Shown | undefined, now: number): boolean {
    if (shown === undefined) return this.#hide();
    const { limit, remaining, fullInMs } = shown;
    const second = Math.ceil((now + fullInMs) / 1000);
    if (limit === this.#limit && remaining === this.#remaining && second === this.#second) return false;
    this.#limit = limit;
    this.#remaining = remaining;
    this.#second = second;
    this.text = this.#before(limit) + remaining + this.#after(second);
    return true;
  }

  #hide(): boolean {
    if (this.#limit === -1) return false;
    this.#limit = -1;
    this.text = '';
    return true;
  }
}

const rounded = (tokens: number): number => Math.round(tokens / THOUSAND) * THOUSAND;

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
  const ofRequests = new KindLines('requests');
  const ofInput = new KindLines('input-tokens');
  const ofOutput = new KindLines('output-tokens');
  const ofTokens = new KindLines('tokens');
  let all = '';
  return (state, now) => {
    const { requests, input, output } = state;
    let isNew = ofRequests.show(requests && requestsOf(requests), now);
    isNew = ofInput.show(input && shownOf(input), now) || isNew;
    isNew = ofOutput.show(output && shownOf(output), now) || isNew;
    isNew = ofTokens.show(tokensOf(state), now) || isNew;
    if (isNew) all = ofRequests.text + ofInput.text + ofOutput.text + ofTokens.text;
    return all;
  };
};
