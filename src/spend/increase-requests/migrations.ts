import { sql } from 'kysely';
import type { Migration } from '../../platform/index.ts';

/** What requests for higher limits add to the room's schema. */
export const requestMigrations: readonly Migration[] = [
  {
    name: 'spend-requests-001',
    up: async ({ schema }, { text, integer }) => {
      await schema
        .createTable('spend_limit_increase_requests')
        .addColumn('id', text, (column) => column.primaryKey())
        .addColumn('user_id', text, (column) => column.notNull())
        .addColumn('period', text, (column) => column.notNull())
        .addColumn('status', text, (column) => column.notNull())
        .addColumn('created_at', integer, (column) => column.notNull())
        .addColumn('resolved_at', integer)
        .addColumn('resolved_by', text)
        .addColumn('amount_micros', integer)
        .addColumn('spend_limit_id', text)
        .execute();
      await schema
        .createIndex('spend_limit_increase_requests_user')
        .on('spend_limit_increase_requests')
        .columns(['user_id', 'id'])
        .execute();
      await schema
        .createIndex('spend_limit_increase_requests_pending')
        .on('spend_limit_increase_requests')
        .columns(['user_id', 'period'])
        .unique()
        .where(sql.ref('status'), '=', 'pending')
        .execute();
    },
  },
];
