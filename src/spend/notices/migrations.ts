import type { Migration } from '../../platform/index.ts';

export const noticeMigrations: readonly Migration[] = [
  {
    name: 'spend-notices-001',
    up: async ({ schema }, { text, integer, inKeyOrder }) => {
      await schema
        .createTable('notice_marks')
        .addColumn('key', text, (column) => column.primaryKey())
        .addColumn('value', integer, (column) => column.notNull())
        .addColumn('marked_at', integer, (column) => column.notNull())
        .modifyEnd(inKeyOrder)
        .execute();
      await schema
        .createTable('notice_channels')
        .addColumn('id', text, (column) => column.primaryKey())
        .addColumn('kind', text, (column) => column.notNull())
        .addColumn('name', text, (column) => column.notNull())
        .addColumn('host', text, (column) => column.notNull())
        .addColumn('sealed_url', text, (column) => column.notNull())
        .addColumn('sealed_secret', text)
        .addColumn('is_enabled', integer, (column) => column.notNull())
        .addColumn('events', text, (column) => column.notNull())
        .addColumn('about_members', integer, (column) => column.notNull())
        .addColumn('created_at', integer, (column) => column.notNull())
        .addColumn('updated_at', integer, (column) => column.notNull())
        .execute();
      await schema
        .createTable('notice_settings')
        .addColumn('singleton', integer, (column) => column.primaryKey())
        .addColumn('settings', text, (column) => column.notNull())
        .execute();
    },
  },
];
