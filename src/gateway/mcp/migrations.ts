import type { Migration } from '../../platform/index.ts';

/** The schema of the MCP gateway, step by step. */
export const mcpMigrations: readonly Migration[] = [
  {
    name: 'gateway-mcp-001',
    up: async ({ schema }, { text, integer, real }) => {
      await schema
        .createTable('mcp_servers')
        .addColumn('connector_id', text, (column) =>
          column.primaryKey().references('connectors.id').onDelete('cascade'),
        )
        .addColumn('credential_kind', text, (column) => column.notNull())
        .addColumn('credential', text)
        .addColumn('header_names', text, (column) => column.notNull())
        .addColumn('allows_private', integer, (column) => column.notNull())
        .addColumn('tools', text, (column) => column.notNull())
        .addColumn('tools_at', integer)
        .addColumn('checked_at', integer)
        .addColumn('check_error', text)
        .addColumn('server_info', text)
        .execute();
      await schema
        .createTable('mcp_calls')
        .addColumn('id', text, (column) => column.primaryKey())
        .addColumn('request_id', text, (column) => column.notNull())
        .addColumn('started_at', integer, (column) => column.notNull())
        .addColumn('node', text, (column) => column.notNull())
        .addColumn('user_id', text)
        .addColumn('group_id', text)
        .addColumn('api_key_id', text, (column) => column.notNull())
        .addColumn('connector_id', text, (column) => column.notNull())
        .addColumn('connector_slug', text, (column) => column.notNull())
        .addColumn('method', text, (column) => column.notNull())
        .addColumn('name', text)
        .addColumn('level', text)
        .addColumn('effect', text, (column) => column.notNull())
        .addColumn('reason', text)
        .addColumn('policy_version', integer, (column) => column.notNull())
        .addColumn('client', text)
        .addColumn('session', text)
        .addColumn('body_bytes', integer, (column) => column.notNull())
        .execute();
      for (const column of ['connector_id', 'user_id', 'api_key_id', 'request_id'])
        await schema.createIndex(`mcp_calls_${column}`).on('mcp_calls').columns([column, 'id']).execute();
      await schema
        .createTable('mcp_call_endings')
        .addColumn('call_id', text, (column) => column.primaryKey())
        .addColumn('ended_at', integer, (column) => column.notNull())
        .addColumn('outcome', text, (column) => column.notNull())
        .addColumn('status', integer)
        .addColumn('answer_bytes', integer, (column) => column.notNull())
        .addColumn('total_ms', real, (column) => column.notNull())
        .execute();
    },
  },
];
