import { cursorPage, fingerprint, type Route, readCursor, route } from '../../platform/index.ts';
import type { DirectoryDeps } from '../deps.ts';
import { notFound, toWireTime } from '../wire.ts';
import { createRole, deleteRole, renameRole } from './change-role.ts';
import * as contract from './contract.ts';
import { type AdminPermissions, permissionStore } from './permission-store.ts';
import { setRolePermissions } from './set-role-permissions.ts';
import { type Role, roleStore } from './store.ts';

/** Binds the custom-role endpoints to their operations. */
export const roleRoutes = (deps: DirectoryDeps): readonly Route[] => {
  const roles = roleStore(deps.database);
  return [
    route(contract.listRoles, async ({ query }) => {
      const page = { limit: query.limit, filters: 'rbac_roles' };
      const rows = await roles.list(page.limit, readCursor(query.page, page.filters));
      return cursorPage(rows, page, { toItem: toWire, positionOf: (role) => [role.display_name, role.id] });
    }),
    route(contract.createRole, async ({ body, by }) => toWire(await createRole(deps)(body.display_name, by))),
    route(contract.getRole, async ({ params }) => {
      const role = await roles.find(params.role_id);
      if (role === undefined) throw notFound('custom role', params.role_id);
      return toWire(role);
    }),
    route(contract.renameRole, async ({ params, body, by }) =>
      toWire(await renameRole(deps)(params.role_id, body.display_name, by)),
    ),
    route(contract.deleteRole, async ({ params, by }) => {
      await deleteRole(deps)(params.role_id, by);
      return { id: params.role_id, type: 'rbac_role_deleted' as const };
    }),
    route(contract.getRolePermissions, async ({ params }) => {
      if ((await roles.find(params.role_id)) === undefined) throw notFound('custom role', params.role_id);
      return permissionsToWire(params.role_id, await permissionStore(deps.database).read(params.role_id));
    }),
    route(contract.setRolePermissions, async ({ params, body, by }) =>
      permissionsToWire(
        params.role_id,
        await setRolePermissions(deps)(params.role_id, body.permissions, by, body.if_version),
      ),
    ),
  ];
};

const permissionsToWire = (roleId: string, permissions: AdminPermissions): contract.RolePermissions => ({
  type: 'role_admin_permissions',
  role_id: roleId,
  version: fingerprint(permissions),
  permissions,
});

const toWire = (role: Role): contract.RbacRole => ({
  id: role.id,
  type: 'rbac_role',
  display_name: role.display_name,
  name: role.display_name,
  source: { type: 'custom' },
  created_at: toWireTime(role.created_at),
  updated_at: toWireTime(role.updated_at),
});
