import type { Kysely } from 'kysely';
import { createNewId } from '../../kernel/index.ts';
import { createRandomBytes, type Migration } from '../../platform/index.ts';
import { UNRESTRICTED } from './rules/data-residency.ts';
import { DEFAULT_COLOR } from './rules/workspace-fields.ts';
import type { WorkspaceTables } from './tables.ts';

/** What the workspaces' part adds to the room's schema. */
export const workspaceMigrations: readonly Migration[] = [
  {
    name: 'directory-workspaces-001',
    up: async (database, { text, integer }) => {
      const { schema } = database;
      await schema
        .createTable('workspaces')
        .addColumn('id', text, (column) => column.primaryKey())
        .addColumn('name', text, (column) => column.notNull())
        .addColumn('is_default', integer, (column) => column.notNull())
        .addColumn('display_color', text, (column) => column.notNull())
        .addColumn('data_residency', text, (column) => column.notNull())
        .addColumn('tags', text, (column) => column.notNull())
        .addColumn('created_at', integer, (column) => column.notNull())
        .addColumn('archived_at', integer)
        .execute();
      await schema
        .createTable('workspace_members')
        .addColumn('workspace_id', text, (column) => column.notNull().references('workspaces.id'))
        .addColumn('user_id', text, (column) => column.notNull().references('members.id'))
        .addColumn('workspace_role', text, (column) => column.notNull())
        .addColumn('created_at', integer, (column) => column.notNull())
        .addPrimaryKeyConstraint('workspace_members_key', ['workspace_id', 'user_id'])
        .execute();
      await schema.createIndex('workspace_members_user').on('workspace_members').column('user_id').execute();
      await schema.alterTable('api_keys').addColumn('workspace_id', text).execute();
      await schema.alterTable('api_keys').addColumn('scopes', text).execute();
      await schema.createIndex('api_keys_workspace').on('api_keys').column('workspace_id').execute();
      const now = Date.now();
      await (database as Kysely<WorkspaceTables>)
        .insertInto('workspaces')
        .values({
          id: createNewId(() => now, createRandomBytes())('workspace'),
          name: 'Default',
          is_default: 1,
          display_color: DEFAULT_COLOR,
          data_residency: JSON.stringify(UNRESTRICTED),
          tags: '{}',
          created_at: now,
          archived_at: null,
        })
        .execute();
    },
  },
];
