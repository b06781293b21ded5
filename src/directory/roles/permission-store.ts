import {
  PERMISSION_AREAS,
  type Permission,
  type PermissionArea,
  type PermissionLevel,
  permissionsOfLevel,
} from '../../kernel/index.ts';
import type { Sql } from '../../platform/index.ts';
import type { DirectoryTables } from '../tables.ts';

/** A level in every area. */
export type AdminPermissions = Readonly<Record<PermissionArea, PermissionLevel>>;

type Row = { readonly area: PermissionArea; readonly level: PermissionLevel };

const toPermissions = (rows: readonly Row[]): AdminPermissions => {
  const levels = new Map(rows.map(({ area, level }) => [area, level]));
  return Object.fromEntries(PERMISSION_AREAS.map((area) => [area, levels.get(area) ?? 'none'])) as AdminPermissions;
};

/** What rows of levels permit together. */
export const permissionsIn = (rows: readonly Row[]): readonly Permission[] =>
  rows.flatMap(({ area, level }) => permissionsOfLevel(area, level));

/** Where the levels live that custom roles give in the areas of administration. */
export const permissionStore = (sql: Sql) => {
  const tables = sql.tables<DirectoryTables>();
  return {
    read: async (roleId: string): Promise<AdminPermissions> =>
      toPermissions(
        await tables
          .selectFrom('rbac_role_permissions')
          .select(['area', 'level'])
          .where('role_id', '=', roleId)
          .execute(),
      ),
    /** Of every role that permits anything, by its id. */
    readAll: async (): Promise<ReadonlyMap<string, AdminPermissions>> => {
      const rows = await tables.selectFrom('rbac_role_permissions').selectAll().execute();
      const byRole = Map.groupBy(rows, (row) => row.role_id);
      return new Map([...byRole].map(([id, own]) => [id, toPermissions(own)]));
    },
    write: async (roleId: string, permissions: AdminPermissions): Promise<void> => {
      await tables.deleteFrom('rbac_role_permissions').where('role_id', '=', roleId).execute();
      const rows = PERMISSION_AREAS.flatMap((area) => {
        const level = permissions[area];
        return level === 'none' ? [] : [{ role_id: roleId, area, level }];
      });
      if (rows.length > 0) await tables.insertInto('rbac_role_permissions').values(rows).execute();
    },
    /** What the roles permit that are attached to any of these groups. */
    readOfGroups: (groupIds: readonly string[]): Promise<readonly Row[]> =>
      tables
        .selectFrom('rbac_role_permissions')
        .select(['area', 'level'])
        .where('role_id', 'in', (roles) =>
          roles
            .selectFrom('rbac_group_roles')
            .select('role_id')
            .where('group_id', 'in', [...groupIds]),
        )
        .execute(),
    /** What the roles permit that reach a member, by their groups or directly. */
    readOfMember: (userId: string): Promise<readonly Row[]> =>
      tables
        .selectFrom('rbac_role_permissions')
        .select(['area', 'level'])
        .where((where) =>
          where.or([
            where('role_id', 'in', tables.selectFrom('member_roles').select('role_id').where('user_id', '=', userId)),
            where(
              'role_id',
              'in',
              tables
                .selectFrom('rbac_group_roles')
                .innerJoin('rbac_group_members', 'rbac_group_members.group_id', 'rbac_group_roles.group_id')
                .select('role_id')
                .where('user_id', '=', userId),
            ),
          ]),
        )
        .execute(),
  };
};
