import { keepPreviousData, queryOptions } from '@tanstack/react-query';
import {
  getMySpendLimits,
  getSpendForecast,
  listIncreaseRequests,
  listNearLimits,
  listSpend,
  type SpendKind,
} from '../../spend/contract.ts';
import { call } from './client.ts';

const PAGE = 25;
const FRESH_MS = 60_000;

/** Whole UTC days; this month so far when both are absent. */
export type Days = { readonly starting_date?: string | undefined; readonly ending_date?: string | undefined };

/** Where the organisation's month is heading. */
export const forecastQuery = queryOptions({
  queryKey: ['spend', 'forecast'],
  queryFn: () => call(getSpendForecast),
  refetchInterval: FRESH_MS,
});

type Lines = { readonly by: SpendKind; readonly days: Days; readonly search: string };

/** A page of those whom the spend of a range belongs to, the largest first. */
export const linesQuery = ({ by, days, search }: Lines, page: string | undefined) =>
  queryOptions({
    queryKey: ['spend', 'lines', by, days, search, page],
    queryFn: () =>
      call(listSpend, { query: { by, ...days, limit: PAGE, page, search: search === '' ? undefined : search } }),
    placeholderData: keepPreviousData,
  });

/** A page of those who are near a limit, the nearest first. */
export const nearLimitsQuery = (page: string | undefined) =>
  queryOptions({
    queryKey: ['spend', 'near', page],
    queryFn: () => call(listNearLimits, { query: { limit: PAGE, page } }),
    placeholderData: keepPreviousData,
  });

/** A page of what members ask for. */
export const requestsQuery = (status: 'pending' | 'decided', page: string | undefined) =>
  queryOptions({
    queryKey: ['increase-requests', status, page],
    queryFn: () =>
      call(listIncreaseRequests, {
        query: { status: status === 'pending' ? ['pending'] : ['approved', 'denied'], limit: PAGE, page },
      }),
    placeholderData: keepPreviousData,
  });

/** What the person signed in has used, what is left, and whether they may ask for more. */
export const mySpendLimitsQuery = queryOptions({
  queryKey: ['my-spend', 'limits'],
  queryFn: () => call(getMySpendLimits),
  refetchInterval: FRESH_MS,
});
