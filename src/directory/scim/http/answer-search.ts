import { bindFilter } from '../rules/filter/bind-filter.ts';
import { parseFilter } from '../rules/filter/parse-filter.ts';
import { settleForeign } from '../rules/filter/settle-foreign.ts';
import type { ListQuery } from '../rules/list-query.ts';
import type { Stored } from '../rules/render-resource.ts';
import { findNamed } from '../rules/schema/resource-type.ts';
import { badRequest } from '../rules/scim-error.ts';
import type { JsonObject } from '../rules/value.ts';
import type { Condition } from '../store/compare-sql.ts';
import { filterCondition } from '../store/filter-sql.ts';
import { type Order, readOrder } from '../store/page-of.ts';
import { listBody } from './answer-list.ts';
import type { ResourceEndpoint } from './endpoint.ts';
import type { Answer, Exchange } from './exchange.ts';
import { groupsEndpoint } from './groups-endpoint.ts';
import { usersEndpoint } from './users-endpoint.ts';

/**
 * Answers a search over everything (RFC 7644 §3.4.3): people first, then groups, each sorted for itself. What only one
 * type has is absent from the other; an attribute that neither has is `invalidFilter`.
 */
export const answerSearch = async (exchange: Exchange, query: ListQuery): Promise<Answer> => {
  if (query.paging.kind === 'cursor')
    throw badRequest('invalidCursor', 'A search over all types goes by startIndex; use a cursor under one type.');
  const { startIndex, count } = query.paging;
  const users = await usersEndpoint.count(exchange, conditionOf(usersEndpoint, query));
  const groups = await groupsEndpoint.count(exchange, conditionOf(groupsEndpoint, query));
  const skipped = startIndex - 1;
  const first = await resourcesOf(exchange, usersEndpoint, { query, offset: skipped, limit: count });
  const rest = await resourcesOf(exchange, groupsEndpoint, {
    query,
    offset: Math.max(0, skipped - users),
    limit: count - first.length,
  });
  return { status: 200, body: listBody(users + groups, [...first, ...rest], { startIndex }) };
};

const conditionOf = <Found extends Stored>(
  { type }: ResourceEndpoint<Found>,
  { filter }: ListQuery,
): Condition | undefined =>
  filter === undefined ? undefined : filterCondition(type, bindFilter(type, settleForeign(type, parseFilter(filter))));

const orderOf = <Found extends Stored>(
  { type }: ResourceEndpoint<Found>,
  { sortBy, sortOrder }: ListQuery,
): Order | undefined =>
  sortBy === undefined || findNamed(type, sortBy) === undefined ? undefined : readOrder(type, sortBy, sortOrder);

type Part = { readonly query: ListQuery; readonly offset: number; readonly limit: number };

const resourcesOf = async <Found extends Stored>(
  exchange: Exchange,
  endpoint: ResourceEndpoint<Found>,
  { query, offset, limit }: Part,
): Promise<readonly JsonObject[]> => {
  if (limit === 0) return [];
  const found = await endpoint.page(exchange, {
    condition: conditionOf(endpoint, query),
    order: orderOf(endpoint, query),
    limit,
    offset,
  });
  return endpoint.render({ ...exchange, wanted: query }, found);
};
