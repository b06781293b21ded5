/** What a limiter counts. `input` leaves cache reads out, `all_input` counts them too, `tokens` is `input` and output. */
export type Measure = 'requests' | 'input' | 'all_input' | 'output' | 'tokens';

const MINUTE_MS = 60_000;
const DAY_MS = 86_400_000;

/** Limiters that refill, by their names in the Rate Limits API (organisation APIs §1.7), and what each counts in which time. */
export const LIMITERS = {
  requests_per_minute: { measure: 'requests', windowMs: MINUTE_MS, noun: 'requests per minute' },
  input_tokens_per_minute_cache_aware: { measure: 'input', windowMs: MINUTE_MS, noun: 'input tokens per minute' },
  input_tokens_per_minute: {
    measure: 'all_input',
    windowMs: MINUTE_MS,
    noun: 'input tokens per minute (cache reads counted)',
  },
  output_tokens_per_minute: { measure: 'output', windowMs: MINUTE_MS, noun: 'output tokens per minute' },
  tokens_per_minute: { measure: 'tokens', windowMs: MINUTE_MS, noun: 'tokens per minute' },
  tokens_per_day: { measure: 'tokens', windowMs: DAY_MS, noun: 'tokens per day' },
} as const satisfies Readonly<
  Record<string, { readonly measure: Measure; readonly windowMs: number; readonly noun: string }>
>;

/** A limiter with a bucket that refills. */
export type RefillingLimiter = keyof typeof LIMITERS;

export const REFILLING_LIMITERS = Object.keys(LIMITERS) as readonly RefillingLimiter[];

/** Every limiter there is: `enqueued_batch_requests` bounds what waits in batches at a time, and does not refill. */
export type Limiter = RefillingLimiter | 'enqueued_batch_requests';

/** Limits by limiter; a limiter that is left out is not limited. */
export type LimitSet = { readonly [L in Limiter]?: number };

/** What a limiter counts, as sentences say it. */
export const nounOf = (limiter: Limiter): string =>
  limiter === 'enqueued_batch_requests' ? 'requests waiting in batches' : LIMITERS[limiter].noun;
