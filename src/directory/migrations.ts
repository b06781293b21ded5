import { randomUUID } from 'node:crypto';
import type { Kysely } from 'kysely';
import type { Migration } from '../platform/index.ts';
import { deviceGrantMigrations } from './device-grants/migrations.ts';
import { inviteMigrations } from './invites/migrations.ts';
import { memberMigrations } from './members/migrations.ts';
import { roleMigrations } from './roles/migrations.ts';
import { scimMigrations } from './scim/migrations.ts';
import { signInMigrations } from './sign-in/migrations.ts';
import type { DirectoryTables } from './tables.ts';
import { workspaceMigrations } from './workspaces/migrations.ts';

const DEFAULT_ORGANISATION_NAME = 'My organisation';

/** The room's schema, step by step. */
export const directoryMigrations: readonly Migration[] = [
  {
    name: 'directory-001-people',
    up: async (database, { text, integer }) => {
      const { schema } = database;
      await schema
        .createTable('organization')
        .addColumn('id', text, (column) => column.primaryKey())
        .addColumn('name', text, (column) => column.notNull())
        .addColumn('created_at', integer, (column) => column.notNull())
        .execute();
      await schema
        .createTable('members')
        .addColumn('id', text, (column) => column.primaryKey())
        .addColumn('email', text, (column) => column.notNull())
        .addColumn('email_key', text, (column) => column.notNull().unique())
        .addColumn('name', text, (column) => column.notNull())
        .addColumn('role', text, (column) => column.notNull())
        .addColumn('status', text, (column) => column.notNull())
        .addColumn('added_at', integer, (column) => column.notNull())
        .addColumn('updated_at', integer, (column) => column.notNull())
        .execute();
      await schema
        .createTable('rbac_groups')
        .addColumn('id', text, (column) => column.primaryKey())
        .addColumn('name', text, (column) => column.notNull().unique())
        .addColumn('source_type', text, (column) => column.notNull())
        .addColumn('created_at', integer, (column) => column.notNull())
        .addColumn('updated_at', integer, (column) => column.notNull())
        .execute();
      await schema
        .createTable('rbac_roles')
        .addColumn('id', text, (column) => column.primaryKey())
        .addColumn('display_name', text, (column) => column.notNull().unique())
        .addColumn('created_at', integer, (column) => column.notNull())
        .addColumn('updated_at', integer, (column) => column.notNull())
        .execute();
      await schema
        .createTable('rbac_group_members')
        .addColumn('group_id', text, (column) => column.notNull().references('rbac_groups.id'))
        .addColumn('user_id', text, (column) => column.notNull().references('members.id'))
        .addColumn('created_at', integer, (column) => column.notNull())
        .addPrimaryKeyConstraint('rbac_group_members_key', ['group_id', 'user_id'])
        .execute();
      await schema.createIndex('rbac_group_members_user').on('rbac_group_members').column('user_id').execute();
      await schema
        .createTable('rbac_group_roles')
        .addColumn('group_id', text, (column) => column.notNull().references('rbac_groups.id'))
        .addColumn('role_id', text, (column) => column.notNull().references('rbac_roles.id'))
        .addColumn('created_at', integer, (column) => column.notNull())
        .addPrimaryKeyConstraint('rbac_group_roles_key', ['group_id', 'role_id'])
        .execute();
      await schema
        .createTable('member_roles')
        .addColumn('user_id', text, (column) => column.notNull().references('members.id'))
        .addColumn('role_id', text, (column) => column.notNull().references('rbac_roles.id'))
        .addColumn('created_at', integer, (column) => column.notNull())
        .addPrimaryKeyConstraint('member_roles_key', ['user_id', 'role_id'])
        .execute();
      await (database as Kysely<DirectoryTables>)
        .insertInto('organization')
        .values({ id: randomUUID(), name: DEFAULT_ORGANISATION_NAME, created_at: Date.now() })
        .execute();
    },
  },
  {
    name: 'directory-002-credentials',
    up: async ({ schema }, { text, integer }) => {
      await schema
        .createTable('api_keys')
        .addColumn('id', text, (column) => column.primaryKey())
        .addColumn('kind', text, (column) => column.notNull())
        .addColumn('name', text, (column) => column.notNull())
        .addColumn('secret_hash', text, (column) => column.notNull().unique())
        .addColumn('hint', text, (column) => column.notNull())
        .addColumn('user_id', text)
        .addColumn('group_id', text)
        .addColumn('status', text, (column) => column.notNull())
        .addColumn('origin', text, (column) => column.notNull())
        .addColumn('created_by', text)
        .addColumn('created_at', integer, (column) => column.notNull())
        .addColumn('expires_at', integer)
        .execute();
      await schema.createIndex('api_keys_user').on('api_keys').column('user_id').execute();
      await schema.createIndex('api_keys_group').on('api_keys').column('group_id').execute();
      await schema
        .createTable('passwords')
        .addColumn('user_id', text, (column) => column.primaryKey().references('members.id'))
        .addColumn('hash', text, (column) => column.notNull())
        .addColumn('updated_at', integer, (column) => column.notNull())
        .execute();
      await schema
        .createTable('sessions')
        .addColumn('id', text, (column) => column.primaryKey())
        .addColumn('secret_hash', text, (column) => column.notNull().unique())
        .addColumn('user_id', text, (column) => column.notNull().references('members.id'))
        .addColumn('created_at', integer, (column) => column.notNull())
        .addColumn('expires_at', integer, (column) => column.notNull())
        .addColumn('user_agent', text)
        .execute();
      await schema.createIndex('sessions_user').on('sessions').column('user_id').execute();
      await schema
        .createTable('sign_in_links')
        .addColumn('id', text, (column) => column.primaryKey())
        .addColumn('secret_hash', text, (column) => column.notNull().unique())
        .addColumn('user_id', text)
        .addColumn('created_at', integer, (column) => column.notNull())
        .addColumn('expires_at', integer, (column) => column.notNull())
        .addColumn('used_at', integer)
        .execute();
    },
  },
  {
    name: 'directory-003-policy-version',
    up: async (database, { text, integer }) => {
      const { schema } = database;
      await schema
        .createTable('policy_version')
        .addColumn('singleton', integer, (column) => column.primaryKey())
        .addColumn('version', integer, (column) => column.notNull())
        .execute();
      await schema
        .createTable('policy_changes')
        .addColumn('version', integer, (column) => column.notNull())
        .addColumn('entity', text, (column) => column.notNull())
        .addColumn('entity_id', text, (column) => column.notNull())
        .addColumn('changed_at', integer, (column) => column.notNull())
        .execute();
      await schema.createIndex('policy_changes_version').on('policy_changes').column('version').execute();
      await (database as Kysely<DirectoryTables>)
        .insertInto('policy_version')
        .values({ singleton: 1, version: 1 })
        .execute();
    },
  },
  {
    name: 'directory-004-name-key',
    up: async (database, { text }) => {
      await database.schema
        .alterTable('members')
        .addColumn('name_key', text, (column) => column.notNull().defaultTo(''))
        .execute();
      const tables = database as Kysely<DirectoryTables>;
      for (const { id, name } of await tables.selectFrom('members').select(['id', 'name']).execute())
        await tables.updateTable('members').set({ name_key: name.trim().toLowerCase() }).where('id', '=', id).execute();
    },
  },
  ...memberMigrations,
  ...roleMigrations,
  ...scimMigrations,
  ...signInMigrations,
  ...inviteMigrations,
  ...workspaceMigrations,
  ...deviceGrantMigrations,
];
