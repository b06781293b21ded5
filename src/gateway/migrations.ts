import type { Migration } from '../platform/index.ts';
import { mcpMigrations } from './mcp/migrations.ts';

/** The room's schema, step by step. */
export const gatewayMigrations: readonly Migration[] = [
  {
    name: 'gateway-001-objects',
    up: async ({ schema }, { text, integer }) => {
      await schema
        .createTable('upstream_objects')
        .addColumn('id', text, (column) => column.primaryKey())
        .addColumn('kind', text, (column) => column.notNull())
        .addColumn('upstream', text, (column) => column.notNull())
        .addColumn('user_id', text)
        .addColumn('group_id', text)
        .addColumn('api_key_id', text, (column) => column.notNull())
        .addColumn('creation_id', text)
        .addColumn('created_at', integer, (column) => column.notNull())
        .addColumn('expires_at', integer)
        .addColumn('deleted_at', integer)
        .addColumn('object', text, (column) => column.notNull())
        .execute();
      const index = (name: string, columns: string[]) =>
        schema.createIndex(name).on('upstream_objects').columns(columns).execute();
      await index('upstream_objects_user', ['user_id', 'kind', 'created_at', 'id']);
      await index('upstream_objects_group', ['group_id', 'kind', 'created_at', 'id']);
      await index('upstream_objects_creation', ['creation_id']);
      await schema
        .createTable('batch_entries')
        .addColumn('request_id', text, (column) => column.primaryKey())
        .addColumn('creation_id', text, (column) => column.notNull())
        .addColumn('custom_id', text, (column) => column.notNull())
        .execute();
      await schema
        .createIndex('batch_entries_creation')
        .on('batch_entries')
        .columns(['creation_id', 'custom_id'])
        .execute();
      await schema
        .createTable('open_batches')
        .addColumn('batch_id', text, (column) => column.primaryKey())
        .addColumn('next_check_at', integer, (column) => column.notNull())
        .execute();
      await schema.createIndex('open_batches_next').on('open_batches').column('next_check_at').execute();
    },
  },
  ...mcpMigrations,
];
