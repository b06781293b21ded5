import { z } from 'zod';

/**
 * Query parameters as an object. `name[]=a&name[]=b` and a repeated `name` both become a list, because official
 * clients send the first form and some tools the second.
 */
export const readQuery = (search: URLSearchParams): Record<string, string | string[]> => {
  const query: Record<string, string | string[]> = {};
  for (const [rawName, value] of search) {
    const isList = rawName.endsWith('[]');
    const name = isList ? rawName.slice(0, -2) : rawName;
    const earlier = query[name];
    if (earlier === undefined) query[name] = isList ? [value] : value;
    else query[name] = [...(Array.isArray(earlier) ? earlier : [earlier]), value];
  }
  return query;
};

/** A list parameter: absent is empty, one value is a list of one. */
export const listOf = <Item extends z.ZodType>(item: Item) =>
  z.preprocess((value) => (Array.isArray(value) ? value : [value]), z.array(item)).default([]);

/** `limit` of a page: 1 to 1000, 20 when absent (Admin API). */
export const pageLimit = z.coerce.number().int().min(1).max(1000).default(20);
