import { type Kysely, sql } from 'kysely';
import type { Migration } from '../../platform/index.ts';
import type { ConnectorTables } from './tables.ts';

/** Connectors, and what custom roles grant on them. */
export const connectorMigrations: readonly Migration[] = [
  {
    name: 'access-connectors-001',
    up: async (database, { text, integer }) => {
      const { schema } = database;
      await schema
        .createTable('connectors')
        .addColumn('id', text, (column) => column.primaryKey())
        .addColumn('slug', text, (column) => column.notNull().unique())
        .addColumn('name', text, (column) => column.notNull())
        .addColumn('url', text, (column) => column.notNull())
        .addColumn('url_key', text, (column) => column.notNull().unique())
        .addColumn('level', text, (column) => column.notNull())
        .addColumn('created_at', integer, (column) => column.notNull())
        .addColumn('updated_at', integer, (column) => column.notNull())
        .execute();
      await schema
        .createTable('connector_tools')
        .addColumn('connector_id', text, (column) => column.notNull().references('connectors.id').onDelete('cascade'))
        .addColumn('tool', text, (column) => column.notNull())
        .addColumn('level', text, (column) => column.notNull())
        .addPrimaryKeyConstraint('connector_tools_key', ['connector_id', 'tool'])
        .execute();
      await schema
        .createTable('connector_settings')
        .addColumn('singleton', integer, (column) => column.primaryKey())
        .addColumn('unlisted_servers', text, (column) => column.notNull())
        .execute();
      await schema
        .createTable('role_connector_settings')
        .addColumn('role_id', text, (column) => column.primaryKey().references('rbac_roles.id').onDelete('cascade'))
        .addColumn('level', text, (column) => column.notNull())
        .execute();
      await schema
        .createTable('role_connectors')
        .addColumn('role_id', text, (column) => column.notNull().references('rbac_roles.id').onDelete('cascade'))
        .addColumn('connector_id', text, (column) => column.notNull().references('connectors.id').onDelete('cascade'))
        .addColumn('level', text, (column) => column.notNull())
        .addPrimaryKeyConstraint('role_connectors_key', ['role_id', 'connector_id'])
        .execute();
      await schema
        .createTable('role_connector_tools')
        .addColumn('role_id', text, (column) => column.notNull().references('rbac_roles.id').onDelete('cascade'))
        .addColumn('connector_id', text, (column) => column.notNull().references('connectors.id').onDelete('cascade'))
        .addColumn('tool', text, (column) => column.notNull())
        .addColumn('level', text, (column) => column.notNull())
        .addPrimaryKeyConstraint('role_connector_tools_key', ['role_id', 'connector_id', 'tool'])
        .execute();
      await keepWhatWorked(database as Kysely<ConnectorTables>);
    },
  },
];

// Roles made before there were connectors go on as they were: everything stays allowed until somebody says otherwise.
const keepWhatWorked = async (tables: Kysely<ConnectorTables>): Promise<void> => {
  const { rows } = await sql<{ id: string }>`select id from rbac_roles`.execute(tables);
  if (rows.length > 0)
    await tables
      .insertInto('role_connector_settings')
      .values(rows.map(({ id }) => ({ role_id: id, level: 'always' as const })))
      .execute();
  await tables
    .insertInto('connector_settings')
    .values({ singleton: 1, unlisted_servers: rows.length > 0 ? 'allow' : 'refuse_for_custom' })
    .execute();
};
