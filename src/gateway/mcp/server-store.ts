import type { Sql } from '../../platform/index.ts';
import type { McpServerRow, McpTables } from './tables.ts';

/** A tool as a server describes it, as far as people need it to set its level. */
export type KnownTool = {
  readonly name: string;
  readonly title: string | null;
  readonly description: string | null;
  /** What the server says of its effects; null where it says nothing. A hint, and no more than that (MCP, tools). */
  readonly readOnly: boolean | null;
  readonly destructive: boolean | null;
};

/** What a connector without a row is. */
export const emptyServer = (connectorId: string): McpServerRow => ({
  connector_id: connectorId,
  credential_kind: 'none',
  credential: null,
  header_names: '[]',
  allows_private: 0,
  tools: '[]',
  tools_at: null,
  checked_at: null,
  check_error: null,
  server_info: null,
});

/**
 * What a connector's credential is sealed about: the server it was entered for. Whoever may change an address but does not
 * know the credential cannot have it sent elsewhere.
 */
export const credentialOf = (connectorId: string, url: string): string =>
  `mcp-credential ${connectorId} ${new URL(url).origin}`;

/** Where the gateway keeps what it needs of connectors. */
export const serverStore = (sql: Sql) => {
  const tables = sql.tables<McpTables>();
  return {
    find: async (connectorId: string): Promise<McpServerRow> =>
      (await tables.selectFrom('mcp_servers').selectAll().where('connector_id', '=', connectorId).executeTakeFirst()) ??
      emptyServer(connectorId),
    list: async (): Promise<ReadonlyMap<string, McpServerRow>> => {
      const rows = await tables.selectFrom('mcp_servers').selectAll().execute();
      return new Map(rows.map((row) => [row.connector_id, row]));
    },
    /** Changes some fields; what was never set has the values of {@link emptyServer}. */
    write: async (connectorId: string, changes: Partial<Omit<McpServerRow, 'connector_id'>>): Promise<void> => {
      await tables
        .insertInto('mcp_servers')
        .values({ ...emptyServer(connectorId), ...changes })
        .onConflict((conflict) => conflict.column('connector_id').doUpdateSet(changes))
        .execute();
    },
  };
};

/** The tools of a row. */
export const toolsOf = ({ tools }: McpServerRow): readonly KnownTool[] => JSON.parse(tools) as readonly KnownTool[];
