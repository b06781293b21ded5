import type { OrganisationRole } from '../kernel/index.ts';
import type { Caller } from './resolve-caller.ts';
import type { Snapshot } from './snapshot.ts';

/**
 * Why a request may not count for the workspace it names. `other`: its key belongs to another one; `closed`: there is none
 * with that id, or it is archived; `outside`: the member is not in it.
 */
export type WorkspaceProblem = 'other' | 'closed' | 'outside';

const IN_EVERY_WORKSPACE: ReadonlySet<OrganisationRole> = new Set(['primary_owner', 'owner', 'membership_admin']);

/** The workspace a request counts for that names one; a key of one workspace may name that one only. */
export const resolveWorkspace = (
  snapshot: Snapshot,
  caller: Pick<Caller, 'credential' | 'userId'>,
  named: string,
): { readonly workspaceId: string } | { readonly problem: WorkspaceProblem } => {
  const own = caller.credential.workspaceId;
  if (own !== null) return own === named ? { workspaceId: own } : { problem: 'other' };
  const workspace = snapshot.workspaces.get(named);
  if (workspace === undefined || !workspace.isOpen) return { problem: 'closed' };
  const { userId } = caller;
  // A group's keys are not somebody's, and may count for any workspace.
  if (workspace.isDefault || userId === null || workspace.memberIds.has(userId)) return { workspaceId: named };
  const role = snapshot.members.get(userId)?.role;
  return role !== undefined && IN_EVERY_WORKSPACE.has(role) ? { workspaceId: named } : { problem: 'outside' };
};
