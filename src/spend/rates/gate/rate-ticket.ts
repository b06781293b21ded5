import { hasRoom, msUntilRoom, takenAtFirst } from '../rules/bucket.ts';
import type { Measure } from '../rules/limiter.ts';
import { createRatelimitLines, type RateState } from '../rules/ratelimit-headers.ts';
import type { RateBucket } from './rate-bucket.ts';

/** What a request used of what is limited. */
export type RateUsage = {
  /** Prompt tokens that were not read from a cache: `input_tokens` and those written to one. */
  readonly inputTokens: number;
  readonly cacheReadTokens: number;
  readonly outputTokens: number;
};

/** What a request has taken, and how the reckoning becomes the true count. */
export type RateTicket = {
  /** The `anthropic-ratelimit-…` headers as things stand now, as lines; none where nothing limits. */
  lines(): string;
  /** The provider has counted the prompt. */
  input(inputTokens: number, cacheReadTokens: number): void;
  /** So many tokens have been generated so far. */
  output(tokensSoFar: number): void;
  /** The request is over; null when nobody knows what it used, and then what was reckoned stays. */
  end(usage: RateUsage | null): void;
  /** Nothing is sent after all: gives everything back. */
  cancel(): void;
};

/** The ticket of a request that nothing limits. */
export const FREE_TICKET: RateTicket = {
  lines: () => '',
  input: () => {},
  output: () => {},
  end: () => {},
  cancel: () => {},
};

/** The clocks of a gate: `ticks` only goes forward, `now` is epoch milliseconds. */
export type RateClocks = { readonly ticks: () => number; readonly now: () => number };

/** What tickets of a gate share. */
export type TicketKit = { readonly take: Take; readonly clocks: RateClocks; readonly linesOf: LinesOf };

/** Writes the `anthropic-ratelimit-…` headers of buckets as they stand now, as lines. */
export type LinesOf = (buckets: readonly RateBucket[]) => string;

/** What a request takes of a bucket when it is let in. Output counts as it is generated; there has to be room for some. */
export const wantedOf = (measure: Measure, inputTokens: number): number => {
  switch (measure) {
    case 'requests':
    case 'output':
      return 1;
    case 'input':
    case 'all_input':
    case 'tokens':
      return Math.max(1, inputTokens);
    default: {
      const unexpected: never = measure;
      return unexpected;
    }
  }
};

/** The bucket that keeps a request waiting longest, and how long; undefined when all have room. */
export const longestWait = (
  buckets: readonly RateBucket[],
  inputTokens: number,
  at: number,
): { readonly bucket: RateBucket; readonly waitMs: number } | undefined => {
  let slowest: RateBucket | undefined;
  let waitMs = 0;
  for (const bucket of buckets) {
    const wanted = wantedOf(bucket.measure, inputTokens);
    const used = bucket.usedAt(at);
    if (hasRoom(used, wanted, bucket)) continue;
    const wait = msUntilRoom(used, wanted, bucket);
    if (slowest !== undefined && wait <= waitMs) continue;
    slowest = bucket;
    waitMs = wait;
  }
  return slowest === undefined ? undefined : { bucket: slowest, waitMs };
};

/** Takes from buckets and tells the book of it. */
export type Take = (bucket: RateBucket, amount: number, at: number) => void;

/** Takes what a request takes when it is let in; answers what became of its ticket. */
export const takeAtFirst = (
  buckets: readonly RateBucket[],
  inputTokens: number,
  { kit, at }: { readonly kit: TicketKit; readonly at: number },
): RateTicket => {
  let cut: number[] | undefined;
  for (let index = 0; index < buckets.length; index++) {
    const bucket = buckets[index];
    if (bucket === undefined || bucket.measure === 'output') continue;
    const wanted = bucket.measure === 'requests' ? 1 : inputTokens;
    const taken = takenAtFirst(wanted, bucket);
    kit.take(bucket, taken, at);
    if (taken === wanted) continue;
    cut ??= [];
    cut[index] = taken;
  }
  return new GateTicket(buckets, { kit, inputTokens, cut });
};

type Tightest = { -readonly [K in keyof RateState]: RateBucket | undefined };

const isTighter = (bucket: RateBucket, than: RateBucket | undefined): boolean =>
  than === undefined || bucket.limit - bucket.used < than.limit - than.used;

/** The tightest bucket of each kind, as they stand now. */
const tightestOf = (buckets: readonly RateBucket[], at: number): Tightest => {
  const found: Tightest = { requests: undefined, input: undefined, output: undefined, tightestTokens: undefined };
  for (const bucket of buckets) {
    bucket.usedAt(at);
    const { measure } = bucket;
    if (measure === 'requests') {
      if (isTighter(bucket, found.requests)) found.requests = bucket;
      continue;
    }
    if (measure === 'output') {
      if (isTighter(bucket, found.output)) found.output = bucket;
    } else if (measure !== 'tokens' && isTighter(bucket, found.input)) found.input = bucket;
    if (bucket.isNarrow && isTighter(bucket, found.tightestTokens)) found.tightestTokens = bucket;
  }
  return found;
};

/**
 * Writes headers by these clocks; `takings` says how often something was taken from any bucket. Answers of a busy key begin by
 * dozens in a moment: those of one millisecond in which nothing is taken say the same.
 */
export const createLinesOf = ({ ticks, now }: RateClocks, takings: () => number): LinesOf => {
  const write = createRatelimitLines();
  let last: { readonly buckets: readonly RateBucket[]; readonly at: number; readonly takings: number } | undefined;
  let lines = '';
  return (buckets) => {
    const [at, taken] = [now(), takings()];
    if (last?.buckets === buckets && last.at === at && last.takings === taken) return lines;
    last = { buckets, at, takings: taken };
    lines = write(tightestOf(buckets, ticks()), at);
    return lines;
  };
};

class GateTicket implements RateTicket {
  readonly #buckets: readonly RateBucket[];
  readonly #kit: TicketKit;
  /** What has been counted so far. */
  #input: number;
  #allInput: number;
  #output = 0;
  /** By bucket, where less than the reckoning was taken at first. */
  #cut: readonly number[] | undefined;
  #isOver = false;

  constructor(
    buckets: readonly RateBucket[],
    given: {
      readonly kit: TicketKit;
      readonly inputTokens: number;
      readonly cut: readonly number[] | undefined;
    },
  ) {
    this.#buckets = buckets;
    this.#kit = given.kit;
    this.#input = given.inputTokens;
    this.#allInput = given.inputTokens;
    this.#cut = given.cut;
  }

  lines(): string {
    return this.#kit.linesOf(this.#buckets);
  }

  input(inputTokens: number, cacheReadTokens: number): void {
    if (!this.#isOver) this.#count({ inputTokens, cacheReadTokens, outputTokens: this.#output });
  }

  output(tokensSoFar: number): void {
    if (!this.#isOver && tokensSoFar > this.#output) this.#countOutput(tokensSoFar);
  }

  end(usage: RateUsage | null): void {
    if (usage !== null && !this.#isOver) this.#count(usage);
    this.#isOver = true;
  }

  cancel(): void {
    if (this.#isOver) return;
    this.end({ inputTokens: 0, cacheReadTokens: 0, outputTokens: 0 });
    const at = this.#kit.clocks.ticks();
    for (const bucket of this.#buckets) if (bucket.measure === 'requests') this.#kit.take(bucket, -1, at);
  }

  /** Puts what was counted in the place of what was reckoned or counted before, in every bucket at once. */
  #count({ inputTokens, cacheReadTokens, outputTokens }: RateUsage): void {
    const allInput = inputTokens + cacheReadTokens;
    const grown = outputTokens - this.#output;
    const isCounted = inputTokens === this.#input && allInput === this.#allInput && grown === 0;
    if (isCounted && this.#cut === undefined) return;
    const at = this.#kit.clocks.ticks();
    for (let index = 0; index < this.#buckets.length; index++) {
      const bucket = this.#buckets[index];
      if (bucket === undefined || bucket.measure === 'requests') continue;
      const cut = this.#cut?.[index];
      const input = inputTokens - (cut ?? this.#input);
      if (bucket.measure === 'input') this.#correct(bucket, input, at);
      else if (bucket.measure === 'output') this.#correct(bucket, grown, at);
      else if (bucket.measure === 'tokens') this.#correct(bucket, input + grown, at);
      else this.#correct(bucket, allInput - (cut ?? this.#allInput), at);
    }
    this.#input = inputTokens;
    this.#allInput = allInput;
    this.#output = outputTokens;
    this.#cut = undefined;
  }

  #countOutput(tokens: number): void {
    const grown = tokens - this.#output;
    this.#output = tokens;
    const at = this.#kit.clocks.ticks();
    for (const bucket of this.#buckets)
      if (bucket.measure === 'output' || bucket.measure === 'tokens') this.#kit.take(bucket, grown, at);
  }

  #correct(bucket: RateBucket, amount: number, at: number): void {
    if (amount !== 0) this.#kit.take(bucket, amount, at);
  }
}
