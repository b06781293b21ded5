import { type Actor, type OrganisationRole, Refusal } from '../../kernel/index.ts';
import type { DirectoryDeps } from '../deps.ts';
import { changeInTurn } from '../policy-changes.ts';
import { notFound } from '../wire.ts';
import { protectOwners } from './protect-owners.ts';
import { type Member, memberStore } from './store.ts';

export type MemberChanges = { readonly role?: OrganisationRole | undefined; readonly name?: string | undefined };

/** Changes a member's organisation role or name. The primary owner's role changes only by transferring it. */
export const updateMember =
  ({ database, changePolicy, now }: DirectoryDeps) =>
  (userId: string, changes: MemberChanges, actor: Actor): Promise<Member> =>
    changeInTurn(database, async (sql) => {
      const members = memberStore(sql);
      const member = await members.find(userId);
      if (member === undefined) throw notFound('member', userId);
      const role = changes.role ?? member.role;
      protectOwners(actor, member.role, role);
      if (role !== member.role) {
        if (member.role === 'primary_owner')
          throw new Refusal(
            'permission_denied',
            "The primary owner's role changes only by handing it to somebody else.",
          );
      }
      const next = { ...member, role, name: changes.name ?? member.name, updated_at: now() };
      await members.update(userId, next);
      await changePolicy(sql, { entity: 'member', id: userId });
      return next;
    });
