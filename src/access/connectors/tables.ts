import type { ToolLevel } from '../../kernel/index.ts';
import type { UnlistedServers } from '../rules/connectors.ts';

/** The tables of connectors and of what roles grant on them. Times are epoch milliseconds, UTC. */
export type ConnectorTables = {
  connectors: {
    id: string;
    /** Unique. */
    slug: string;
    name: string;
    url: string;
    /** The address folded for comparison; unique. */
    url_key: string;
    /** The organisation's word on every tool without a row in `connector_tools`. */
    level: ToolLevel;
    created_at: number;
    updated_at: number;
  };
  connector_tools: { connector_id: string; tool: string; level: ToolLevel };
  connector_settings: { singleton: number; unlisted_servers: UnlistedServers };
  /** A role without a row here has an untouched Connectors tab. */
  role_connector_settings: { role_id: string; level: ToolLevel | 'custom' };
  role_connectors: { role_id: string; connector_id: string; level: ToolLevel };
  role_connector_tools: { role_id: string; connector_id: string; tool: string; level: ToolLevel };
};
