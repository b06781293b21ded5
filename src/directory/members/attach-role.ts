import type { Doer } from '../../kernel/index.ts';
import type { DirectoryDeps } from '../deps.ts';
import { changeInTurn } from '../policy-changes.ts';
import { roleStore } from '../roles/store.ts';
import { notFound } from '../wire.ts';
import { memberStore } from './store.ts';

/** Attaches a custom role to one member; attaching it twice is once. */
export const attachMemberRole =
  ({ database, changePolicy, record, now }: DirectoryDeps) =>
  (userId: string, roleId: string, by: Doer): Promise<void> =>
    changeInTurn(database, async (sql) => {
      const members = memberStore(sql);
      if ((await members.findPresent(userId)) === undefined) throw notFound('member', userId);
      if ((await roleStore(sql).find(roleId)) === undefined) throw notFound('custom role', roleId);
      if ((await members.roleIds(userId)).includes(roleId)) return;
      await members.attachRole(userId, roleId, now());
      await changePolicy(sql, { entity: 'member', id: userId });
      await record(sql, by, {
        type: 'rbac_role_assigned',
        role_id: roleId,
        principal_type: 'user',
        principal_id: userId,
      });
    });

/** Takes a custom role off a member; one that is not attached is `not_found`. */
export const detachMemberRole =
  ({ database, changePolicy, record }: DirectoryDeps) =>
  (userId: string, roleId: string, by: Doer): Promise<void> =>
    changeInTurn(database, async (sql) => {
      if (!(await memberStore(sql).detachRole(userId, roleId))) throw notFound('custom role on this member', roleId);
      await changePolicy(sql, { entity: 'member', id: userId });
      await record(sql, by, {
        type: 'rbac_role_unassigned',
        role_id: roleId,
        principal_type: 'user',
        principal_id: userId,
      });
    });
