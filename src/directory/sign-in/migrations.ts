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
  {
    name: 'directory-sign-in-002-identity-providers',
    up: async ({ schema }, { text, integer }) => {
      await schema
        .createTable('identity_providers')
        .addColumn('id', text, (column) => column.primaryKey())
        .addColumn('name', text, (column) => column.notNull())
        .addColumn('issuer', text, (column) => column.notNull())
        .addColumn('client_id', text, (column) => column.notNull())
        .addColumn('client_secret', text)
        .addColumn('is_on', integer, (column) => column.notNull())
        .addColumn('provisioning', text, (column) => column.notNull())
        .addColumn('settings', text, (column) => column.notNull())
        .addColumn('created_at', integer, (column) => column.notNull())
        .addColumn('updated_at', integer, (column) => column.notNull())
        .execute();
      await schema
        .createTable('identity_provider_domains')
        .addColumn('domain', text, (column) => column.primaryKey())
        .addColumn('provider_id', text, (column) => column.notNull().references('identity_providers.id'))
        .addColumn('is_enforced', integer, (column) => column.notNull())
        .execute();
      await schema
        .createTable('identity_provider_mappings')
        .addColumn('provider_id', text, (column) => column.notNull().references('identity_providers.id'))
        .addColumn('group_name', text, (column) => column.notNull())
        .addColumn('target_type', text, (column) => column.notNull())
        .addColumn('target_id', text, (column) => column.notNull())
        .addPrimaryKeyConstraint('identity_provider_mappings_key', [
          'provider_id',
          'group_name',
          'target_type',
          'target_id',
        ])
        .execute();
      await schema
        .createTable('external_identities')
        .addColumn('id', text, (column) => column.primaryKey())
        .addColumn('provider_id', text, (column) => column.notNull().references('identity_providers.id'))
        .addColumn('issuer', text, (column) => column.notNull())
        .addColumn('subject', text, (column) => column.notNull())
        .addColumn('user_id', text, (column) => column.notNull().references('members.id'))
        .addColumn('account', text)
        .addColumn('linked_at', integer, (column) => column.notNull())
        .addColumn('last_used_at', integer, (column) => column.notNull())
        .addUniqueConstraint('external_identities_subject', ['issuer', 'subject'])
        .execute();
      await schema.createIndex('external_identities_user').on('external_identities').column('user_id').execute();
      await schema
        .createTable('sign_in_flows')
        .addColumn('id', text, (column) => column.primaryKey())
        .addColumn('state_hash', text, (column) => column.notNull().unique())
        .addColumn('browser_hash', text, (column) => column.notNull())
        .addColumn('provider_id', text, (column) => column.notNull())
        .addColumn('purpose', text, (column) => column.notNull())
        .addColumn('nonce', text, (column) => column.notNull())
        .addColumn('code_verifier', text, (column) => column.notNull())
        .addColumn('return_to', text, (column) => column.notNull())
        .addColumn('expires_at', integer, (column) => column.notNull())
        .addColumn('result', text)
        .execute();
    },
  },
];
