import { Refusal } from '../../kernel/index.ts';
import { hashSecret } from '../crypto.ts';

/** Where a page ends: the values its list is ordered by, of the last row. */
export type Position = readonly string[];

const stale = () =>
  new Refusal(
    'invalid_request',
    'This page cursor does not belong to this list and its current query parameters. Start again without it.',
  );

const MARK_LENGTH = 12;
const markOf = (filters: unknown): string => hashSecret(JSON.stringify(filters)).slice(0, MARK_LENGTH);

/** An opaque cursor to the rows behind `position`, good for the same list with the same filters only. */
export const writeCursor = (position: Position, filters: unknown): string =>
  `page_${Buffer.from(JSON.stringify([markOf(filters), ...position])).toString('base64url')}`;

/** The position in a cursor; undefined without one. One of another list or other filters refuses (`invalid_request`). */
export const readCursor = (page: string | undefined, filters: unknown): Position | undefined => {
  if (page === undefined || page === '') return undefined;
  const [mark, ...position] = parse(page);
  if (mark !== markOf(filters) || position.length === 0) throw stale();
  return position;
};

const parse = (page: string): readonly string[] => {
  if (!page.startsWith('page_')) throw stale();
  try {
    const parsed: unknown = JSON.parse(Buffer.from(page.slice('page_'.length), 'base64url').toString());
    if (Array.isArray(parsed) && parsed.every((part) => typeof part === 'string')) return parsed;
  } catch {
    // Not one that was given out, as below.
  }
  throw stale();
};

/** Cuts rows that were read with one more than `limit` into a page whose cursor stands behind its last row. */
export const cursorPage = <Row, Item>(
  rows: readonly Row[],
  page: { readonly limit: number; readonly filters: unknown },
  { toItem, positionOf }: { readonly toItem: (row: Row) => Item; readonly positionOf: (row: Row) => Position },
) => {
  const cut = rows.slice(0, page.limit);
  const last = cut.at(-1);
  const next_page = rows.length > page.limit && last !== undefined ? writeCursor(positionOf(last), page.filters) : null;
  return { data: cut.map(toItem), has_more: next_page !== null, next_page };
};
