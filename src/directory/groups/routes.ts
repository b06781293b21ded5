import { cursorPage, type Route, readCursor, route } from '../../platform/index.ts';
import type { DirectoryDeps } from '../deps.ts';
import { notFound, toWireTime } from '../wire.ts';
import { createGroup, deleteGroup, renameGroup } from './change-group.ts';
import { addGroupMember, attachGroupRole, detachGroupRole, removeGroupMember } from './change-membership.ts';
import { addGroupMembers, recordFailure, removeGroupMembers } from './change-memberships.ts';
import * as contract from './contract.ts';
import { type Group, type GroupMember, groupStore } from './store.ts';

/** Binds the group endpoints to their operations. */
export const groupRoutes = (deps: DirectoryDeps): readonly Route[] => {
  const groups = groupStore(deps.database);

  const toWire = async (rows: readonly Group[]): Promise<ReadonlyMap<string, contract.RbacGroup>> => {
    const ids = rows.map(({ id }) => id);
    const [roleIds, counts] = await Promise.all([groups.roleIds(ids), groups.memberCounts(ids)]);
    return new Map(
      rows.map((row) => [
        row.id,
        {
          id: row.id,
          type: 'rbac_group' as const,
          name: row.name,
          role_ids: [...(roleIds.get(row.id) ?? [])],
          roles: [...(roleIds.get(row.id) ?? [])],
          source_type: row.source_type,
          member_count: counts.get(row.id) ?? 0,
          created_at: toWireTime(row.created_at),
          updated_at: toWireTime(row.updated_at),
        },
      ]),
    );
  };
  const show = async (id: string): Promise<contract.RbacGroup> => {
    const row = await groups.find(id);
    const shown = row && (await toWire([row])).get(id);
    if (shown === undefined) throw notFound('group', id);
    return shown;
  };

  return [
    route(contract.listGroups, async ({ query }) => {
      const { user_id: userId, search, source_type: sourceType, role_id: roleId } = query;
      const page = { limit: query.limit, filters: ['rbac_groups', userId, search, sourceType, roleId] };
      const after = readCursor(query.page, page.filters);
      const rows = await groups.list({ limit: query.limit, after, userId, search, sourceType, roleId });
      const shown = await toWire(rows);
      return cursorPage(rows, page, {
        toItem: (row) => shown.get(row.id) as contract.RbacGroup,
        positionOf: (row) => [row.name, row.id],
      });
    }),
    route(contract.createGroup, async ({ body, by }) => show((await createGroup(deps)(body.name, by)).id)),
    route(contract.getGroup, ({ params }) => show(params.group_id)),
    route(contract.renameGroup, async ({ params, body, by }) => {
      if (typeof body.name === 'string') await renameGroup(deps)(params.group_id, body.name, by);
      return show(params.group_id);
    }),
    route(contract.deleteGroup, async ({ params, by }) => {
      await deleteGroup(deps)(params.group_id, by);
      return { id: params.group_id, type: 'rbac_group_deleted' as const };
    }),
    route(contract.listGroupMembers, async ({ params, query }) => {
      await show(params.group_id);
      const page = { limit: query.limit, filters: ['rbac_group_members', params.group_id] };
      const rows = await groups.members(params.group_id, { ...page, after: readCursor(query.page, page.filters) });
      return cursorPage(rows, page, { toItem: memberOf(params.group_id), positionOf: ({ user_id }) => [user_id] });
    }),
    route(contract.addGroupMember, async ({ params, body, by }) =>
      memberOf(params.group_id)(
        await addGroupMember(deps)(params.group_id, body.user_id, by).catch((refused: unknown) =>
          recordFailure(deps)(refused, { groupId: params.group_id, userId: body.user_id, what: 'addition', by }),
        ),
      ),
    ),
    route(contract.removeGroupMember, async ({ params, by }) => {
      const { group_id: groupId, user_id: userId } = params;
      await removeGroupMember(deps)(groupId, userId, by).catch((refused: unknown) =>
        recordFailure(deps)(refused, { groupId, userId, what: 'removal', by }),
      );
      return {
        type: 'rbac_group_member_deleted' as const,
        rbac_group_id: params.group_id,
        user_id: params.user_id,
      };
    }),
    route(contract.addGroupMembers, async ({ params, body, by }) => {
      const results = await addGroupMembers(deps)(params.group_id, body.user_ids ?? 'all', by);
      return { data: results.map(({ userId, outcome }) => ({ user_id: userId, outcome })) };
    }),
    route(contract.removeGroupMembers, async ({ params, body, by }) => {
      const results = await removeGroupMembers(deps)(params.group_id, body.user_ids, by);
      return { data: results.map(({ userId, outcome }) => ({ user_id: userId, outcome })) };
    }),
    route(contract.attachGroupRole, async ({ params, body, by }) => {
      await attachGroupRole(deps)(params.group_id, body.role_id, by);
      return show(params.group_id);
    }),
    route(contract.detachGroupRole, async ({ params, by }) => {
      await detachGroupRole(deps)(params.group_id, params.role_id, by);
      return show(params.group_id);
    }),
  ];
};

const memberOf = (groupId: string) => (member: GroupMember) => ({
  type: 'rbac_group_member' as const,
  rbac_group_id: groupId,
  group_id: groupId,
  user_id: member.user_id,
  email: member.email,
  created_at: toWireTime(member.created_at),
});
