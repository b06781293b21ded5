import type { Migration } from '../../platform/index.ts';

export const rateMigrations: readonly Migration[] = [
  {
    name: 'spend-rates-001',
    up: async ({ schema }, { text, integer, real, inKeyOrder }) => {
      await schema
        .createTable('rate_tier')
        .addColumn('singleton', integer, (column) => column.primaryKey())
        .addColumn('tier', text, (column) => column.notNull())
        .addColumn('changed_at', integer, (column) => column.notNull())
        .modifyEnd(inKeyOrder)
        .execute();
      await schema
        .createTable('rate_limits')
        .addColumn('scope_type', text, (column) => column.notNull())
        .addColumn('scope_id', text, (column) => column.notNull())
        .addColumn('pool_id', text, (column) => column.notNull())
        .addColumn('limiter', text, (column) => column.notNull())
        .addColumn('value', integer, (column) => column.notNull())
        .addColumn('changed_at', integer, (column) => column.notNull())
        .addPrimaryKeyConstraint('rate_limits_key', ['scope_type', 'scope_id', 'pool_id', 'limiter'])
        .modifyEnd(inKeyOrder)
        .execute();
      await schema
        .createTable('rate_takings')
        .addColumn('node', text, (column) => column.notNull())
        .addColumn('counted_as', text, (column) => column.notNull())
        .addColumn('pool_id', text, (column) => column.notNull())
        .addColumn('limiter', text, (column) => column.notNull())
        .addColumn('total', real, (column) => column.notNull())
        .addColumn('fresh', real, (column) => column.notNull())
        .addColumn('tick', integer, (column) => column.notNull())
        .addPrimaryKeyConstraint('rate_takings_key', ['node', 'counted_as', 'pool_id', 'limiter'])
        .modifyEnd(inKeyOrder)
        .execute();
      await schema.createIndex('rate_takings_by_tick').on('rate_takings').columns(['node', 'tick']).execute();
    },
  },
];
