import { keepPreviousData, queryOptions } from '@tanstack/react-query';
import { getWorkspace, listWorkspaceMembers, listWorkspaces, type WorkspaceMember } from '../../directory/contract.ts';
import { call } from './client.ts';

const CALL_MAX = 1000;
const PAGE = 50;

/** The workspaces beside the default one, of which an organisation has a hundred at most; archived ones when asked for. */
export const workspacesQuery = (withArchived: boolean) =>
  queryOptions({
    queryKey: ['workspaces', withArchived],
    queryFn: async () =>
      (await call(listWorkspaces, { query: { limit: CALL_MAX, include_archived: withArchived ? 'true' : 'false' } }))
        .data,
  });

/** One workspace. */
export const workspaceQuery = (workspace_id: string) =>
  queryOptions({
    queryKey: ['workspaces', workspace_id],
    queryFn: () => call(getWorkspace, { params: { workspace_id } }),
  });

/** One page of the members of a workspace. */
export const workspaceMembersQuery = (workspace_id: string, after_id: string | undefined) =>
  queryOptions({
    queryKey: ['workspaces', workspace_id, 'members', after_id],
    queryFn: () => call(listWorkspaceMembers, { params: { workspace_id }, query: { limit: PAGE, after_id } }),
    placeholderData: keepPreviousData,
  });

/** The roles in a workspace, as people read them. */
export const WORKSPACE_ROLES: Readonly<Record<WorkspaceMember['workspace_role'], string>> = {
  workspace_user: 'User',
  workspace_developer: 'Developer',
  workspace_restricted_developer: 'Restricted developer',
  workspace_admin: 'Admin',
  workspace_billing: 'Billing',
};

/** The roles that somebody can be given when they are added; billing comes from elsewhere. */
export const ASSIGNABLE_WORKSPACE_ROLES = [
  'workspace_user',
  'workspace_developer',
  'workspace_restricted_developer',
  'workspace_admin',
] as const;
