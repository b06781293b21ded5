import { keepPreviousData, queryOptions } from '@tanstack/react-query';
import {
  getSpendSettings,
  listEffectiveSpendLimits,
  listSeatTierUsage,
  listSpendLimits,
} from '../../spend/contract.ts';
import { call } from './client.ts';

const PAGE = 25;
const ALL = 1000;

type LimitFilters = {
  readonly scope_type?: readonly ScopeFilter[];
  readonly rbac_group_id?: string;
  readonly user_id?: string;
};
type ScopeFilter =
  | 'organization'
  | 'seat_tier'
  | 'rbac_group'
  | 'user'
  | 'workspace'
  | 'organization_total'
  | 'rbac_group_pool'
  | 'api_key'
  | 'session';

/** The orders a page of limits can have: whom they reach, the widest first, or how much they allow. */
export type LimitOrder =
  | { readonly sort_by: 'reach' }
  | { readonly sort_by: 'amount'; readonly sort_order: 'asc' | 'desc' };

type LimitPage = { readonly scope: ScopeFilter | undefined; readonly order: LimitOrder };

/** A page of the limits that are set. */
export const limitsQuery = ({ scope, order }: LimitPage, page: string | undefined) =>
  queryOptions({
    queryKey: ['spend-limits', 'page', scope, order, page],
    queryFn: () =>
      call(listSpendLimits, {
        query: { limit: PAGE, page, ...order, ...(scope === undefined ? {} : { scope_type: [scope] }) },
      }),
    placeholderData: keepPreviousData,
  });

/** The limits that narrow filters leave, all at once: a group's, the organisation's total. */
export const fewLimitsQuery = ({ scope_type = [], ...filters }: LimitFilters) =>
  queryOptions({
    queryKey: ['spend-limits', 'few', scope_type, filters],
    queryFn: () => call(listSpendLimits, { query: { limit: ALL, scope_type: [...scope_type], ...filters } }),
    select: (reply) => reply.data,
  });

type EffectiveFilters = {
  readonly userId?: string | undefined;
  readonly period?: 'daily' | 'weekly' | 'monthly' | undefined;
};

/** A page of members with their own limits, what they spent of them, and where they come from. */
export const effectiveLimitsQuery = ({ userId, period }: EffectiveFilters, page: string | undefined) =>
  queryOptions({
    queryKey: ['spend-limits', 'effective', userId, period, page],
    queryFn: () =>
      call(listEffectiveSpendLimits, {
        query: {
          limit: PAGE,
          page,
          ...(userId === undefined ? {} : { user_ids: [userId] }),
          ...(period === undefined ? {} : { period: [period] }),
        },
      }),
    placeholderData: keepPreviousData,
  });

/** How limits work here. */
export const spendSettingsQuery = queryOptions({
  queryKey: ['spend-settings'],
  queryFn: () => call(getSpendSettings),
});

/** Types of seats and what they include. */
export const seatTiersQuery = queryOptions({
  queryKey: ['seat-tier-usage'],
  queryFn: () => call(listSeatTierUsage),
  select: (reply) => reply.data,
});
