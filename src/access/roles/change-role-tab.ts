import { changeInTurn, notFound, readOrganisationId } from '../../directory/index.ts';
import { type Doer, Refusal } from '../../kernel/index.ts';
import type { Sql } from '../../platform/index.ts';
import type { AccessDeps } from '../change-models.ts';
import { permissionRows, rowsOnlyIn } from '../rules/role-permissions.ts';
import type { RoleAccess } from '../rules/types.ts';
import { accessStore } from '../store.ts';

/** A change of one tab of a role: how the role looks after it, and how that is written. */
export type TabChange = {
  readonly roleId: string;
  readonly edit: (role: RoleAccess, sql: Sql) => Promise<RoleAccess>;
  readonly write: (role: RoleAccess, sql: Sql) => Promise<void>;
  /** Names what the tab says, to tell whether it still says what the editor has seen. */
  readonly versionOf: (role: RoleAccess) => string;
  readonly ifVersion?: string | undefined;
};

const stale = (version: string): Refusal =>
  new Refusal('conflict', 'Somebody else changed this role meanwhile. Reload to see it as it is, then save again.', {
    details: { error_code: 'version_conflict', version },
  });

/** Saves one tab of a custom role, in turn with other administrators, and records each permission that came or went. */
export const changeRoleTab =
  ({ database, changePolicy, record }: AccessDeps) =>
  ({ roleId, edit, write, versionOf, ifVersion }: TabChange, by: Doer): Promise<void> =>
    changeInTurn(database, async (sql) => {
      const before = (await accessStore(sql).readRoles([roleId])).get(roleId);
      if (before === undefined) throw notFound('custom role', roleId);
      if (ifVersion !== undefined && ifVersion !== versionOf(before)) throw stale(versionOf(before));
      const after = await edit(before, sql);
      if (versionOf(after) === versionOf(before)) return;
      await write(after, sql);
      await changePolicy(sql, { entity: 'role', id: roleId });
      const organisationId = await readOrganisationId(sql);
      const rowsOf = (role: RoleAccess) => permissionRows({ role, areas: {}, organisationId });
      const [was, is] = [rowsOf(before), rowsOf(after)];
      await record(
        sql,
        by,
        ...rowsOnlyIn(was, is).map((row) => ({
          type: 'rbac_role_permission_removed' as const,
          role_id: roleId,
          ...row,
        })),
        ...rowsOnlyIn(is, was).map((row) => ({ type: 'rbac_role_permission_added' as const, role_id: roleId, ...row })),
      );
    });
