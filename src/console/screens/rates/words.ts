import type { RateLimitGroup, RateLimitValue, RateScope, RateTier } from '../../../spend/contract.ts';
import { formatCount, formatExact } from '../../kit/format.ts';

type TierName = RateTier['tier'];

/** The tiers as people read them. */
export const TIER_WORDS: Readonly<Record<TierName, { readonly name: string; readonly meaning: string }>> = {
  unlimited: { name: 'Unlimited', meaning: 'Nothing is limited here; only the provider’s own limits bind.' },
  start: { name: 'Start', meaning: 'For trying out and small teams.' },
  build: { name: 'Build', meaning: 'For teams at work.' },
  scale: { name: 'Scale', meaning: 'For whole organisations and machines.' },
  custom: { name: 'Custom', meaning: 'The numbers of Scale, with your own where you set some.' },
};

const PARTS: Readonly<Record<Exclude<RateLimitGroup['type'], 'model_group'>, string>> = {
  batch: 'Message batches',
  token_count: 'Counting tokens',
  files: 'Files',
};

/** What limits are on, as people call it. */
export const groupName = (group: RateLimitGroup): string =>
  group.type === 'model_group' ? group.display_name : PARTS[group.type];

type LimiterWords = { readonly name: string; readonly short: string; readonly per: string };

const LIMITERS: Readonly<Record<string, LimiterWords>> = {
  requests_per_minute: { name: 'Requests per minute', short: 'requests', per: '/min' },
  input_tokens_per_minute_cache_aware: { name: 'Input tokens per minute', short: 'input tokens', per: '/min' },
  input_tokens_per_minute: {
    name: 'Input tokens per minute, cache reads counted',
    short: 'input tokens with cache reads',
    per: '/min',
  },
  output_tokens_per_minute: { name: 'Output tokens per minute', short: 'output tokens', per: '/min' },
  tokens_per_minute: { name: 'Tokens per minute, input and output', short: 'tokens', per: '/min' },
  tokens_per_day: { name: 'Tokens per day, input and output', short: 'tokens', per: '/day' },
  enqueued_batch_requests: { name: 'Requests in waiting batches', short: 'waiting', per: '' },
};

/** A limiter as people read it; one that is not known here reads as the API names it. */
export const limiterName = (type: string): string => LIMITERS[type]?.name ?? type.replaceAll('_', ' ');

/** A limit in a few words, where what stands around it says in which time: `2M input tokens`. */
export const shortLimit = ({ type, value }: RateLimitValue): string =>
  `${value < 10_000 ? formatExact(value) : formatCount(value)} ${LIMITERS[type]?.short ?? limiterName(type)}`;

/** A limit that stands by itself: `5M tokens/day`. */
export const limitWords = (limit: RateLimitValue): string => `${shortLimit(limit)}${LIMITERS[limit.type]?.per ?? ''}`;

/** Kinds of things that can have lower limits. */
export const RATE_SCOPES: Readonly<Record<RateScope['type'], { readonly name: string; readonly meaning: string }>> = {
  workspace: { name: 'Workspace', meaning: 'All keys of the workspace together.' },
  rbac_group: {
    name: 'Group, per member',
    meaning: 'Each member of the group for themselves; its service keys count as one member together.',
  },
  user: { name: 'Member', meaning: 'One member, with all their keys and sign-ins.' },
  api_key: { name: 'Key', meaning: 'One key, whoever uses it.' },
};

/** The limiters that models have in every tier. */
const USUAL = ['requests_per_minute', 'input_tokens_per_minute_cache_aware', 'output_tokens_per_minute'] as const;

/** Those that can be set on models beside the usual ones. */
const FURTHER = ['tokens_per_minute', 'tokens_per_day', 'input_tokens_per_minute'] as const;

/** Every limiter that can be set on models, in the order in which they are read. */
export const SETTABLE = [...USUAL, ...FURTHER] as const;
export type SettableLimiter = (typeof SETTABLE)[number];

/** What can be set on a group of models, or on a part of the API: the usual limiters, and those few people need. */
export const settableOn = (
  type: RateLimitGroup['type'],
): { readonly usual: readonly SettableLimiter[]; readonly further: readonly SettableLimiter[] } =>
  type === 'model_group' ? { usual: USUAL, further: FURTHER } : { usual: ['requests_per_minute'], further: [] };

/** Stands for all models together where lower limits are set. */
export const ALL_MODELS = 'rlg_all_models';
