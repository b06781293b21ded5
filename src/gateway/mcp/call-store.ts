import { firstIdAt } from '../../kernel/index.ts';
import type { Sql } from '../../platform/index.ts';
import type { McpCallRow, McpEndingRow, McpTables } from './tables.ts';

/** A call with how it ended; the ending's fields are null while it runs, and for a refused one. */
export type RecordedCall = McpCallRow & { readonly [Field in keyof McpEndingRow]: McpEndingRow[Field] | null };

/** What to read; every filter narrows. Times are epoch milliseconds. */
export type CallFilter = {
  readonly userId?: string | undefined;
  readonly apiKeyId?: string | undefined;
  readonly groupId?: string | undefined;
  readonly requestId?: string | undefined;
  readonly connectorId?: string | undefined;
  readonly name?: string | undefined;
  readonly method?: McpCallRow['method'] | undefined;
  readonly effect?: McpCallRow['effect'] | undefined;
  readonly startingAt?: number | undefined;
  readonly endingAt?: number | undefined;
  readonly limit: number;
  readonly afterId?: string | undefined;
  readonly beforeId?: string | undefined;
};

/** Few enough that nobody waits long for the writer. */
const DELETED_AT_ONCE = 5000;

/** Reads calls together with their endings. */
export const callStore = (sql: Sql) => ({
  /** Newest first, or the nearest first after `beforeId`; one row more than `limit` tells that there are more. */
  list: async (filter: CallFilter): Promise<readonly RecordedCall[]> => {
    const equal = {
      user_id: filter.userId,
      api_key_id: filter.apiKeyId,
      group_id: filter.groupId,
      request_id: filter.requestId,
      connector_id: filter.connectorId,
      name: filter.name,
      method: filter.method,
      effect: filter.effect,
    } as const;
    let query = sql
      .tables<McpTables>()
      .selectFrom('mcp_calls')
      .leftJoin('mcp_call_endings', 'mcp_call_endings.call_id', 'mcp_calls.id')
      .selectAll()
      .limit(filter.limit + 1);
    for (const [column, value] of Object.entries(equal) as [keyof typeof equal, string | undefined][])
      if (value !== undefined) query = query.where(column, '=', value as never);
    if (filter.startingAt !== undefined) query = query.where('id', '>=', firstIdAt('mcpCall', filter.startingAt));
    if (filter.endingAt !== undefined) query = query.where('id', '<', firstIdAt('mcpCall', filter.endingAt));
    if (filter.afterId !== undefined) query = query.where('id', '<', filter.afterId);
    if (filter.beforeId !== undefined) query = query.where('id', '>', filter.beforeId);
    const rows = await query.orderBy('id', filter.beforeId === undefined ? 'desc' : 'asc').execute();
    return rows as unknown as readonly RecordedCall[];
  },
  /** Deletes up to {@link DELETED_AT_ONCE} of the oldest calls from before a time; answers whether there may be more. */
  deleteSomeBefore: async (time: number): Promise<boolean> => {
    const tables = sql.tables<McpTables>();
    const old = await tables
      .selectFrom('mcp_calls')
      .select('id')
      .where('id', '<', firstIdAt('mcpCall', time))
      .orderBy('id')
      .limit(DELETED_AT_ONCE)
      .execute();
    const last = old.at(-1);
    if (last === undefined) return false;
    await tables.deleteFrom('mcp_call_endings').where('call_id', '<=', last.id).execute();
    await tables.deleteFrom('mcp_calls').where('id', '<=', last.id).execute();
    return old.length === DELETED_AT_ONCE;
  },
});
