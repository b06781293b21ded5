import type { Migration } from '../../platform/index.ts';

export const monthMigrations: readonly Migration[] = [
  {
    name: 'spend-months-001',
    up: async ({ schema }, { text, integer, inKeyOrder }) => {
      await schema
        .createTable('spend_months')
        .addColumn('generation', text, (column) => column.notNull())
        .addColumn('account', text, (column) => column.notNull())
        .addColumn('settled_micros', integer, (column) => column.notNull())
        .addPrimaryKeyConstraint('spend_months_key', ['generation', 'account'])
        .modifyEnd(inKeyOrder)
        .execute();
      await schema
        .createTable('spend_month_states')
        .addColumn('month', integer, (column) => column.primaryKey())
        .addColumn('generation', text)
        .addColumn('until', integer, (column) => column.notNull())
        .addColumn('total_micros', integer, (column) => column.notNull())
        .addColumn('touched', integer, (column) => column.notNull())
        .addColumn('published_at', integer, (column) => column.notNull())
        .addColumn('former', text)
        .addColumn('building', text)
        .addColumn('claimed_until', integer, (column) => column.notNull())
        .modifyEnd(inKeyOrder)
        .execute();
    },
  },
];
