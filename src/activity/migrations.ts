import type { Migration } from '../platform/index.ts';

/** The room's schema, step by step. */
export const activityMigrations: readonly Migration[] = [
  {
    name: 'activity-001-activities',
    up: async ({ schema }, { text, integer, inKeyOrder }) => {
      await schema
        .createTable('activities')
        .addColumn('id', text, (column) => column.primaryKey())
        .addColumn('created_at', integer, (column) => column.notNull())
        .addColumn('type', text, (column) => column.notNull())
        .addColumn('actor_id', text)
        .addColumn('actor', text, (column) => column.notNull())
        .addColumn('subject_id', text)
        .addColumn('request_id', text)
        .addColumn('fields', text, (column) => column.notNull())
        .modifyEnd(inKeyOrder)
        .execute();
      for (const column of ['type', 'actor_id', 'subject_id', 'request_id'])
        await schema.createIndex(`activities_${column}`).on('activities').columns([column, 'id']).execute();
    },
  },
];
