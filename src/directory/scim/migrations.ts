import type { Migration } from '../../platform/index.ts';
import { USER_COLUMNS, VALUE_COLUMNS } from './store/user-columns.ts';

type Up = Migration['up'];

const createDirectories: Up = async ({ schema }, { text, integer }) => {
  await schema
    .createTable('scim_directories')
    .addColumn('id', text, (column) => column.primaryKey())
    .addColumn('name', text, (column) => column.notNull().unique())
    .addColumn('mode', text, (column) => column.notNull())
    .addColumn('authoritative_domains', text, (column) => column.notNull())
    .addColumn('maps_roles', integer, (column) => column.notNull())
    .addColumn('removal_share_percent', integer, (column) => column.notNull())
    .addColumn('created_at', integer, (column) => column.notNull())
    .addColumn('updated_at', integer, (column) => column.notNull())
    .execute();
  await schema
    .createTable('scim_tokens')
    .addColumn('id', text, (column) => column.primaryKey())
    .addColumn('directory_id', text, (column) => column.notNull().references('scim_directories.id'))
    .addColumn('secret_hash', text, (column) => column.notNull().unique())
    .addColumn('hint', text, (column) => column.notNull())
    .addColumn('created_at', integer, (column) => column.notNull())
    .addColumn('expires_at', integer)
    .addColumn('last_used_at', integer)
    .execute();
};

const createUsers: Up = async ({ schema }, { text, integer }) => {
  let table = schema
    .createTable('scim_users')
    .addColumn('user_id', text, (column) => column.primaryKey().references('members.id'))
    .addColumn('directory_id', text, (column) => column.notNull().references('scim_directories.id'))
    .addColumn('doc', text, (column) => column.notNull())
    .addColumn('version', integer, (column) => column.notNull())
    .addColumn('created_at', integer, (column) => column.notNull())
    .addColumn('updated_at', integer, (column) => column.notNull())
    .addColumn('deleted_at', integer)
    .addColumn('is_suspended_here', integer, (column) => column.notNull().defaultTo(0));
  for (const name of Object.values(USER_COLUMNS)) table = table.addColumn(name, name === 'active' ? integer : text);
  await table.execute();
  await schema
    .createIndex('scim_users_page')
    .on('scim_users')
    .columns(['directory_id', 'deleted_at', 'user_id'])
    .execute();
  await schema
    .createIndex('scim_users_name')
    .on('scim_users')
    .columns(['directory_id', 'user_name'])
    .unique()
    .execute();
  await schema.createIndex('scim_users_external').on('scim_users').columns(['directory_id', 'external_id']).execute();
};

const createUserValues: Up = async ({ schema }, { text, integer, inKeyOrder }) => {
  let table = schema
    .createTable('scim_user_values')
    .addColumn('user_id', text, (column) => column.notNull().references('scim_users.user_id'))
    .addColumn('attribute', text, (column) => column.notNull())
    .addColumn('position', integer, (column) => column.notNull())
    .addPrimaryKeyConstraint('scim_user_values_key', ['user_id', 'attribute', 'position'])
    .modifyEnd(inKeyOrder);
  for (const name of Object.values(VALUE_COLUMNS))
    table = table.addColumn(name, name === 'is_primary' ? integer : text);
  await table.execute();
  await schema
    .createIndex('scim_user_values_value')
    .on('scim_user_values')
    .columns(['attribute', 'value', 'user_id'])
    .execute();
};

const createGroups: Up = async ({ schema }, { text, integer }) => {
  await schema
    .createTable('scim_groups')
    .addColumn('group_id', text, (column) => column.primaryKey().references('rbac_groups.id'))
    .addColumn('directory_id', text, (column) => column.notNull().references('scim_directories.id'))
    .addColumn('display_name_key', text, (column) => column.notNull())
    .addColumn('external_id', text)
    .addColumn('doc', text, (column) => column.notNull())
    .addColumn('version', integer, (column) => column.notNull())
    .addColumn('created_at', integer, (column) => column.notNull())
    .addColumn('updated_at', integer, (column) => column.notNull())
    .execute();
  await schema.createIndex('scim_groups_page').on('scim_groups').columns(['directory_id', 'group_id']).execute();
  await schema
    .createIndex('scim_groups_name')
    .on('scim_groups')
    .columns(['directory_id', 'display_name_key'])
    .unique()
    .execute();
  await schema
    .createTable('scim_mappings')
    .addColumn('id', text, (column) => column.primaryKey())
    .addColumn('directory_id', text, (column) => column.notNull().references('scim_directories.id'))
    .addColumn('group_id', text, (column) => column.notNull().references('scim_groups.group_id'))
    .addColumn('kind', text, (column) => column.notNull())
    .addColumn('value', text, (column) => column.notNull())
    .addColumn('created_at', integer, (column) => column.notNull())
    .addUniqueConstraint('scim_mappings_once', ['group_id', 'kind'])
    .execute();
};

const createSyncs: Up = async ({ schema }, { text, integer }) => {
  await schema
    .createTable('scim_syncs')
    .addColumn('id', text, (column) => column.primaryKey())
    .addColumn('directory_id', text, (column) => column.notNull())
    .addColumn('started_at', integer, (column) => column.notNull())
    .addColumn('last_at', integer, (column) => column.notNull())
    .execute();
  await schema.createIndex('scim_syncs_newest').on('scim_syncs').columns(['directory_id', 'last_at']).execute();
  await schema
    .createTable('scim_changes')
    .addColumn('id', text, (column) => column.primaryKey())
    .addColumn('directory_id', text, (column) => column.notNull())
    .addColumn('sync_id', text, (column) => column.notNull())
    .addColumn('at', integer, (column) => column.notNull())
    .addColumn('kind', text, (column) => column.notNull())
    .addColumn('user_id', text)
    .addColumn('group_id', text)
    .addColumn('people', integer, (column) => column.notNull())
    .addColumn('counts_as_removal', integer, (column) => column.notNull())
    .addColumn('detail', text, (column) => column.notNull())
    .execute();
  await schema.createIndex('scim_changes_sync').on('scim_changes').columns(['sync_id', 'kind']).execute();
  await schema
    .createIndex('scim_changes_recent')
    .on('scim_changes')
    .columns(['directory_id', 'counts_as_removal', 'at'])
    .execute();
  await schema
    .createTable('scim_removals')
    .addColumn('id', text, (column) => column.primaryKey())
    .addColumn('directory_id', text, (column) => column.notNull())
    .addColumn('user_id', text, (column) => column.notNull())
    .addColumn('reason', text, (column) => column.notNull())
    .addColumn('status', text, (column) => column.notNull())
    .addColumn('held_at', integer, (column) => column.notNull())
    .addColumn('decided_at', integer)
    .execute();
  await schema.createIndex('scim_removals_open').on('scim_removals').columns(['directory_id', 'status']).execute();
  await schema.createIndex('scim_removals_user').on('scim_removals').column('user_id').execute();
};

const createRequests: Up = async ({ schema }, { text, integer }) => {
  await schema
    .createTable('scim_requests')
    .addColumn('id', text, (column) => column.primaryKey())
    .addColumn('directory_id', text, (column) => column.notNull())
    .addColumn('at', integer, (column) => column.notNull())
    .addColumn('method', text, (column) => column.notNull())
    .addColumn('path', text, (column) => column.notNull())
    .addColumn('status', integer, (column) => column.notNull())
    .addColumn('duration_ms', integer, (column) => column.notNull())
    .addColumn('user_agent', text)
    .addColumn('request_body', text)
    .addColumn('response_body', text)
    .execute();
  await schema.createIndex('scim_requests_newest').on('scim_requests').columns(['directory_id', 'id']).execute();
};

/** The schema of provisioning, step by step; composed into the room's. */
export const scimMigrations: readonly Migration[] = [
  { name: 'directory-scim-001-directories', up: createDirectories },
  { name: 'directory-scim-002-users', up: createUsers },
  { name: 'directory-scim-003-user-values', up: createUserValues },
  { name: 'directory-scim-004-groups', up: createGroups },
  { name: 'directory-scim-005-syncs', up: createSyncs },
  { name: 'directory-scim-006-requests', up: createRequests },
];
