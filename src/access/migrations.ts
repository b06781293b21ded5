import type { Kysely } from 'kysely';
import type { Migration } from '../platform/index.ts';
import { capabilityMigrations } from './capabilities/migrations.ts';
import { connectorMigrations } from './connectors/migrations.ts';
import { requestMigrations } from './requests/migrations.ts';
import type { AccessTables } from './tables.ts';

/** The room's schema, step by step. */
export const accessMigrations: readonly Migration[] = [
  {
    name: 'access-001-models',
    up: async (database, { text, integer }) => {
      const { schema } = database;
      await schema
        .createTable('model_access')
        .addColumn('model', text, (column) => column.primaryKey())
        .addColumn('enabled', integer, (column) => column.notNull())
        .addColumn('max_effort', text)
        .execute();
      await schema
        .createTable('model_settings')
        .addColumn('singleton', integer, (column) => column.primaryKey())
        .addColumn('default_model', text)
        .addColumn('default_effort', text)
        .addColumn('new_models', text, (column) => column.notNull())
        .addColumn('effort_action', text, (column) => column.notNull())
        .addColumn('version', integer, (column) => column.notNull())
        .execute();
      await schema
        .createTable('role_model_settings')
        .addColumn('role_id', text, (column) => column.primaryKey().references('rbac_roles.id').onDelete('cascade'))
        .addColumn('mode', text, (column) => column.notNull())
        .addColumn('default_model', text)
        .addColumn('default_effort', text)
        .execute();
      await schema
        .createTable('role_model_access')
        .addColumn('role_id', text, (column) => column.notNull().references('rbac_roles.id').onDelete('cascade'))
        .addColumn('model', text, (column) => column.notNull())
        .addColumn('enabled', integer, (column) => column.notNull())
        .addColumn('max_effort', text)
        .addPrimaryKeyConstraint('role_model_access_key', ['role_id', 'model'])
        .execute();
      await schema
        .createTable('discovered_models')
        .addColumn('id', text, (column) => column.primaryKey())
        .addColumn('info', text, (column) => column.notNull())
        .addColumn('seen_at', integer, (column) => column.notNull())
        .execute();
      await (database as Kysely<AccessTables>)
        .insertInto('model_settings')
        .values({
          singleton: 1,
          default_model: null,
          default_effort: null,
          new_models: 'on',
          effort_action: 'clamp',
          version: 1,
        })
        .execute();
    },
  },
  {
    name: 'access-002-requests',
    up: async ({ schema }, { text, integer, inKeyOrder }) => {
      await schema
        .createTable('requests')
        .addColumn('id', text, (column) => column.primaryKey())
        .addColumn('started_at', integer, (column) => column.notNull())
        .addColumn('node', text, (column) => column.notNull())
        .addColumn('endpoint', text, (column) => column.notNull())
        .addColumn('user_id', text)
        .addColumn('group_id', text)
        .addColumn('api_key_id', text, (column) => column.notNull())
        .addColumn('client', text)
        .addColumn('session_id', text)
        .addColumn('agent_id', text)
        .addColumn('parent_agent_id', text)
        .addColumn('stream', integer, (column) => column.notNull())
        .addColumn('body_bytes', integer, (column) => column.notNull())
        .addColumn('effect', text, (column) => column.notNull())
        .addColumn('reason', text)
        .addColumn('model_asked', text, (column) => column.notNull())
        .addColumn('model_used', text)
        .addColumn('model_id', text)
        .addColumn('effort_asked', text)
        .addColumn('effort_used', text)
        .addColumn('effort_cap', text)
        .addColumn('policy_version', integer, (column) => column.notNull())
        .addColumn('findings', text, (column) => column.notNull())
        .addColumn('wanted', text, (column) => column.notNull())
        .modifyEnd(inKeyOrder)
        .execute();
      // Ids sort by time, so the primary key serves "newest first"; a member's own list needs this one.
      await schema.createIndex('requests_user').on('requests').columns(['user_id', 'id']).execute();
    },
  },
  ...connectorMigrations,
  ...capabilityMigrations,
  {
    name: 'access-workspace-of-requests',
    up: async ({ schema }, { text }) => {
      await schema.alterTable('requests').addColumn('workspace_id', text).execute();
    },
  },
  ...requestMigrations,
];
