import { Refusal } from '../kernel/index.ts';

/** Epoch milliseconds as the APIs write times: RFC 3339 in UTC. */
export const toWireTime = (ms: number): string => new Date(ms).toISOString();

/** The refusal for an id that names nothing. */
export const notFound = (what: string, id: string): Refusal =>
  new Refusal('not_found', `There is no ${what} with the id ${id}.`);

/** Opaque cursors over lists that are read by offset. */
export const readCursor = (page: string | undefined): number => {
  if (page === undefined) return 0;
  const [, encoded = ''] = /^page_(.+)$/.exec(page) ?? [];
  const offset = /^\d+$/.exec(Buffer.from(encoded, 'base64url').toString())?.[0];
  if (offset === undefined || !Number.isSafeInteger(Number(offset)))
    throw new Refusal(
      'invalid_request',
      'This page cursor is not one that this list gave out. Start again without it.',
    );
  return Number(offset);
};

/** Cuts rows that were read with one more than `limit` into a cursor page. */
export const cursorPage = <Row, Item>(
  rows: readonly Row[],
  { limit, offset }: { readonly limit: number; readonly offset: number },
  toItem: (row: Row) => Item,
) => ({
  data: rows.slice(0, limit).map(toItem),
  next_page: rows.length > limit ? `page_${Buffer.from(String(offset + limit)).toString('base64url')}` : null,
});
