import type { NewActivity } from '../../activity/index.ts';
import { actorOf, type Doer, type OrganisationRole, Refusal } from '../../kernel/index.ts';
import type { DirectoryDeps } from '../deps.ts';
import { changeInTurn } from '../policy-changes.ts';
import { notFound } from '../wire.ts';
import { protectOwners } from './protect-owners.ts';
import { type Member, memberStore } from './store.ts';

export type MemberChanges = { readonly role?: OrganisationRole | undefined; readonly name?: string | undefined };

/** Changes a member's organisation role or name. The primary owner's role changes only by transferring it. */
export const updateMember =
  ({ database, changePolicy, record, now }: DirectoryDeps) =>
  (userId: string, changes: MemberChanges, by: Doer): Promise<Member> =>
    changeInTurn(database, async (sql) => {
      const members = memberStore(sql);
      const member = await members.findPresent(userId);
      if (member === undefined) throw notFound('member', userId);
      const role = changes.role ?? member.role;
      protectOwners(actorOf(by), member.role, role);
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
      await record(sql, by, ...whatChanged(member, next));
      return next;
    });

const whatChanged = (before: Member, after: Member): readonly NewActivity[] => [
  ...(before.role === after.role
    ? []
    : [
        {
          type: 'claude_user_role_updated' as const,
          user_id: after.id,
          user_email: after.email,
          previous_role: before.role,
          current_role: after.role,
        },
      ]),
  ...(before.name === after.name
    ? []
    : [
        {
          type: 'remit_user_renamed' as const,
          user_id: after.id,
          updates: [{ type: 'name', previous_value: before.name, current_value: after.name }],
        },
      ]),
];
