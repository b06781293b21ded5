import { Refusal } from '../../kernel/index.ts';
import type { Sql } from '../../platform/index.ts';
import type { UpstreamObject } from '../tables.ts';
import { type Anchor, readLimit } from './read-page.ts';
import { type Belongings, type ObjectFilter, objectStore } from './store.ts';

/** Rows for an id page, with one more than `limit` where there are more, and which way they were read. */
export type ObjectRows = {
  readonly rows: readonly UpstreamObject[];
  readonly limit: number;
  readonly direction: 'forward' | 'backward';
};

/** Reads the rows of an id page (organisation APIs §0.6, style A): `limit` with `after_id` or `before_id`. */
export const readObjects = async (
  sql: Sql,
  belongings: Belongings,
  { query, ...filter }: { readonly query: URLSearchParams } & Pick<ObjectFilter, 'now' | 'ids'>,
): Promise<ObjectRows> => {
  const store = objectStore(sql);
  const anchorOf = async (name: string): Promise<Anchor | undefined> => {
    const id = query.get(name);
    if (id === null) return undefined;
    const found = await store.find(belongings, id).catch((error: unknown) => {
      if (!(error instanceof Refusal)) throw error;
      throw new Refusal('invalid_request', `${name}: there is no ${belongings.kind} ${id} to continue from.`);
    });
    return { createdAt: found.created_at, id: found.id };
  };
  const limit = readLimit(query.get('limit'));
  const before = await anchorOf('before_id');
  const rows = await store.list(belongings, { ...filter, limit, before, after: await anchorOf('after_id') });
  return { rows, limit, direction: before === undefined ? 'forward' : 'backward' };
};
