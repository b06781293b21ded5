import { invalid } from './api-error.ts';

type Named = { readonly id: string };

const LIMIT_DEFAULT = 20;
const LIMIT_MAX = 1000;

const readLimit = (query: URLSearchParams): number => {
  const text = query.get('limit');
  if (text === null) return LIMIT_DEFAULT;
  const limit = Number(text);
  if (!Number.isInteger(limit) || limit < 1 || limit > LIMIT_MAX) {
    throw invalid(`limit: Input should be a whole number from 1 to ${LIMIT_MAX}`);
  }
  return limit;
};

const indexOfId = (items: readonly Named[], id: string, parameter: string): number => {
  const index = items.findIndex((item) => item.id === id);
  if (index < 0) throw invalid(`${parameter}: no item has the id ${id}`);
  return index;
};

/** A page by ids (`limit`, `after_id`, `before_id`), in the order given. */
export const pageById = <Item extends Named>(items: readonly Item[], query: URLSearchParams) => {
  const limit = readLimit(query);
  const before = query.get('before_id');
  const after = query.get('after_id');
  const end = before === null ? undefined : indexOfId(items, before, 'before_id');
  const start = after === null ? 0 : indexOfId(items, after, 'after_id') + 1;
  const data = end === undefined ? items.slice(start, start + limit) : items.slice(Math.max(0, end - limit), end);
  const has_more = end === undefined ? start + limit < items.length : end > limit;
  return { data, has_more, first_id: data[0]?.id ?? null, last_id: data.at(-1)?.id ?? null };
};

const CURSOR_PREFIX = 'page_';

const cursorAfter = (id: string): string => CURSOR_PREFIX + Buffer.from(id).toString('base64url');

const startOf = (items: readonly Named[], cursor: string | null): number => {
  if (cursor === null || cursor === '') return 0;
  const id = Buffer.from(cursor.slice(CURSOR_PREFIX.length), 'base64url').toString();
  return indexOfId(items, id, 'page') + 1;
};

/** A page by cursor (`limit`, `page`), in the order given; `next_page` is null on the last one. */
export const pageByCursor = <Item extends Named>(items: readonly Item[], query: URLSearchParams) => {
  const limit = readLimit(query);
  const start = startOf(items, query.get('page'));
  const data = items.slice(start, start + limit);
  const last = data.at(-1);
  return { data, next_page: last !== undefined && start + limit < items.length ? cursorAfter(last.id) : null };
};
