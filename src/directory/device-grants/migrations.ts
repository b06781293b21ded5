import type { Migration } from '../../platform/index.ts';

/** What devices that are signed in add to the room's schema. */
export const deviceGrantMigrations: readonly Migration[] = [
  {
    name: 'directory-device-grants-001',
    up: async (database, { text, integer }) => {
      const { schema } = database;
      await schema
        .createTable('device_grants')
        .addColumn('id', text, (column) => column.primaryKey())
        .addColumn('user_id', text, (column) => column.notNull().references('members.id'))
        .addColumn('name', text, (column) => column.notNull())
        .addColumn('created_at', integer, (column) => column.notNull())
        .addColumn('user_agent', text)
        .addColumn('ip_address', text)
        .addColumn('family_hash', text, (column) => column.notNull().unique())
        .addColumn('refresh_hash', text, (column) => column.notNull())
        .addColumn('former_refresh_hash', text)
        .addColumn('renewed_at', integer, (column) => column.notNull())
        .addColumn('last_tokens', text)
        .addColumn('access_hash', text, (column) => column.notNull().unique())
        .addColumn('access_expires_at', integer, (column) => column.notNull())
        .addColumn('former_access_hash', text)
        .addColumn('former_access_expires_at', integer)
        .addColumn('expires_at', integer, (column) => column.notNull())
        .addColumn('ended_at', integer)
        .addColumn('end_reason', text)
        .execute();
      await schema.createIndex('device_grants_user').on('device_grants').column('user_id').execute();
      await schema.createIndex('device_grants_open').on('device_grants').columns(['ended_at', 'expires_at']).execute();
    },
  },
  {
    name: 'directory-device-grants-002-renewed-from',
    up: async ({ schema }, { text }) => {
      await schema.alterTable('device_grants').addColumn('renewed_from', text).execute();
    },
  },
];
