import type { Migration } from '../../platform/index.ts';

/** What the price book adds to the room's schema. */
export const priceMigrations: readonly Migration[] = [
  {
    name: 'spend-prices-001',
    up: async ({ schema }, { text, integer }) => {
      await schema
        .createTable('price_rules')
        .addColumn('id', text, (column) => column.primaryKey())
        .addColumn('kind', text, (column) => column.notNull())
        .addColumn('scope_type', text, (column) => column.notNull())
        .addColumn('scope', text, (column) => column.notNull())
        .addColumn('from_day', text, (column) => column.notNull())
        .addColumn('until_day', text)
        .addColumn('effect', text, (column) => column.notNull())
        .addColumn('created_at', integer, (column) => column.notNull())
        .addColumn('created_by', text)
        .execute();
      await schema
        .createTable('price_books')
        .addColumn('version', text, (column) => column.primaryKey())
        .addColumn('number', integer, (column) => column.notNull())
        .addColumn('made_at', integer, (column) => column.notNull())
        .addColumn('made_by', text)
        .addColumn('book', text, (column) => column.notNull())
        .execute();
      await schema
        .createTable('reratings')
        .addColumn('id', text, (column) => column.primaryKey())
        .addColumn('price_book', text, (column) => column.notNull())
        .addColumn('from_day', integer, (column) => column.notNull())
        .addColumn('until_day', integer, (column) => column.notNull())
        .addColumn('started_at', integer, (column) => column.notNull())
        .addColumn('started_by', text)
        .addColumn('ended_at', integer)
        .addColumn('position', text, (column) => column.notNull())
        .addColumn('rows_seen', integer, (column) => column.notNull())
        .addColumn('rows_changed', integer, (column) => column.notNull())
        .addColumn('rows_left', integer, (column) => column.notNull())
        .addColumn('before_micros', integer, (column) => column.notNull())
        .addColumn('after_micros', integer, (column) => column.notNull())
        .execute();
      // The runs an answer was made of, where there were several: without them its price cannot be reckoned again.
      await schema.alterTable('usage').addColumn('iterations', text).execute();
    },
  },
];
