import { type Doer, PERMISSION_AREAS, Refusal } from '../../kernel/index.ts';
import { fingerprint } from '../../platform/index.ts';
import type { DirectoryDeps } from '../deps.ts';
import { changeInTurn } from '../policy-changes.ts';
import { readOrganisationId } from '../read-names.ts';
import { notFound } from '../wire.ts';
import { type AdminPermissions, permissionStore } from './permission-store.ts';
import { roleStore } from './store.ts';

/** The refusal of a save that was made from what somebody else has changed meanwhile. */
export const staleRole = (version: string): Refusal =>
  new Refusal('conflict', 'Somebody else changed this role meanwhile. Reload to see it as it is, then save again.', {
    details: { error_code: 'version_conflict', version },
  });

/**
 * Sets levels in areas of administration; areas that are left out stay. With `ifVersion`, refuses when they are not what
 * they were under that version. Whoever manages identity can give themselves more by this (access reference §3.2); it is
 * recorded like any other change.
 */
export const setRolePermissions =
  ({ database, changePolicy, record }: DirectoryDeps) =>
  (roleId: string, changes: Partial<AdminPermissions>, by: Doer, ifVersion?: string): Promise<AdminPermissions> =>
    changeInTurn(database, async (sql) => {
      if ((await roleStore(sql).find(roleId)) === undefined) throw notFound('custom role', roleId);
      const store = permissionStore(sql);
      const before = await store.read(roleId);
      if (ifVersion !== undefined && ifVersion !== fingerprint(before)) throw staleRole(fingerprint(before));
      const after = { ...before, ...changes };
      const changed = PERMISSION_AREAS.filter((area) => before[area] !== after[area]);
      if (changed.length === 0) return before;
      await store.write(roleId, after);
      await changePolicy(sql, { entity: 'role', id: roleId });
      const resource = { role_id: roleId, resource_type: 'organization', resource_id: await readOrganisationId(sql) };
      const named = (permissions: AdminPermissions) =>
        changed.filter((area) => permissions[area] !== 'none').map((area) => `permission_${area}_${permissions[area]}`);
      await record(
        sql,
        by,
        ...named(before).map((action) => ({ type: 'rbac_role_permission_removed' as const, action, ...resource })),
        ...named(after).map((action) => ({ type: 'rbac_role_permission_added' as const, action, ...resource })),
      );
      return after;
    });
