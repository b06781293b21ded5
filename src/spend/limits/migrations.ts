import type { Kysely } from 'kysely';
import type { Migration } from '../../platform/index.ts';
import type { LimitTables } from './tables.ts';

/** What the limits add to the room's schema. */
export const limitMigrations: readonly Migration[] = [
  {
    name: 'spend-limits-001',
    up: async (database, { text, integer }) => {
      const { schema } = database;
      await schema
        .createTable('spend_limits')
        .addColumn('id', text, (column) => column.primaryKey())
        .addColumn('scope_type', text, (column) => column.notNull())
        .addColumn('scope_id', text, (column) => column.notNull())
        .addColumn('group_id', text, (column) => column.references('rbac_groups.id').onDelete('cascade'))
        .addColumn('period', text, (column) => column.notNull())
        .addColumn('amount_micros', integer)
        .addColumn('is_enabled', integer, (column) => column.notNull())
        .addColumn('mode', text, (column) => column.notNull())
        .addColumn('ladder', text, (column) => column.notNull())
        .addColumn('created_at', integer, (column) => column.notNull())
        .addColumn('updated_at', integer, (column) => column.notNull())
        .addUniqueConstraint('spend_limits_scope', ['scope_type', 'scope_id', 'period'])
        .execute();
      await schema.createIndex('spend_limits_group').on('spend_limits').column('group_id').execute();
      await schema
        .createTable('spend_settings')
        .addColumn('singleton', integer, (column) => column.primaryKey())
        .addColumn('settings', text, (column) => column.notNull())
        .execute();
      await (database as Kysely<LimitTables>)
        .insertInto('spend_settings')
        .values({ singleton: 1, settings: '{}' })
        .execute();
      await schema
        .createTable('seat_tier_usage')
        .addColumn('seat_tier', text, (column) => column.primaryKey())
        .addColumn('period', text, (column) => column.notNull())
        .addColumn('amount_micros', integer, (column) => column.notNull())
        .execute();
    },
  },
];
