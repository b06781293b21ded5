import type { Kysely } from 'kysely';
import type { Migration } from '../../../platform/index.ts';
import type { PrepaidTables } from './tables.ts';

/** What the prepaid balance adds to the room's schema. */
export const prepaidMigrations: readonly Migration[] = [
  {
    name: 'spend-prepaid-001',
    up: async (database, { text, integer }) => {
      const { schema } = database;
      await schema
        .createTable('spend_orders')
        .addColumn('id', text, (column) => column.primaryKey())
        .addColumn('kind', text, (column) => column.notNull())
        .addColumn('amount_micros', integer, (column) => column.notNull())
        .addColumn('created_at', integer, (column) => column.notNull())
        .addColumn('created_by', text)
        .addColumn('note', text)
        .execute();
      await schema.createIndex('spend_orders_kind').on('spend_orders').columns(['kind', 'created_at']).execute();
      await schema
        .createTable('prepaid_settings')
        .addColumn('singleton', integer, (column) => column.primaryKey())
        .addColumn('settings', text, (column) => column.notNull())
        .execute();
      await (database as Kysely<PrepaidTables>)
        .insertInto('prepaid_settings')
        .values({ singleton: 1, settings: '{}' })
        .execute();
    },
  },
];
