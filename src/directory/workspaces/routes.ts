import { idPage } from '../../kernel/index.ts';
import { type Route, route } from '../../platform/index.ts';
import type { DirectoryDeps } from '../deps.ts';
import { notFound, toWireTime } from '../wire.ts';
import { addWorkspaceMember, removeWorkspaceMember, updateWorkspaceMember } from './change-members.ts';
import { archiveWorkspace, createWorkspace, updateWorkspace } from './change-workspace.ts';
import * as contract from './contract.ts';
import { type StoredWorkspace, type StoredWorkspaceMember, workspaceStore } from './store.ts';

/** Binds the endpoints of workspaces and their members. */
export const workspaceRoutes = (deps: DirectoryDeps): readonly Route[] => {
  const store = workspaceStore(deps.database);
  const find = async (id: string): Promise<StoredWorkspace> => {
    const workspace = await store.find(id);
    if (workspace === undefined) throw notFound('workspace', id);
    return workspace;
  };
  return [
    route(contract.listWorkspaces, async ({ query }) => {
      const { limit, ids, after_id: afterId, before_id: beforeId } = query;
      const withArchived = query.include_archived === 'true';
      const withDefault = query.include_default === 'true';
      const rows = await store.list({ ids, withArchived, withDefault, limit, afterId, beforeId });
      return idPage(rows.map(toWire), limit, beforeId === undefined ? 'forward' : 'backward') as never;
    }),
    route(contract.createWorkspace, async ({ body, by }) => toWire(await createWorkspace(deps)(body, by))),
    route(contract.getWorkspace, async ({ params }) => toWire(await find(params.workspace_id))),
    route(contract.updateWorkspace, async ({ params, body, by }) =>
      toWire(await updateWorkspace(deps)(params.workspace_id, body, by)),
    ),
    route(contract.archiveWorkspace, async ({ params, by }) =>
      toWire(await archiveWorkspace(deps)(params.workspace_id, by)),
    ),
    route(contract.listWorkspaceMembers, async ({ params, query }) => {
      await find(params.workspace_id);
      const { limit, after_id: afterId, before_id: beforeId } = query;
      const rows = await store.members(params.workspace_id, { limit, afterId, beforeId });
      // A member of a workspace has no id but the member's own, so that is the cursor.
      const keyed = rows.map((row) => ({ ...memberOf(row), id: row.user_id }));
      return idPage(keyed, limit, beforeId === undefined ? 'forward' : 'backward') as never;
    }),
    route(contract.addWorkspaceMember, async ({ params, body, by }) => {
      const wanted = { userId: body.user_id, role: body.workspace_role };
      return memberOf(await addWorkspaceMember(deps)(params.workspace_id, wanted, by));
    }),
    route(contract.getWorkspaceMember, async ({ params }) => {
      await find(params.workspace_id);
      const member = await store.findMember(params.workspace_id, params.user_id);
      if (member === undefined) throw notFound('member of this workspace', params.user_id);
      return memberOf(member);
    }),
    route(contract.updateWorkspaceMember, async ({ params, body, by }) => {
      const wanted = { userId: params.user_id, role: body.workspace_role };
      return memberOf(await updateWorkspaceMember(deps)(params.workspace_id, wanted, by));
    }),
    route(contract.removeWorkspaceMember, async ({ params, by }) => {
      await removeWorkspaceMember(deps)(params.workspace_id, params.user_id, by);
      return { type: 'workspace_member_deleted' as const, ...params };
    }),
  ];
};

const memberOf = ({ user_id, workspace_id, workspace_role }: StoredWorkspaceMember): contract.WorkspaceMember => ({
  type: 'workspace_member',
  user_id,
  workspace_id,
  workspace_role,
});

const toWire = (workspace: StoredWorkspace): contract.Workspace => ({
  id: workspace.id,
  type: 'workspace',
  name: workspace.name,
  created_at: toWireTime(workspace.created_at),
  archived_at: workspace.archived_at === null ? null : toWireTime(workspace.archived_at),
  display_color: workspace.display_color,
  // There is one compartment per workspace, so its own id names it.
  compartment_id: workspace.id.replace('wrkspc_', 'cmpt_'),
  data_residency: JSON.parse(workspace.data_residency) as contract.Workspace['data_residency'],
  external_key_id: null,
  tags: JSON.parse(workspace.tags) as contract.Workspace['tags'],
  user_profile_id: null,
});
