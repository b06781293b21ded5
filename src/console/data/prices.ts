import { queryOptions } from '@tanstack/react-query';
import { getPrices, listPriceBooks, listReratings } from '../../spend/contract.ts';
import { call } from './client.ts';

const RUNNING_MS = 2000;

/** The prices in force today and the rules they are made of. */
export const pricesQuery = queryOptions({ queryKey: ['prices', 'book'], queryFn: () => call(getPrices) });

/** Every version of the book there has been, the newest first. */
export const priceBooksQuery = queryOptions({
  queryKey: ['prices', 'versions'],
  queryFn: () => call(listPriceBooks),
  select: (reply) => reply.data,
});

/** The newest re-ratings; read often while one runs. */
export const reratingsQuery = queryOptions({
  queryKey: ['prices', 'reratings'],
  queryFn: () => call(listReratings),
  select: (reply) => reply.data,
  refetchInterval: ({ state }) => (state.data?.data.some(({ state: now }) => now === 'running') ? RUNNING_MS : false),
});
