import type { Migration } from '../../platform/index.ts';

export const ledgerMigrations: readonly Migration[] = [
  {
    name: 'spend-002-ledger',
    up: async ({ schema }, { text, integer, inKeyOrder }) => {
      await schema
        .createTable('reservations')
        .addColumn('request_id', text, (column) => column.primaryKey())
        .addColumn('node', text, (column) => column.notNull())
        .addColumn('reserved_at', integer, (column) => column.notNull())
        .addColumn('expires_at', integer, (column) => column.notNull())
        .addColumn('day', integer, (column) => column.notNull())
        .addColumn('amount_micros', integer, (column) => column.notNull())
        .addColumn('included_room_micros', integer, (column) => column.notNull())
        .addColumn('accounts', text, (column) => column.notNull())
        .modifyEnd(inKeyOrder)
        .execute();
      await schema
        .createTable('spend_counters')
        .addColumn('account', text, (column) => column.notNull())
        .addColumn('day', integer, (column) => column.notNull())
        .addColumn('open_micros', integer, (column) => column.notNull())
        .addColumn('settled_micros', integer, (column) => column.notNull())
        .addPrimaryKeyConstraint('spend_counters_key', ['account', 'day'])
        .modifyEnd(inKeyOrder)
        .execute();
      await schema.createIndex('spend_counters_by_day').on('spend_counters').columns(['day', 'account']).execute();
      // Null where nothing was reserved: no limit stood on the request.
      await schema.alterTable('usage').addColumn('settled_as', text).execute();
      // What of the cost counted against limits; null is all of it.
      await schema.alterTable('usage').addColumn('credits_micros', integer).execute();
    },
  },
];
