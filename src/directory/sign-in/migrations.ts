import type { Kysely } from 'kysely';
import type { Migration } from '../../platform/index.ts';
import type { SignInTables } from './tables.ts';

/** The schema of signing in, after the tables that were there from the start. */
export const signInMigrations: readonly Migration[] = [
  {
    name: 'directory-sign-in-001-sessions-and-accounts',
    up: async (database, { text, integer }) => {
      const { schema } = database;
      // Sessions from before were not watched for idleness: they count as idle and end.
      await schema
        .alterTable('sessions')
        .addColumn('seen_at', integer, (column) => column.notNull().defaultTo(0))
        .execute();
      for (const name of ['ip_address', 'auth_method', 'provider_id', 'provider_session', 'id_token'])
        await schema.alterTable('sessions').addColumn(name, text).execute();
      await schema
        .alterTable('sign_in_links')
        .addColumn('purpose', text, (column) => column.notNull().defaultTo('set_password'))
        .execute();
      await schema
        .createTable('second_factors')
        .addColumn('user_id', text, (column) => column.primaryKey().references('members.id'))
        .addColumn('secret', text, (column) => column.notNull())
        .addColumn('created_at', integer, (column) => column.notNull())
        .addColumn('confirmed_at', integer)
        .addColumn('last_step', integer, (column) => column.notNull())
        .execute();
      await schema
        .createTable('recovery_codes')
        .addColumn('user_id', text, (column) => column.notNull().references('members.id'))
        .addColumn('code_hash', text, (column) => column.notNull())
        .addColumn('used_at', integer)
        .addPrimaryKeyConstraint('recovery_codes_key', ['user_id', 'code_hash'])
        .execute();
      await schema
        .createTable('sign_in_settings')
        .addColumn('singleton', integer, (column) => column.primaryKey())
        .addColumn('second_factor', text, (column) => column.notNull())
        .addColumn('session_idle_minutes', integer, (column) => column.notNull())
        .addColumn('session_hours', integer, (column) => column.notNull())
        .execute();
      await schema
        .createTable('break_glass_accounts')
        .addColumn('user_id', text, (column) => column.primaryKey().references('members.id'))
        .addColumn('added_at', integer, (column) => column.notNull())
        .execute();
      await schema
        .createTable('ip_allow_list')
        .addColumn('singleton', integer, (column) => column.primaryKey())
        .addColumn('entries', text, (column) => column.notNull())
        .addColumn('surfaces', text, (column) => column.notNull())
        .execute();
      const tables = database as Kysely<SignInTables>;
      await tables.updateTable('sign_in_links').set({ purpose: 'create_owner' }).where('user_id', 'is', null).execute();
      await tables
        .insertInto('sign_in_settings')
        .values({ singleton: 1, second_factor: 'optional', session_idle_minutes: 30, session_hours: 12 })
        .execute();
      await tables.insertInto('ip_allow_list').values({ singleton: 1, entries: '[]', surfaces: '[]' }).execute();
    },
  },
];
