import type { Migration } from '../platform/index.ts';

/** The room's schema. */
export const claudeCodeMigrations: readonly Migration[] = [
  {
    name: 'claude-code-001-device-sign-ins',
    up: async ({ schema }, { text, integer }) => {
      await schema
        .createTable('device_sign_ins')
        .addColumn('device_code_hash', text, (column) => column.primaryKey())
        .addColumn('user_code', text, (column) => column.notNull().unique())
        .addColumn('name', text, (column) => column.notNull())
        .addColumn('status', text, (column) => column.notNull())
        .addColumn('user_id', text)
        .addColumn('created_at', integer, (column) => column.notNull())
        .addColumn('expires_at', integer, (column) => column.notNull())
        .addColumn('polled_at', integer)
        .addColumn('ip_address', text)
        .addColumn('user_agent', text)
        .execute();
    },
  },
];
