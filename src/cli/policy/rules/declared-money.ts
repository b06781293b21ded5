import type { Period } from '../../../kernel/index.ts';
import type { DeclaredAmount, DeclaredLimits, NONE } from './declared-limits.ts';

/** How limits work; what is left out stays as it is. */
export type DeclaredSpend = {
  /** Which of several groups' limits a member has. */
  readonly multi_group_limit?: 'higher' | 'lower' | undefined;
  readonly increase_requests?: boolean | undefined;
  /** Percent of a limit at which people are told. */
  readonly thresholds?: readonly number[] | undefined;
  readonly store_outage?:
    | { readonly mode?: 'closed' | 'open' | undefined; readonly grace_seconds?: number | undefined }
    | undefined;
  /** Where members who need more are sent, and in which words; `none` for neither. */
  readonly ask_for_more?: { readonly url?: string | undefined; readonly sentence?: string | undefined } | undefined;
};

/** What the seats of a tier include: dollars a month, dollars in another period, or nothing. */
export type DeclaredIncluded = number | typeof NONE | { readonly amount: number; readonly period?: Period | undefined };

export type DeclaredPrepaid = {
  readonly enabled?: boolean | undefined;
  readonly mode?: 'standard' | 'strict' | undefined;
  readonly auto_reload?:
    | {
        readonly enabled?: boolean | undefined;
        /** Dollars: below this balance credit is bought. */
        readonly below?: number | undefined;
        /** Dollars at a time. */
        readonly amount?: number | undefined;
        readonly monthly_maximum?: DeclaredAmount | undefined;
      }
    | undefined;
};

/** The limiters that can be set, by their names in the API; the last one only for the organisation, on batches. */
export const RATE_LIMITERS = [
  'requests_per_minute',
  'input_tokens_per_minute_cache_aware',
  'input_tokens_per_minute',
  'output_tokens_per_minute',
  'tokens_per_minute',
  'tokens_per_day',
  'enqueued_batch_requests',
] as const;
export type RateLimiter = (typeof RATE_LIMITERS)[number];

/** Numbers by limiter, by the id of what is limited; `none` takes one away. */
export type DeclaredRates = Readonly<
  Record<string, { readonly [L in RateLimiter]?: number | typeof NONE | undefined }>
>;

export const RATE_TIERS = ['unlimited', 'start', 'build', 'scale', 'custom'] as const;
export type DeclaredTier = (typeof RATE_TIERS)[number];

export type DeclaredOrganisationRates = {
  readonly tier?: DeclaredTier | undefined;
  /** Numbers of the tier custom; `none` goes back to that of the tier scale. */
  readonly custom?: DeclaredRates | undefined;
};

/** A workspace or a key: it is there already, and has limits. */
export type DeclaredLimited = {
  readonly limits?: DeclaredLimits | undefined;
  readonly rates?: DeclaredRates | undefined;
};
