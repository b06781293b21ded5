import type { Sql } from '../../platform/index.ts';
import type { RequestKindRow, RequestTables } from './tables.ts';

const FACTS = ['id', 'endpoint', 'group_id', 'api_key_id', 'workspace_id', 'model_id', 'effect'] as const;

/** What counting and charging ask of a kind. */
export type KindFacts = Pick<RequestKindRow, (typeof FACTS)[number]>;

const KEPT_MAX = 100_000;

/**
 * For who reads very many rows of `request_log`, page by page: answers at least the kinds with these ids, and reads each only
 * once, as they never change. A join would look every one of them up again for every request.
 */
export const rememberKinds = (sql: Sql): ((ids: readonly string[]) => Promise<ReadonlyMap<string, KindFacts>>) => {
  const known = new Map<string, KindFacts>();
  return async (ids) => {
    if (known.size > KEPT_MAX) known.clear();
    const missing = [...new Set(ids)].filter((id) => !known.has(id));
    if (missing.length === 0) return known;
    const rows = await sql
      .tables<RequestTables>()
      .selectFrom('request_kinds')
      .select(FACTS)
      .where('id', 'in', missing)
      .execute();
    for (const row of rows) known.set(row.id, row);
    return known;
  };
};
