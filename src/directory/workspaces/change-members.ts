import { type Doer, type OrganisationRole, Refusal } from '../../kernel/index.ts';
import type { Sql } from '../../platform/index.ts';
import { apiKeyStore } from '../api-keys/store.ts';
import type { DirectoryDeps } from '../deps.ts';
import { refuseFurtherWorkspaceMember } from '../limits.ts';
import { memberStore } from '../members/store.ts';
import { changeInTurn } from '../policy-changes.ts';
import { notFound } from '../wire.ts';
import { findChangeable } from './change-workspace.ts';
import { type StoredWorkspaceMember, workspaceStore } from './store.ts';
import type { WorkspaceRole } from './tables.ts';

/** Puts a member into a workspace; one who is in it already is `invalid_request`. */
export const addWorkspaceMember =
  ({ database, changePolicy, record, limits, now }: DirectoryDeps) =>
  (workspaceId: string, wanted: { userId: string; role: WorkspaceRole }, by: Doer): Promise<StoredWorkspaceMember> =>
    changeInTurn(database, async (sql) => {
      await findChangeable(sql, workspaceId);
      const { userId, role } = wanted;
      const member = await memberStore(sql).findPresent(userId);
      if (member === undefined) throw notFound('member', userId);
      const store = workspaceStore(sql);
      if ((await store.findMember(workspaceId, userId)) !== undefined)
        throw new Refusal('invalid_request', `${member.email} is in this workspace already.`);
      await refuseFurtherWorkspaceMember(sql, limits, workspaceId);
      const added = { workspace_id: workspaceId, user_id: userId, workspace_role: role, created_at: now() };
      await store.addMember(added);
      await changePolicy(sql, { entity: 'workspace', id: workspaceId });
      await record(sql, by, { type: 'platform_workspace_member_added', user_id: userId, workspace_id: workspaceId });
      return added;
    });

/** Changes a member's role in a workspace. */
export const updateWorkspaceMember =
  ({ database, record }: DirectoryDeps) =>
  (workspaceId: string, wanted: { userId: string; role: WorkspaceRole }, by: Doer): Promise<StoredWorkspaceMember> =>
    changeInTurn(database, async (sql) => {
      await findChangeable(sql, workspaceId);
      const before = await findIn(sql, workspaceId, wanted.userId);
      if (before.workspace_role === wanted.role) return before;
      await workspaceStore(sql).setRole(workspaceId, wanted.userId, wanted.role);
      await record(sql, by, {
        type: 'platform_workspace_member_updated',
        user_id: wanted.userId,
        workspace_id: workspaceId,
        updates: [{ type: 'workspace_role', previous_value: before.workspace_role, current_value: wanted.role }],
      });
      return { ...before, workspace_role: wanted.role };
    });

/** Takes a member out of a workspace; their personal keys in it are archived. */
export const removeWorkspaceMember =
  ({ database, changePolicy, record }: DirectoryDeps) =>
  (workspaceId: string, userId: string, by: Doer): Promise<void> =>
    changeInTurn(database, async (sql) => {
      await findChangeable(sql, workspaceId);
      await findIn(sql, workspaceId, userId);
      await workspaceStore(sql).removeMember(workspaceId, userId);
      const keyIds = await apiKeyStore(sql).archiveOf({ userId, workspaceId });
      await changePolicy(
        sql,
        { entity: 'workspace', id: workspaceId },
        ...keyIds.map((id) => ({ entity: 'api_key' as const, id })),
      );
      await record(
        sql,
        by,
        { type: 'platform_workspace_member_removed', user_id: userId, workspace_id: workspaceId },
        ...keyIds.map((api_key_id) => ({
          type: 'platform_api_key_updated' as const,
          api_key_id,
          updates: [{ type: 'status', previous_value: 'active', current_value: 'archived' }],
        })),
      );
    });

const findIn = async (sql: Sql, workspaceId: string, userId: string): Promise<StoredWorkspaceMember> => {
  const member = await workspaceStore(sql).findMember(workspaceId, userId);
  if (member === undefined) throw notFound('member of this workspace', userId);
  return member;
};

const IN_EVERY_WORKSPACE: ReadonlySet<OrganisationRole> = new Set(['primary_owner', 'owner', 'membership_admin']);

/** Whether somebody may have keys in a workspace: its members, owners and admins; anybody in the default one. */
export const isInWorkspace = async (sql: Sql, workspaceId: string, userId: string): Promise<boolean> => {
  const store = workspaceStore(sql);
  if ((await store.find(workspaceId))?.is_default === 1) return true;
  const member = await memberStore(sql).findPresent(userId);
  if (member !== undefined && IN_EVERY_WORKSPACE.has(member.role)) return true;
  return (await store.findMember(workspaceId, userId)) !== undefined;
};
