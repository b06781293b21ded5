import { type Kysely, sql } from 'kysely';
import type { Migration } from '../../platform/index.ts';
import type { CapabilityTables } from './tables.ts';

/** Capabilities: the organisation's switches, the installation's overrides, and what custom roles grant. */
export const capabilityMigrations: readonly Migration[] = [
  {
    name: 'access-capabilities-001',
    up: async (database, { text, integer }) => {
      const { schema } = database;
      await schema
        .createTable('organization_capabilities')
        .addColumn('capability', text, (column) => column.primaryKey())
        .addColumn('enabled', integer, (column) => column.notNull())
        .execute();
      await schema
        .createTable('capability_overrides')
        .addColumn('capability', text, (column) => column.primaryKey())
        .addColumn('override', text, (column) => column.notNull())
        .execute();
      await schema
        .createTable('role_capability_settings')
        .addColumn('role_id', text, (column) => column.primaryKey().references('rbac_roles.id').onDelete('cascade'))
        .addColumn('access', text, (column) => column.notNull())
        .execute();
      await schema
        .createTable('role_capabilities')
        .addColumn('role_id', text, (column) => column.notNull().references('rbac_roles.id').onDelete('cascade'))
        .addColumn('capability', text, (column) => column.notNull())
        .addPrimaryKeyConstraint('role_capabilities_key', ['role_id', 'capability'])
        .execute();
      await keepWhatWorked(database as Kysely<CapabilityTables>);
    },
  },
];

// Nothing was asked of roles that were made before there were capabilities; they go on granting everything.
const keepWhatWorked = async (tables: Kysely<CapabilityTables>): Promise<void> => {
  const { rows } = await sql<{ id: string }>`select id from rbac_roles`.execute(tables);
  if (rows.length > 0)
    await tables
      .insertInto('role_capability_settings')
      .values(rows.map(({ id }) => ({ role_id: id, access: 'all' as const })))
      .execute();
};
