import { type Kysely, sql } from 'kysely';
import type { Migration } from '../../platform/index.ts';
import type { DirectoryTables } from '../tables.ts';

/** What the members' part adds to the room's schema. */
export const memberMigrations: readonly Migration[] = [
  {
    name: 'directory-members-001-one-primary-owner',
    up: async (database) => {
      const tables = database as Kysely<DirectoryTables>;
      const [, ...others] = await tables
        .selectFrom('members')
        .select('id')
        .where('role', '=', 'primary_owner')
        .where('status', '!=', 'removed')
        .orderBy('id')
        .execute();
      for (const { id } of others)
        await tables.updateTable('members').set({ role: 'owner' }).where('id', '=', id).execute();
      await tables.schema
        .createIndex('members_one_primary_owner')
        .on('members')
        .column('role')
        .unique()
        .where('role', '=', 'primary_owner')
        .where(sql.ref('status'), '!=', 'removed')
        .execute();
    },
  },
  {
    name: 'directory-members-002-seat-tier',
    up: async ({ schema }, { text }) => {
      await schema.alterTable('members').addColumn('seat_tier', text).execute();
    },
  },
  {
    name: 'directory-members-003-by-name',
    up: async ({ schema }) => {
      await schema.createIndex('members_by_name').on('members').columns(['name_key', 'id']).execute();
      await schema.createIndex('api_keys_by_name').on('api_keys').columns(['name', 'id']).execute();
    },
  },
];
