import { z } from 'zod';
import { endpoint, listOf } from '../../platform/contract.ts';
import { SpendPeriod } from '../limits/objects/contract.ts';

/** What every file has in common: money is in US dollars, times are UTC, the first line names the columns. */
const csv = { produces: 'text/csv', reply: z.custom<AsyncIterable<string>>() } as const;

export const exportSpendLimits = endpoint({
  method: 'GET',
  path: '/v1/organizations/spend_limits/export',
  permission: 'billing:view',
  scope: 'read:spend_limits',
  summary:
    'Every limit that is set as a CSV file, with the names of whom it is for; `remit limits import` takes it back',
  ...csv,
});

export const exportEffectiveSpendLimits = endpoint({
  method: 'GET',
  path: '/v1/organizations/spend_limits/effective/export',
  permission: 'billing:view',
  scope: 'read:spend_limits',
  summary:
    'Every member as a CSV file, with their own limit in each period, where it comes from, and what they have spent of it; a line for those without a limit too',
  records: ['platform_cost_report_viewed'],
  query: z.object({ period: listOf(SpendPeriod) }),
  ...csv,
  errors: ['invalid_request'],
});

export const exportIncreaseRequests = endpoint({
  method: 'GET',
  path: '/v1/organizations/spend_limit_increase_requests/export',
  permission: 'billing:view',
  scope: 'read:spend_limits',
  summary: 'What members have asked for as a CSV file, newest first, with who decided and the amount approved',
  ...csv,
});

export const exportSeatTierUsage = endpoint({
  method: 'GET',
  path: '/v1/organizations/seat_tier_usage/export',
  permission: 'billing:view',
  summary: 'What the seats of each tier include as a CSV file, and how many members have them',
  ...csv,
});

export const exportPrepaidOrders = endpoint({
  method: 'GET',
  path: '/v1/organizations/prepaid/orders/export',
  permission: 'billing:view',
  summary: 'Every order of credit as a CSV file, newest first',
  ...csv,
});

export const exportRateUsage = endpoint({
  method: 'GET',
  path: '/v1/organizations/rate_usage/export',
  permission: 'billing:view',
  summary: "The organisation's rate limits as a CSV file, with how much of each is used",
  ...csv,
});

export const exportRateLimitOverrides = endpoint({
  method: 'GET',
  path: '/v1/organizations/rate_limit_overrides/export',
  permission: 'billing:view',
  summary: 'The own rate limits of workspaces, groups, members and keys as a CSV file',
  ...csv,
});
