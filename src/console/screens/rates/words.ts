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

const LIMITERS: Readonly<Record<string, { readonly name: string; readonly short: string }>> = {
  requests_per_minute: { name: 'Requests per minute', short: 'requests' },
  input_tokens_per_minute_cache_aware: { name: 'Input tokens per minute', short: 'in' },
  input_tokens_per_minute: { name: 'Input tokens per minute, cache reads counted', short: 'in with cache' },
  output_tokens_per_minute: { name: 'Output tokens per minute', short: 'out' },
  enqueued_batch_requests: { name: 'Requests in waiting batches', short: 'waiting' },
};

/** A limiter as people read it; one that is not known here reads as the API names it. */
export const limiterName = (type: string): string => LIMITERS[type]?.name ?? type.replaceAll('_', ' ');

/** A limit in a few characters: `2M in`. */
export const shortLimit = ({ type, value }: RateLimitValue): string =>
  `${value < 10_000 ? formatExact(value) : formatCount(value)} ${LIMITERS[type]?.short ?? limiterName(type)}`;

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

/** The limiters that lower limits are set on here. */
export const SETTABLE = [
  'requests_per_minute',
  'input_tokens_per_minute_cache_aware',
  'output_tokens_per_minute',
] as const;

/** Stands for all models together where lower limits are set. */
export const ALL_MODELS = 'rlg_all_models';
