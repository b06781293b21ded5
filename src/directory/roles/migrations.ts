import type { Migration } from '../../platform/index.ts';

/** What custom roles permit of administration. */
export const roleMigrations: readonly Migration[] = [
  {
    name: 'directory-roles-001-permissions',
    up: async ({ schema }, { text }) => {
      await schema
        .createTable('rbac_role_permissions')
        .addColumn('role_id', text, (column) => column.notNull().references('rbac_roles.id').onDelete('cascade'))
        .addColumn('area', text, (column) => column.notNull())
        .addColumn('level', text, (column) => column.notNull())
        .addPrimaryKeyConstraint('rbac_role_permissions_key', ['role_id', 'area'])
        .execute();
    },
  },
];
