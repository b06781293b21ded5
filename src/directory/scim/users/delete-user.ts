import { memberStore } from '../../members/store.ts';
import { type ScimUser, scimUserStore } from '../store/user-store.ts';
import type { Work } from '../sync/context.ts';
import { noteChanges } from '../sync/note-change.ts';
import { reconcile } from '../sync/reconcile.ts';
import { leaveGroups } from './leave-groups.ts';

/**
 * Deletes a person for SCIM at once, and the member with them unless that has to wait for approval. The primary owner
 * stays a member and is only no longer known to the directory.
 */
export const deleteUser = async (work: Work, user: ScimUser): Promise<void> => {
  const { deps, sql, by } = work;
  const users = scimUserStore(sql);
  const member = await memberStore(sql).findAny(user.id);
  await leaveGroups(work, user.id);
  if (member === undefined || member.role === 'primary_owner' || member.status === 'removed') {
    await users.remove(user.id);
    await deps.record(sql, by, { type: 'scim_user_deleted', user_id: user.id });
    await noteChanges(work, {
      kind: 'user_changed',
      userId: user.id,
      detail: `${member?.email ?? user.id}: no longer in the directory; still a member`,
    });
    return;
  }
  await users.markDeleted(user.id, deps.now());
  await reconcile(work, [user.id]);
};
