import { type Doer, Refusal } from '../../kernel/index.ts';
import type { DirectoryDeps } from '../deps.ts';
import { memberStore } from '../members/store.ts';
import { changeInTurn } from '../policy-changes.ts';
import { roleStore } from '../roles/store.ts';
import { notFound } from '../wire.ts';
import { refuseProvisioned } from './change-group.ts';
import { refuseOwnerAccess } from './owner-access.ts';
import { type GroupMember, groupStore } from './store.ts';

/** Adds a member to a group; adding somebody twice is `invalid_request`, as in the Admin API. */
export const addGroupMember =
  ({ database, changePolicy, record, now }: DirectoryDeps) =>
  (groupId: string, userId: string, by: Doer): Promise<GroupMember> =>
    changeInTurn(database, async (sql) => {
      const groups = groupStore(sql);
      refuseProvisioned(await groups.find(groupId), groupId);
      await refuseOwnerAccess(sql, groupId, by);
      const member = await memberStore(sql).findPresent(userId);
      if (member === undefined) throw notFound('member', userId);
      if (await groups.isMember(groupId, userId))
        throw new Refusal('invalid_request', `${member.email} is in this group already.`);
      const at = now();
      await groups.addMember(groupId, userId, at);
      await changePolicy(sql, { entity: 'member', id: userId });
      await record(sql, by, { type: 'group_member_added', group_id: groupId, member_ids: [userId] });
      return { user_id: userId, email: member.email, created_at: at };
    });

/** Removes a member from a group; somebody who is not in it is `not_found`. */
export const removeGroupMember =
  ({ database, changePolicy, record }: DirectoryDeps) =>
  (groupId: string, userId: string, by: Doer): Promise<void> =>
    changeInTurn(database, async (sql) => {
      const groups = groupStore(sql);
      refuseProvisioned(await groups.find(groupId), groupId);
      await refuseOwnerAccess(sql, groupId, by);
      if (!(await groups.removeMember(groupId, userId))) throw notFound('member of this group', userId);
      await changePolicy(sql, { entity: 'member', id: userId });
      await record(sql, by, { type: 'group_member_removed', group_id: groupId, member_ids: [userId] });
    });

/** Attaches a custom role to a group, whoever owns the group; attaching it twice is once. */
export const attachGroupRole =
  ({ database, changePolicy, record, now }: DirectoryDeps) =>
  (groupId: string, roleId: string, by: Doer): Promise<void> =>
    changeInTurn(database, async (sql) => {
      const groups = groupStore(sql);
      if ((await groups.find(groupId)) === undefined) throw notFound('group', groupId);
      if ((await roleStore(sql).find(roleId)) === undefined) throw notFound('custom role', roleId);
      if ((await groups.roleIds([groupId])).get(groupId)?.includes(roleId)) return;
      await groups.attachRole(groupId, roleId, now());
      await changePolicy(sql, { entity: 'group', id: groupId });
      await record(sql, by, {
        type: 'rbac_role_assigned',
        role_id: roleId,
        principal_type: 'rbac_group',
        principal_id: groupId,
      });
    });

/** Takes a custom role off a group; one that is not attached is `not_found`. */
export const detachGroupRole =
  ({ database, changePolicy, record }: DirectoryDeps) =>
  (groupId: string, roleId: string, by: Doer): Promise<void> =>
    changeInTurn(database, async (sql) => {
      if (!(await groupStore(sql).detachRole(groupId, roleId))) throw notFound('custom role on this group', roleId);
      await changePolicy(sql, { entity: 'group', id: groupId });
      await record(sql, by, {
        type: 'rbac_role_unassigned',
        role_id: roleId,
        principal_type: 'rbac_group',
        principal_id: groupId,
      });
    });
