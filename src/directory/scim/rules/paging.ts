import { badRequest, type ScimError } from './scim-error.ts';

/** Page sizes; also what `/ServiceProviderConfig` announces. A cursor counts for an hour. */
export const PAGING = { defaultPageSize: 100, maxPageSize: 1000, cursorSeconds: 3600 } as const;

/** One page of a list: by index, or from a cursor on (`''` is the first page). */
export type Paging = { readonly count: number } & (
  | { readonly kind: 'index'; readonly startIndex: number }
  | { readonly kind: 'cursor'; readonly cursor: string }
);

export type WantedPage = {
  readonly startIndex?: string | undefined;
  readonly count?: string | undefined;
  readonly cursor?: string | undefined;
};

/**
 * Reads which page is wanted (RFC 7644 §3.4.2.4, RFC 9865): below 1 an index is 1, below 0 a count is 0, above the
 * largest page it is that. What is no number is `invalidValue`, under a cursor `invalidCount`.
 */
export const readPaging = ({ startIndex, count, cursor }: WantedPage): Paging => {
  const wanted = readInteger(count, PAGING.defaultPageSize, (text) =>
    badRequest(cursor === undefined ? 'invalidValue' : 'invalidCount', `count is a number, not "${text}".`),
  );
  const capped = Math.min(Math.max(wanted, 0), PAGING.maxPageSize);
  if (cursor !== undefined) return { kind: 'cursor', cursor, count: capped };
  const start = readInteger(startIndex, 1, (text) =>
    badRequest('invalidValue', `startIndex is a number, not "${text}".`),
  );
  return { kind: 'index', startIndex: Math.max(start, 1), count: capped };
};

const readInteger = (text: string | undefined, otherwise: number, refuse: (text: string) => ScimError): number => {
  if (text === undefined || text.trim() === '') return otherwise;
  if (!/^-?\d{1,15}$/.test(text.trim())) throw refuse(text.slice(0, 40));
  return Number(text);
};
