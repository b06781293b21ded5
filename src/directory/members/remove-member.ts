import { type Doer, Refusal } from '../../kernel/index.ts';
import type { Sql } from '../../platform/index.ts';
import { apiKeyStore } from '../api-keys/store.ts';
import type { DirectoryDeps } from '../deps.ts';
import { endGrantsOf } from '../device-grants/end-grants.ts';
import { protectProvisioned } from '../scim/protect-provisioned.ts';
import { signInStore } from '../sign-in/store.ts';
import type { DirectoryTables } from '../tables.ts';
import { changeMember } from './change-member.ts';
import { protectAccess, protectLastOwner } from './protect-owners.ts';
import { type Member, memberStore } from './store.ts';

const lastMember = () =>
  new Refusal('invalid_request', 'This is the only member of the organisation. Add another one first.', {
    details: { error_code: 'cannot_remove_last_member' },
  });

/**
 * Removes a member with everything it ends: their keys are archived, sessions, devices and links end, groups and roles are
 * taken off; running streams end when the nodes learn of the new policy version, within a second.
 */
export const removeMember =
  (deps: DirectoryDeps) =>
  (userId: string, by: Doer): Promise<void> =>
    changeMember(deps)(userId, async (sql, member) => {
      if ((await memberStore(sql).countUpTo(2)) < 2) throw lastMember();
      protectAccess(member, by, 'removed');
      await protectLastOwner(sql, member);
      await protectProvisioned(sql, userId);
      await removeMemberIn(deps)(sql, member, by);
    });

/** Removes a member, whoever that is, within a change that has its turn. */
export const removeMemberIn =
  ({ changePolicy, record, now }: DirectoryDeps) =>
  async (sql: Sql, { id: userId, email }: Member, by: Doer): Promise<void> => {
    await memberStore(sql).update(userId, { status: 'removed', updated_at: now() });
    const keyIds = await apiKeyStore(sql).archiveOf({ userId });
    const signIn = signInStore(sql);
    await signIn.endSessionsOf(userId);
    await signIn.endLinksOf(userId);
    const devices = await endGrantsOf(sql, userId, { reason: 'member_removed', at: now() });
    await signIn.deletePassword(userId);
    const tables = sql.tables<DirectoryTables>();
    await tables.deleteFrom('rbac_group_members').where('user_id', '=', userId).execute();
    await tables.deleteFrom('member_roles').where('user_id', '=', userId).execute();
    await tables.deleteFrom('workspace_members').where('user_id', '=', userId).execute();
    await changePolicy(
      sql,
      { entity: 'member', id: userId },
      ...keyIds.map((id) => ({ entity: 'api_key' as const, id })),
      ...devices,
    );
    await record(sql, by, { type: 'org_user_deleted', deleted_user_id: userId, deleted_user_email: email });
  };
