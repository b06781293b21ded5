import { queryOptions } from '@tanstack/react-query';
import { getRateTier, getRateUsage, listRateLimitOverrides, listRateLimits } from '../../spend/contract.ts';
import { call } from './client.ts';

const FRESH_MS = 15_000;

/** The tier the organisation is in, and what every tier lets through. */
export const rateTierQuery = queryOptions({ queryKey: ['rates', 'tier'], queryFn: () => call(getRateTier) });

/** How much of the organisation's rate limits is used, kept current. */
export const rateUsageQuery = queryOptions({
  queryKey: ['rates', 'usage'],
  queryFn: () => call(getRateUsage),
  refetchInterval: FRESH_MS,
});

/** What limits are on: groups of models and parts of the API, with the organisation's numbers. */
export const rateLimitsQuery = queryOptions({
  queryKey: ['rates', 'limits'],
  queryFn: () => call(listRateLimits),
  select: (reply) => reply.data,
});

/** The own rate limits of workspaces, groups, members and keys. */
export const rateOverridesQuery = queryOptions({
  queryKey: ['rates', 'overrides'],
  queryFn: () => call(listRateLimitOverrides),
  select: (reply) => reply.data,
});
