import type { Doer } from '../../kernel/index.ts';
import type { Sql } from '../../platform/index.ts';
import type { DirectoryDeps } from '../deps.ts';
import { endGrantsOf } from '../device-grants/end-grants.ts';
import { signInStore } from '../sign-in/store.ts';
import { changeMember } from './change-member.ts';
import { protectAccess, protectAdministrators, protectLastOwner } from './protect-owners.ts';
import { type Member, memberStore } from './store.ts';

/** Suspends a member as somebody asked; suspending twice is once. Answers the member as they are then. */
export const suspendMember =
  (deps: DirectoryDeps) =>
  (userId: string, by: Doer): Promise<Member> =>
    changeMember(deps)(userId, async (sql, member) => {
      protectAccess(member, by, 'suspended');
      await protectLastOwner(sql, member);
      if (member.status !== 'suspended') await suspendMemberIn(deps)(sql, member, by);
      return { ...member, status: 'suspended' };
    });

/** Restores a suspended member as somebody asked; one who is active stays so. Answers the member as they are then. */
export const restoreMember =
  (deps: DirectoryDeps) =>
  (userId: string, by: Doer): Promise<Member> =>
    changeMember(deps)(userId, async (sql, member) => {
      protectAdministrators(by, member.role);
      if (member.status !== 'active') await restoreMemberIn(deps)(sql, member, by);
      return { ...member, status: 'active' };
    });

/**
 * Takes a member's access away within a change that has its turn: sessions, devices and one-time links end for good, keys stop
 * and running streams end when the nodes learn of the new policy version, within a second. Groups, roles and keys stay
 * theirs for when they are restored.
 */
export const suspendMemberIn =
  ({ changePolicy, record, now }: DirectoryDeps) =>
  async (sql: Sql, member: Member, by: Doer): Promise<void> => {
    await memberStore(sql).update(member.id, { status: 'suspended', updated_at: now() });
    await signInStore(sql).endSessionsOf(member.id);
    await signInStore(sql).endLinksOf(member.id);
    const devices = await endGrantsOf(sql, member.id, { reason: 'member_suspended', at: now() });
    await changePolicy(sql, { entity: 'member', id: member.id }, ...devices);
    await record(sql, by, { type: 'remit_user_suspended', user_id: member.id, user_email: member.email });
  };

/** Gives a suspended member their access back, keys included; sessions and devices that ended stay ended. */
export const restoreMemberIn =
  ({ changePolicy, record, now }: DirectoryDeps) =>
  async (sql: Sql, member: Member, by: Doer): Promise<void> => {
    await memberStore(sql).update(member.id, { status: 'active', updated_at: now() });
    await changePolicy(sql, { entity: 'member', id: member.id });
    await record(sql, by, { type: 'remit_user_restored', user_id: member.id, user_email: member.email });
  };
