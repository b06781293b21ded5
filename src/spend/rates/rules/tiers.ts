import type { Micros } from '../../../kernel/index.ts';
import type { LimitSet } from './limiter.ts';
import type { PoolClass } from './pools.ts';

/**
 * The tiers an organisation can be in. `unlimited`: nothing is limited for the organisation as a whole, only the
 * provider's own limits bind it. `custom`: numbers of its own, on top of those of `scale`.
 */
export const RATE_TIERS = ['unlimited', 'start', 'build', 'scale', 'custom'] as const;
export type RateTier = (typeof RATE_TIERS)[number];

type NumberedTier = Exclude<RateTier, 'unlimited' | 'custom'>;

const model = (requests: number, input: number, output: number): LimitSet => ({
  requests_per_minute: requests,
  input_tokens_per_minute_cache_aware: input,
  output_tokens_per_minute: output,
});

const batch = (requests: number, enqueued: number): LimitSet => ({
  requests_per_minute: requests,
  enqueued_batch_requests: enqueued,
});

const perMinute = (requests: number): LimitSet => ({ requests_per_minute: requests });

/**
 * The shipped numbers (access-roles-spend-seats §9.2, organisation APIs §5.1). Those for counting tokens and for files are
 * not in it per tier; docs/adr says where they come from.
 */
const NUMBERS: Readonly<Record<NumberedTier, Readonly<Record<PoolClass, LimitSet>>>> = {
  start: {
    standard: model(1000, 2_000_000, 400_000),
    frontier: model(1000, 500_000, 100_000),
    batch: batch(1000, 200_000),
    token_count: perMinute(2000),
    files: perMinute(500),
  },
  build: {
    standard: model(5000, 5_000_000, 1_000_000),
    frontier: model(2000, 1_500_000, 300_000),
    batch: batch(2000, 300_000),
    token_count: perMinute(4000),
    files: perMinute(500),
  },
  scale: {
    standard: model(10_000, 10_000_000, 2_000_000),
    frontier: model(4000, 4_000_000, 800_000),
    batch: batch(4000, 500_000),
    token_count: perMinute(8000),
    files: perMinute(500),
  },
};

const NO_LIMITS: LimitSet = {};

/** What the organisation as a whole may use of a pool of this class. `own`: the numbers it set, which only `custom` heeds. */
export const limitsOfTier = (tier: RateTier, poolClass: PoolClass, own: LimitSet | undefined): LimitSet => {
  switch (tier) {
    case 'unlimited':
      return NO_LIMITS;
    case 'custom':
      return own === undefined ? NUMBERS.scale[poolClass] : { ...NUMBERS.scale[poolClass], ...own };
    default:
      return NUMBERS[tier][poolClass];
  }
};

const DOLLAR = 1_000_000;

/**
 * What an organisation in this tier may spend in a calendar month (UTC), null for as much as it likes. Beyond it the API
 * answers 429 `rate_limit_error` with `details.error_code` `enforced_spend_limit_reached` and without `retry-after` (§9.5).
 */
export const monthlyCapOf = (tier: RateTier): Micros | null => {
  switch (tier) {
    case 'start':
      return 500 * DOLLAR;
    case 'build':
      return 1000 * DOLLAR;
    case 'scale':
      return 200_000 * DOLLAR;
    case 'unlimited':
    case 'custom':
      return null;
    default: {
      const unexpected: never = tier;
      return unexpected;
    }
  }
};

/** From so much of a limit on, the organisation is told that it may want a higher tier. */
export const HINT_SHARE = 0.5;

const NEXT: Readonly<Record<RateTier, RateTier | null>> = {
  unlimited: null,
  start: 'build',
  build: 'scale',
  scale: 'custom',
  custom: null,
};

/** The tier to ask for when one becomes too small; null where there is none above. */
export const nextTier = (tier: RateTier): RateTier | null => NEXT[tier];
