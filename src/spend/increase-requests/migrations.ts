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
  {
    // One pending for each member, whatever it is about. Of several the first stays, as if the later ones had been refused.
    name: 'spend-requests-002-one-pending',
    up: async (database) => {
      await sql`
        DELETE FROM spend_limit_increase_requests
        WHERE status = 'pending' AND EXISTS (
          SELECT 1 FROM spend_limit_increase_requests AS earlier
          WHERE earlier.user_id = spend_limit_increase_requests.user_id
            AND earlier.status = 'pending' AND earlier.id < spend_limit_increase_requests.id)`.execute(database);
      await database.schema.dropIndex('spend_limit_increase_requests_pending').execute();
      await database.schema
        .createIndex('spend_limit_increase_requests_waiting')
        .on('spend_limit_increase_requests')
        .column('user_id')
        .unique()
        .where(sql.ref('status'), '=', 'pending')
        .execute();
    },
  },
];
