import { PAGING } from './paging.ts';
import { badRequest } from './scim-error.ts';

/** Where the next page begins: behind an id, or (in a sorted list) after so many rows. */
export type Position = { readonly afterId?: string | undefined; readonly offset: number };

/** What a cursor counts for: one query in one directory, for an hour from `now` (epoch ms). */
export type CursorOf = { readonly query: string; readonly now: number };

/** A cursor in unreserved characters (RFC 9865 §2). `query` tells lists apart. */
export const writeCursor = ({ afterId, offset }: Position, { query, now }: CursorOf): string =>
  Buffer.from(JSON.stringify([query, now, afterId ?? null, offset])).toString('base64url');

/** Reads a cursor; the empty one is the beginning. `invalidCursor` for one of another list, `expiredCursor` for an old one. */
export const readCursor = (cursor: string, { query, now }: CursorOf): Position => {
  if (cursor === '') return { offset: 0 };
  const [ofQuery, at, afterId, offset] = partsOf(cursor);
  const isValid = ofQuery === query && typeof at === 'number' && Number.isSafeInteger(offset);
  if (!isValid) throw badRequest('invalidCursor', 'This cursor is not one that this query gave out.');
  if (at + PAGING.cursorSeconds * 1000 < now)
    throw badRequest('expiredCursor', 'This cursor is too old; start again without one.');
  return { afterId: typeof afterId === 'string' ? afterId : undefined, offset: Math.max(0, Number(offset)) };
};

const partsOf = (cursor: string): readonly unknown[] => {
  try {
    const parts: unknown = JSON.parse(Buffer.from(cursor, 'base64url').toString());
    return Array.isArray(parts) ? parts : [];
  } catch {
    return [];
  }
};
