import type { Migration } from '../sql/index.ts';

/** The outbox's schema, step by step. */
export const outboxMigrations: readonly Migration[] = [
  {
    name: 'outbox-001',
    up: async ({ schema }, { text, integer }) => {
      await schema
        .createTable('outbox_notices')
        .addColumn('id', text, (column) => column.primaryKey())
        .addColumn('key', text, (column) => column.notNull().unique())
        .addColumn('kind', text, (column) => column.notNull())
        .addColumn('subject', text, (column) => column.notNull())
        .addColumn('created_at', integer, (column) => column.notNull())
        .execute();
      await schema
        .createTable('outbox_deliveries')
        .addColumn('id', text, (column) => column.primaryKey())
        .addColumn('notice_id', text, (column) => column.notNull())
        .addColumn('channel', text, (column) => column.notNull())
        .addColumn('target', text, (column) => column.notNull())
        .addColumn('state', text, (column) => column.notNull())
        .addColumn('attempts', integer, (column) => column.notNull())
        .addColumn('next_try_at', integer, (column) => column.notNull())
        .addColumn('leased_until', integer, (column) => column.notNull())
        .addColumn('lease', text)
        .addColumn('answer', text)
        .addColumn('content', text)
        .addColumn('created_at', integer, (column) => column.notNull())
        .addColumn('delivered_at', integer)
        .execute();
      await schema.createIndex('outbox_due').on('outbox_deliveries').columns(['state', 'next_try_at']).execute();
      await schema.createIndex('outbox_by_notice').on('outbox_deliveries').column('notice_id').execute();
    },
  },
];
