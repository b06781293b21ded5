import { ORGANISATION_ROLES, type PermissionArea, permissionsOfLevel, permissionsOfRole } from '../kernel/index.ts';
import type { Sql } from '../platform/index.ts';
import type { DirectoryTables } from './tables.ts';

/** Somebody who can be written to. */
export type Person = { readonly id: string; readonly email: string; readonly name: string };

type AreaPermission = `${PermissionArea}:${'view' | 'manage'}`;

const partsOf = (permission: AreaPermission) => {
  const [area] = permission.split(':') as [PermissionArea];
  const levels = (['view', 'manage'] as const).filter((level) => permissionsOfLevel(area, level).includes(permission));
  const roles = ORGANISATION_ROLES.filter((role) => permissionsOfRole(role).has(permission));
  return { area, levels, roles };
};

/** The active members who hold a permission of administration, by their organisation role or by custom roles. */
export const readHolders = async (sql: Sql, permission: AreaPermission): Promise<readonly Person[]> => {
  const tables = sql.tables<DirectoryTables>();
  const { area, levels, roles } = partsOf(permission);
  const granting = tables
    .selectFrom('rbac_role_permissions')
    .select('role_id')
    .where('area', '=', area)
    .where('level', 'in', levels);
  const direct = tables.selectFrom('member_roles').select('user_id').where('role_id', 'in', granting);
  const byGroup = tables
    .selectFrom('rbac_group_members')
    .innerJoin('rbac_group_roles', 'rbac_group_roles.group_id', 'rbac_group_members.group_id')
    .select('user_id')
    .where('role_id', 'in', granting);
  return tables
    .selectFrom('members')
    .select(['id', 'email', 'name'])
    .where('status', '=', 'active')
    .where(({ and, eb, or }) =>
      or([
        eb('role', 'in', roles),
        // Custom roles add to what Custom members may do, and to nobody else.
        and([eb('role', '=', 'managed'), or([eb('id', 'in', direct), eb('id', 'in', byGroup)])]),
      ]),
    )
    .orderBy('id')
    .execute();
};

/** Those of some members who are active, by id. */
export const readActivePeople = async (sql: Sql, ids: readonly string[]): Promise<readonly Person[]> =>
  ids.length === 0
    ? []
    : sql
        .tables<DirectoryTables>()
        .selectFrom('members')
        .select(['id', 'email', 'name'])
        .where('status', '=', 'active')
        .where('id', 'in', [...ids])
        .orderBy('id')
        .execute();
