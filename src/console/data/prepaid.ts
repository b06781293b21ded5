import { keepPreviousData, queryOptions } from '@tanstack/react-query';
import { getPrepaidBalance, listPrepaidOrders } from '../../spend/contract.ts';
import { call } from './client.ts';

const PAGE = 25;
const FRESH_MS = 15_000;

/** First parts of the queries that an order or a changed setting makes stale. */
export const PREPAID_TOUCHES = ['prepaid', 'my-spend', 'spend'] as const;

/** The balance that was paid for, and when more is bought; kept current. */
export const prepaidQuery = queryOptions({
  queryKey: ['prepaid', 'balance'],
  queryFn: () => call(getPrepaidBalance),
  refetchInterval: FRESH_MS,
});

/** A page of orders of credit, the newest first. */
export const prepaidOrdersQuery = (page: string | undefined) =>
  queryOptions({
    queryKey: ['prepaid', 'orders', page],
    queryFn: () => call(listPrepaidOrders, { query: { limit: PAGE, page } }),
    placeholderData: keepPreviousData,
  });
