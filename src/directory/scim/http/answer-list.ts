import { hashSecret } from '../../../platform/index.ts';
import { type CursorOf, type Position, readCursor, writeCursor } from '../rules/cursor.ts';
import { filterOf, type ListQuery } from '../rules/list-query.ts';
import type { Stored } from '../rules/render-resource.ts';
import type { JsonObject } from '../rules/value.ts';
import { filterCondition } from '../store/filter-sql.ts';
import { readOrder } from '../store/page-of.ts';
import type { ResourceEndpoint } from './endpoint.ts';
import type { Answer, Exchange } from './exchange.ts';

const LIST_SCHEMA = 'urn:ietf:params:scim:api:messages:2.0:ListResponse';

/** A list as it is answered; a list without anything in it is a success. */
export const listBody = (totalResults: number, resources: readonly JsonObject[], more: JsonObject): JsonObject => ({
  schemas: [LIST_SCHEMA],
  totalResults,
  itemsPerPage: resources.length,
  ...more,
  Resources: resources,
});

/** Answers a page of a list (RFC 7644 §3.4.2, RFC 9865). */
export const answerList = async <Found extends Stored>(
  exchange: Exchange,
  endpoint: ResourceEndpoint<Found>,
  query: ListQuery,
): Promise<Answer> => {
  const { type } = endpoint;
  const filter = filterOf(type, query);
  const condition = filter === undefined ? undefined : filterCondition(type, filter);
  const order = query.sortBy === undefined ? undefined : readOrder(type, query.sortBy, query.sortOrder);
  const { paging } = query;
  const cursorOf = cursorOfQuery(exchange, type.name, query);
  const from: Position =
    paging.kind === 'index' ? { offset: paging.startIndex - 1 } : readCursor(paging.cursor, cursorOf);
  const total = await endpoint.count(exchange, condition);
  // One row more tells whether there is a next page.
  const rows = await pageOf(exchange, endpoint, { condition, order, limit: paging.count + 1, ...from });
  const found = rows.slice(0, paging.count);
  const shown = await endpoint.render({ ...exchange, wanted: query }, found);
  if (paging.kind === 'index') return { status: 200, body: listBody(total, shown, { startIndex: paging.startIndex }) };
  const last = found.at(-1);
  const next = order === undefined ? { afterId: last?.id, offset: 0 } : { offset: from.offset + found.length };
  const isMore = rows.length > found.length && last !== undefined;
  return { status: 200, body: listBody(total, shown, isMore ? { nextCursor: writeCursor(next, cursorOf) } : {}) };
};

type Page = Parameters<ResourceEndpoint['page']>[1];

const pageOf = <Found extends Stored>(exchange: Exchange, endpoint: ResourceEndpoint<Found>, page: Page) =>
  page.limit === 1 ? Promise.resolve([]) : endpoint.page(exchange, page);

const cursorOfQuery = ({ deps, directory }: Exchange, type: string, query: ListQuery): CursorOf => {
  const { filter, sortBy, sortOrder } = query;
  const text = JSON.stringify([directory.id, type, filter, sortBy?.toLowerCase(), sortOrder?.toLowerCase()]);
  return { query: hashSecret(text).slice(0, 22), now: deps.now() };
};
