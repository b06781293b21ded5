import {
  type Decision,
  type DecisionDetail,
  getDecision,
  getMyDecision,
  listDecisions,
  listMyDecisions,
} from '../../gateway/contract.ts';
import { call } from './client.ts';
import { type RequestFilters, startOfRange } from './request-filters.ts';

const PAGE = 50;

/** One page of requests, newest first; `last_id` continues towards older ones. */
export type RequestPage = {
  readonly data: readonly Decision[];
  readonly has_more: boolean;
  readonly last_id: string | null;
};

/** Where a table of requests reads from: everybody's or only one's own. */
export type RequestSource = {
  readonly key: 'all' | 'mine';
  /** One page, newest first; `after` is the id to continue from, towards older requests. */
  readonly list: (filters: RequestFilters, after: string | undefined) => Promise<RequestPage>;
  readonly read: (requestId: string) => Promise<DecisionDetail>;
};

const queryOf = ({ model, effect, range }: RequestFilters, after_id: string | undefined) => ({
  model,
  effect,
  starting_at: startOfRange(range, Date.now()),
  after_id,
  limit: PAGE,
});

/** Everybody's requests. */
export const allRequests: RequestSource = {
  key: 'all',
  list: (filters, after) => call(listDecisions, { query: { ...queryOf(filters, after), user_id: filters.member } }),
  read: (requestId) => call(getDecision, { params: { request_id: requestId } }),
};

/** The requests of the person signed in. */
export const myRequests: RequestSource = {
  key: 'mine',
  list: (filters, after) => call(listMyDecisions, { query: queryOf(filters, after) }),
  read: (requestId) => call(getMyDecision, { params: { request_id: requestId } }),
};
