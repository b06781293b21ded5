import { z } from 'zod';
import { endpoint, listOf, pageLimit } from '../../platform/contract.ts';
import {
  Amount,
  Currency,
  Ladder,
  SeatTier,
  SpendLimit,
  SpendMode,
  SpendPeriod,
  SpendScope,
  SpendSummary,
} from './objects/contract.ts';

export type { LadderStep, SpendActor } from './objects/contract.ts';
export {
  SCOPES_BY_REACH,
  SpendLimit,
  SpendPeriod,
  SpendScope,
  SpendSummary,
  spendScope,
  targetOfScope,
} from './objects/contract.ts';

const page = { limit: pageLimit, page: z.string().optional() };

/** The types of scope by which limits can be listed; of the last two there are none in Remit. */
const ListedScope = z.enum([
  'organization',
  'seat_tier',
  'rbac_group',
  'user',
  'workspace',
  'organization_total',
  'rbac_group_pool',
  'api_key',
  'session',
  'organization_service',
  'usage_tier',
]);

export const listEffectiveSpendLimits = endpoint({
  method: 'GET',
  path: '/v1/organizations/spend_limits/effective',
  permission: 'billing:view',
  scope: 'read:spend_limits',
  summary: "Each member's own limit in each period, where it comes from, and what they have spent of it",
  query: z.object({
    user_ids: listOf(z.string()).pipe(z.array(z.string()).max(100)),
    period: listOf(SpendPeriod),
    ...page,
  }),
  reply: z.object({ data: z.array(SpendSummary), has_more: z.boolean(), next_page: z.string().nullable() }),
  errors: ['invalid_request'],
});

export const listSpendLimits = endpoint({
  method: 'GET',
  path: '/v1/organizations/spend_limits',
  permission: 'billing:view',
  scope: 'read:spend_limits',
  summary:
    "List the limits that are set: the organisation's default, seat tiers, groups, members, then workspaces, totals, pools, keys, sessions",
  query: z.object({
    scope_type: listOf(ListedScope),
    user_id: z.string().optional(),
    rbac_group_id: z.string().optional(),
    workspace_id: z.string().optional(),
    api_key_id: z.string().optional(),
    /** By scope in the order above; `reach`: from the whole organisation to a session; by amount. */
    sort_by: z.enum(['scope', 'reach', 'amount']).default('scope'),
    /** Of amounts; unlimited is the most. */
    sort_order: z.enum(['asc', 'desc']).default('desc'),
    ...page,
  }),
  reply: z.object({ data: z.array(SpendLimit), has_more: z.boolean(), next_page: z.string().nullable() }),
  errors: ['invalid_request'],
});

export const getSpendLimit = endpoint({
  method: 'GET',
  path: '/v1/organizations/spend_limits/:spend_limit_id',
  permission: 'billing:view',
  scope: 'read:spend_limits',
  summary: 'Show a limit',
  reply: SpendLimit,
  errors: ['not_found'],
});

export const setSpendLimit = endpoint({
  method: 'POST',
  path: '/v1/organizations/spend_limits',
  permission: 'billing:manage',
  scope: 'write:spend_limits',
  summary: 'Set the limit of a scope in a period; one that is there is overwritten. It holds from the next request on',
  records: [
    'extra_usage_spend_limit_created',
    'extra_usage_spend_limit_updated',
    'extra_usage_spend_limit_increase_request_approved',
  ],
  body: z.strictObject({
    scope: SpendScope,
    /** null is unlimited. */
    amount: Amount.nullable(),
    /** `monthly` when absent; a session's limit has none. */
    period: SpendPeriod.nullish(),
    /** What is left out of these stays as it is; of a new limit they are on, standard and empty. */
    is_enabled: z.boolean().optional(),
    mode: SpendMode.optional(),
    ladder: Ladder.optional(),
  }),
  reply: SpendLimit,
  errors: ['not_found', 'invalid_request'],
});

export const deleteSpendLimit = endpoint({
  method: 'DELETE',
  path: '/v1/organizations/spend_limits/:spend_limit_id',
  permission: 'billing:manage',
  scope: 'write:spend_limits',
  summary: 'Delete a limit; a member falls back to the next one that holds for them',
  records: ['extra_usage_spend_limit_deleted'],
  reply: z.object({ id: z.string(), type: z.literal('spend_limit_deleted') }),
  errors: ['not_found'],
});

const percent = z.number().int().min(1).max(100);

export const SpendSettings = z.object({
  type: z.literal('spend_settings'),
  /** Of several groups' limits, which one a member has. */
  multi_group_limit: z.enum(['higher', 'lower']),
  /** Whether members may ask for more. */
  increase_requests: z.boolean(),
  /** What happens while the store cannot be reached: `closed` refuses, `open` lets requests pass for the grace at most. */
  store_outage: z.object({ mode: z.enum(['closed', 'open']), grace_seconds: z.number().int().min(0).max(86_400) }),
  /** Percent of a limit at which people are told. */
  thresholds: z.array(percent).max(20),
  /** Where members who need more are sent, and in which words. */
  ask_for_more: z.object({
    url: z
      .url({ protocol: /^https?$/ })
      .max(2000)
      .nullable(),
    sentence: z.string().max(500).nullable(),
  }),
});
export type SpendSettings = z.output<typeof SpendSettings>;

export const getSpendSettings = endpoint({
  method: 'GET',
  path: '/v1/organizations/spend_settings',
  permission: 'billing:view',
  summary: 'How limits work here: several groups, requests for more, store outages, thresholds',
  reply: SpendSettings,
});

export const updateSpendSettings = endpoint({
  method: 'POST',
  path: '/v1/organizations/spend_settings',
  permission: 'billing:manage',
  summary: 'Change how limits work; what is left out stays',
  records: ['claude_organization_settings_updated'],
  body: SpendSettings.omit({ type: true }).partial().strict(),
  reply: SpendSettings,
  errors: ['invalid_request'],
});

/** What the seats of a tier include, spent first and against no limit. */
export const SeatTierUsage = z.object({
  type: z.literal('seat_tier_usage'),
  seat_tier: z.string(),
  /** null when nothing is included. */
  included: z.object({ amount: z.string(), currency: Currency, period: SpendPeriod }).nullable(),
  member_count: z.number().int(),
});
export type SeatTierUsage = z.output<typeof SeatTierUsage>;

export const listSeatTierUsage = endpoint({
  method: 'GET',
  path: '/v1/organizations/seat_tier_usage',
  permission: 'billing:view',
  summary: 'The seat tiers that members have or that include something, and what they include',
  reply: z.object({ data: z.array(SeatTierUsage) }),
});

export const setSeatTierUsage = endpoint({
  method: 'POST',
  path: '/v1/organizations/seat_tier_usage',
  permission: 'billing:manage',
  summary: 'Set what the seats of a tier include in each period; an amount of null takes it away',
  records: ['claude_organization_settings_updated'],
  body: z.strictObject({ seat_tier: SeatTier, amount: Amount.nullable(), period: SpendPeriod.default('monthly') }),
  reply: SeatTierUsage,
  errors: ['invalid_request'],
});
