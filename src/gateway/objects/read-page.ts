import { Refusal } from '../../kernel/index.ts';

const LIMIT_DEFAULT = 20;
const LIMIT_MAX = 1000;

/** Where a page goes on: an object's place in the order newest first. */
export type Anchor = { readonly createdAt: number; readonly id: string };

/** The `limit` parameter of the Messages API's lists: 1 to 1000, 20 when it is missing. */
export const readLimit = (text: string | null): number => {
  const limit = text === null ? LIMIT_DEFAULT : Number(text);
  if (!Number.isInteger(limit) || limit < 1 || limit > LIMIT_MAX)
    throw new Refusal('invalid_request', `limit must be a whole number from 1 to ${LIMIT_MAX}.`);
  return limit;
};

const CURSOR = /^page_([\w-]+)$/;

/** The cursor of the page that goes on after an object (organisation APIs §0.6, style B). */
export const cursorAfter = ({ createdAt, id }: Anchor): string =>
  `page_${Buffer.from(JSON.stringify([createdAt, id])).toString('base64url')}`;

const parseCursor = (encoded: string): unknown => {
  try {
    return JSON.parse(Buffer.from(encoded, 'base64url').toString());
  } catch {
    return undefined;
  }
};

/** Where a cursor says to go on; refuses a text that is no cursor of ours. */
export const readCursor = (text: string): Anchor => {
  const place = parseCursor(CURSOR.exec(text)?.[1] ?? '');
  const [createdAt, id]: readonly unknown[] = Array.isArray(place) ? place : [];
  if (typeof createdAt !== 'number' || typeof id !== 'string')
    throw new Refusal('invalid_request', 'page is not a cursor of this list. Start again without it.');
  return { createdAt, id };
};
