import type { NewActivity } from '../../../activity/index.ts';
import type { Doer } from '../../../kernel/index.ts';
import type { Sql } from '../../../platform/index.ts';
import type { DirectoryDeps } from '../../deps.ts';
import { groupStore } from '../../groups/store.ts';
import { type Member, memberStore } from '../../members/store.ts';
import { roleStore } from '../../roles/store.ts';
import { settingsStore } from '../settings/store.ts';
import type { Mapped } from './rules/map-groups.ts';

/**
 * Brings a member's organisation role, groups and custom roles to what the mappings give; null leaves everything. Only
 * groups and roles that are mapped are touched, and of those not the ones a directory owns. The primary owner and the
 * accounts for emergencies keep their role.
 */
export const applyMapped =
  ({ changePolicy, record, now }: DirectoryDeps) =>
  async (sql: Sql, member: Member, mapped: Mapped | null, by: Doer): Promise<Member> => {
    if (mapped === null) return member;
    const activities = [
      ...(await applyGroups(sql, member, { mapped, at: now() })),
      ...(await applyRoles(sql, member, { mapped, at: now() })),
    ];
    const keepsRole = member.role === 'primary_owner' || (await settingsStore(sql).isBreakGlass(member.id));
    const role = keepsRole ? member.role : mapped.role;
    if (role !== member.role) {
      await memberStore(sql).update(member.id, { role, updated_at: now() });
      activities.push({
        type: 'claude_user_role_updated',
        user_id: member.id,
        user_email: member.email,
        previous_role: member.role,
        current_role: role,
      });
    }
    if (activities.length === 0) return member;
    await changePolicy(sql, { entity: 'member', id: member.id });
    await record(sql, by, ...activities);
    return { ...member, role };
  };

type Wanted = { readonly mapped: Mapped; readonly at: number };

const applyGroups = async (sql: Sql, { id }: Member, { mapped, at }: Wanted): Promise<NewActivity[]> => {
  const groups = groupStore(sql);
  const activities: NewActivity[] = [];
  const isOurs = async (groupId: string) => (await groups.find(groupId))?.source_type === 'direct';
  for (const group_id of mapped.groups.theirs) {
    if (!(await isOurs(group_id)) || (await groups.isMember(group_id, id))) continue;
    await groups.addMember(group_id, id, at);
    activities.push({ type: 'group_member_added', group_id, member_ids: [id] });
  }
  for (const group_id of mapped.groups.others)
    if ((await isOurs(group_id)) && (await groups.removeMember(group_id, id)))
      activities.push({ type: 'group_member_removed', group_id, member_ids: [id] });
  return activities;
};

const applyRoles = async (sql: Sql, { id }: Member, { mapped, at }: Wanted): Promise<NewActivity[]> => {
  const members = memberStore(sql);
  const activities: NewActivity[] = [];
  const attached = await members.roleIds(id);
  const holder = { principal_id: id, principal_type: 'user' as const };
  for (const role_id of mapped.roles.theirs) {
    if (attached.includes(role_id) || (await roleStore(sql).find(role_id)) === undefined) continue;
    await members.attachRole(id, role_id, at);
    activities.push({ type: 'rbac_role_assigned', role_id, ...holder });
  }
  for (const role_id of mapped.roles.others)
    if (await members.detachRole(id, role_id)) activities.push({ type: 'rbac_role_unassigned', role_id, ...holder });
  return activities;
};
