import { z } from 'zod';
import { endpoint } from '../../platform/contract.ts';

const text = z.string().min(1).max(255);

/** What limits are on: a group of models, or a part of the API; only groups of models have a name (organisation APIs §1.7). */
export const RateLimitGroup = z.discriminatedUnion('type', [
  z.object({ type: z.literal('model_group'), id: z.string(), display_name: z.string() }),
  z.object({ type: z.literal('batch'), id: z.string() }),
  z.object({ type: z.literal('token_count'), id: z.string() }),
  z.object({ type: z.literal('files'), id: z.string() }),
]);
export type RateLimitGroup = z.output<typeof RateLimitGroup>;

const group = {
  group: RateLimitGroup,
  /** The type of the group, for version 2023-06-01 only. */
  group_type: z.string(),
  /** The models of a group of models, aliases included; null for a part of the API. */
  models: z.array(z.string()).nullable(),
};

/** A limiter and how much it lets through. */
export const RateLimitValue = z.object({ type: z.string(), value: z.number() });
export type RateLimitValue = z.output<typeof RateLimitValue>;

/** The limits of the organisation on one group; without limits where the organisation is in no tier. */
export const RateLimit = z.object({
  id: z.string(),
  type: z.literal('rate_limit'),
  ...group,
  limits: z.array(RateLimitValue),
});
export type RateLimit = z.output<typeof RateLimit>;

/** What limits one group in a workspace; the lower of the workspace's value and the organisation's holds. */
export const WorkspaceRateLimit = z.object({
  type: z.literal('workspace_rate_limit'),
  rate_limit_id: z.string(),
  workspace_id: z.string(),
  ...group,
  limits: z.array(
    RateLimitValue.extend({
      org_limit: z.number().nullable(),
      source: z.object({ type: z.enum(['workspace', 'organization']) }),
    }),
  ),
});
export type WorkspaceRateLimit = z.output<typeof WorkspaceRateLimit>;

/** The limiters the API names; Remit has no limits of its own on fast mode and tool uses, and says so. */
const Limiter = z.enum([
  'requests_per_minute',
  'input_tokens_per_minute',
  'input_tokens_per_minute_cache_aware',
  'output_tokens_per_minute',
  'tokens_per_minute',
  'tokens_per_day',
  'tool_uses_per_second',
  'fast_itpmca',
  'fast_otpm',
]);

const VALUE_MAX = 1_000_000_000_000;
const value = z.number().int().min(0).max(VALUE_MAX).nullable();
/** What to set; a null value clears. */
const changes = <Type extends z.ZodType>(type: Type) => z.array(z.strictObject({ type, value })).min(1).max(16);

const GroupType = z.enum(['batch', 'files', 'model_group', 'skills', 'token_count', 'web_search']);

// A list without `limit` is answered whole (organisation APIs §1.7).
const ALL = 1000;
const page = { limit: z.coerce.number().int().min(1).max(ALL).default(ALL), page: z.string().optional() };
const pageOf = <Item extends z.ZodType>(item: Item) =>
  z.object({ data: z.array(item), has_more: z.boolean(), next_page: z.string().nullable() });

export const listRateLimits = endpoint({
  method: 'GET',
  path: '/v1/organizations/rate_limits',
  permission: 'billing:view',
  summary: "List the organisation's rate limits, by groups of models and parts of the API",
  query: z.object({ model: text.optional(), group_type: GroupType.optional(), ...page }),
  reply: pageOf(RateLimit),
  dropped: ['group_type'],
  errors: ['not_found', 'invalid_request'],
});

export const setRateLimit = endpoint({
  method: 'POST',
  path: '/v1/organizations/rate_limits/:rate_limit_id',
  permission: 'billing:manage',
  summary: 'Set numbers of the tier `custom`; a null value goes back to that of the tier `scale`',
  records: ['remit_rate_limit_updated', 'remit_rate_limit_deleted'],
  body: z.strictObject({ limits: changes(z.union([Limiter, z.literal('enqueued_batch_requests')])) }),
  reply: RateLimit,
  dropped: ['group_type'],
  errors: ['not_found', 'invalid_request'],
});

export const listWorkspaceRateLimits = endpoint({
  method: 'GET',
  path: '/v1/organizations/workspaces/:workspace_id/rate_limits',
  permission: 'billing:view',
  summary: "List a workspace's own rate limits, and on request those it inherits",
  query: z.object({
    group_type: GroupType.optional(),
    include_inherited: z.enum(['true', 'false']).optional(),
    ...page,
  }),
  reply: pageOf(WorkspaceRateLimit),
  dropped: ['group_type'],
  errors: ['not_found', 'invalid_request'],
});

export const setWorkspaceRateLimit = endpoint({
  method: 'POST',
  path: '/v1/organizations/workspaces/:workspace_id/rate_limits/:rate_limit_id',
  permission: 'billing:manage',
  summary: "Set a workspace's own rate limits; a null value clears one. They hold from the next request on",
  records: ['platform_workspace_rate_limit_updated', 'platform_workspace_rate_limit_deleted'],
  body: z.strictObject({ limits: changes(Limiter) }),
  reply: WorkspaceRateLimit,
  dropped: ['group_type'],
  errors: ['not_found', 'invalid_request'],
});

/** `unlimited`: only the provider's own limits bind the organisation. `custom`: numbers of its own on top of `scale`. */
export const RateTierName = z.enum(['unlimited', 'start', 'build', 'scale', 'custom']);

const TierLimits = z.object({
  tier: RateTierName,
  /** Cents; null for no cap. */
  monthly_spend_cap: z.string().nullable(),
  limits: z.array(z.object({ rate_limit_id: z.string(), limits: z.array(RateLimitValue) })),
});

/** The tier the organisation is in, and what every tier would give it. */
export const RateTier = z.object({
  type: z.literal('rate_tier'),
  tier: RateTierName,
  /** The tier above it; null where there is none. */
  next_tier: RateTierName.nullable(),
  /** Cents; null for no cap. */
  monthly_spend_cap: z.string().nullable(),
  tiers: z.array(TierLimits),
});
export type RateTier = z.output<typeof RateTier>;

export const getRateTier = endpoint({
  method: 'GET',
  path: '/v1/organizations/rate_tier',
  permission: 'billing:view',
  summary: 'Show the rate tier of the organisation, and what every tier lets through',
  reply: RateTier,
});

export const setRateTier = endpoint({
  method: 'POST',
  path: '/v1/organizations/rate_tier',
  permission: 'billing:manage',
  summary: 'Put the organisation into a rate tier; it holds from the next request on',
  records: ['remit_rate_tier_updated'],
  body: z.strictObject({ tier: RateTierName }),
  reply: RateTier,
});

/** Whose own limit it is. That of a group is for each of its members; its service keys count as one member together. */
export const RateScope = z.discriminatedUnion('type', [
  z.strictObject({ type: z.literal('workspace'), workspace_id: text }),
  z.strictObject({ type: z.literal('rbac_group'), rbac_group_id: text }),
  z.strictObject({ type: z.literal('user'), user_id: text }),
  z.strictObject({ type: z.literal('api_key'), api_key_id: text }),
]);
export type RateScope = z.output<typeof RateScope>;

/** Own limits of a workspace, group, member or key on one group of models or part of the API. */
export const RateLimitOverride = z.object({
  type: z.literal('rate_limit_override'),
  scope: RateScope,
  /** The name of whose limits they are, where it is known. */
  name: z.string().nullable(),
  rate_limit_id: z.string(),
  ...group,
  limits: z.array(RateLimitValue.extend({ org_limit: z.number().nullable() })),
});
export type RateLimitOverride = z.output<typeof RateLimitOverride>;

export const listRateLimitOverrides = endpoint({
  method: 'GET',
  path: '/v1/organizations/rate_limit_overrides',
  permission: 'billing:view',
  summary: 'List the own rate limits of workspaces, groups, members and keys',
  query: z.object({
    scope_type: z.enum(['workspace', 'rbac_group', 'user', 'api_key']).optional(),
    scope_id: text.optional(),
    ...page,
  }),
  reply: pageOf(RateLimitOverride),
  errors: ['invalid_request'],
});

export const setRateLimitOverride = endpoint({
  method: 'POST',
  path: '/v1/organizations/rate_limit_overrides',
  permission: 'billing:manage',
  summary:
    'Set own rate limits of a group (for each member), a member, a key or a workspace; a null value clears one. `rlg_all_models` stands for all models together',
  records: [
    'remit_rate_limit_updated',
    'remit_rate_limit_deleted',
    'platform_workspace_rate_limit_updated',
    'platform_workspace_rate_limit_deleted',
  ],
  body: z.strictObject({ scope: RateScope, rate_limit_id: text, limits: changes(Limiter) }),
  reply: RateLimitOverride,
  errors: ['not_found', 'invalid_request'],
});

/** How much of the organisation's limits is used: now, and at most in this hour and the one before. */
export const RateUsage = z.object({
  type: z.literal('rate_usage'),
  tier: RateTierName,
  data: z.array(
    z.object({
      rate_limit_id: z.string(),
      ...group,
      limits: z.array(
        RateLimitValue.extend({
          used: z.number(),
          peak: z.number(),
          /** Shares of the limit, 1 for all of it; output that streams may go beyond. */
          utilization: z.number(),
          peak_utilization: z.number(),
        }),
      ),
    }),
  ),
  /** Where half of a limit or more was used: the tier to ask for. */
  hint: z
    .object({
      rate_limit_id: z.string(),
      limiter: z.string(),
      peak_utilization: z.number(),
      next_tier: RateTierName.nullable(),
    })
    .nullable(),
});
export type RateUsage = z.output<typeof RateUsage>;

export const getRateUsage = endpoint({
  method: 'GET',
  path: '/v1/organizations/rate_usage',
  permission: 'billing:view',
  summary: "Show how much of the organisation's rate limits is used, and whether a higher tier is worth asking for",
  reply: RateUsage,
});
