import type { ConnectorServer, KnownTool as WireTool } from './contract.ts';
import { type KnownTool, toolsOf } from './server-store.ts';
import type { McpServerRow } from './tables.ts';

/** A tool as the endpoints show one. */
export const toWireTool = ({ name, title, description, readOnly, destructive }: KnownTool): WireTool => ({
  name,
  title,
  description,
  read_only: readOnly,
  destructive,
});

const time = (ms: number): string => new Date(ms).toISOString();

/** What the gateway keeps of a connector, without the credential itself. */
export const showServer = (row: McpServerRow): ConnectorServer => ({
  type: 'connector_server',
  connector_id: row.connector_id,
  credential: { kind: row.credential_kind, header_names: JSON.parse(row.header_names) as string[] },
  private_addresses: row.allows_private === 1,
  tools: row.tools_at === null ? null : toolsOf(row).map(toWireTool),
  tools_refreshed_at: row.tools_at === null ? null : time(row.tools_at),
  health:
    row.checked_at === null
      ? null
      : {
          checked_at: time(row.checked_at),
          error: row.check_error,
          server: row.server_info === null ? null : (JSON.parse(row.server_info) as { name: string; version: string }),
        },
});
