import { type Doer, Refusal } from '../../kernel/index.ts';
import { isUniqueViolation } from '../../platform/index.ts';
import type { DirectoryDeps } from '../deps.ts';
import { changeInTurn } from '../policy-changes.ts';
import { notFound } from '../wire.ts';
import { type Role, roleStore } from './store.ts';

const refuseTakenName =
  (name: string) =>
  (error: unknown): never => {
    if (isUniqueViolation(error))
      throw new Refusal('conflict', `There is a custom role named "${name}" already. Choose another name.`);
    throw error;
  };

/** Creates a custom role; what an untouched one grants is for the rooms to say that enforce it. */
export const createRole =
  ({ database, changePolicy, record, now, newId }: DirectoryDeps) =>
  (displayName: string, by: Doer): Promise<Role> =>
    changeInTurn(database, async (sql) => {
      const at = now();
      const role: Role = { id: newId('role'), display_name: displayName, created_at: at, updated_at: at };
      await roleStore(sql).insert(role);
      await changePolicy(sql, { entity: 'role', id: role.id });
      await record(sql, by, { type: 'rbac_role_created', role_id: role.id, role_name: displayName });
      return role;
    }).catch(refuseTakenName(displayName));

/** Renames a custom role. */
export const renameRole =
  ({ database, changePolicy, record, now }: DirectoryDeps) =>
  (id: string, displayName: string, by: Doer): Promise<Role> =>
    changeInTurn(database, async (sql) => {
      const role = await roleStore(sql).find(id);
      if (role === undefined) throw notFound('custom role', id);
      const at = now();
      await roleStore(sql).rename(id, displayName, at);
      await changePolicy(sql, { entity: 'role', id });
      await record(sql, by, { type: 'rbac_role_updated', role_id: id });
      return { ...role, display_name: displayName, updated_at: at };
    }).catch(refuseTakenName(displayName));

/** Deletes a custom role; it comes off every group and member. */
export const deleteRole =
  ({ database, changePolicy, record }: DirectoryDeps) =>
  (id: string, by: Doer): Promise<void> =>
    changeInTurn(database, async (sql) => {
      const roles = roleStore(sql);
      if ((await roles.find(id)) === undefined) throw notFound('custom role', id);
      await roles.remove(id);
      await changePolicy(sql, { entity: 'role', id });
      await record(sql, by, { type: 'rbac_role_deleted', role_id: id });
    });
