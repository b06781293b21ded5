import type { NewActivity } from '../../activity/index.ts';
import { type Doer, type OrganisationRole, Refusal } from '../../kernel/index.ts';
import type { DirectoryDeps } from '../deps.ts';
import { protectMappedRole } from '../scim/protect-provisioned.ts';
import { changedMeanwhile, changeMember } from './change-member.ts';
import { protectAdministrators, protectCustomRole } from './protect-owners.ts';
import { type Member, memberStore } from './store.ts';

export type MemberChanges = {
  readonly role?: OrganisationRole | undefined;
  readonly name?: string | undefined;
  /** The role the caller believes the member to have; another one is a conflict. */
  readonly expectedRole?: OrganisationRole | undefined;
};

/** Changes a member's organisation role or name. The primary owner's role changes only by transferring it. */
export const updateMember =
  (deps: DirectoryDeps) =>
  (userId: string, changes: MemberChanges, by: Doer): Promise<Member> =>
    changeMember(deps)(userId, async (sql, member) => {
      const role = changes.role ?? member.role;
      if (changes.expectedRole !== undefined && changes.expectedRole !== member.role)
        throw changedMeanwhile(`Somebody else has given ${member.email} the role ${member.role} meanwhile.`);
      if (role !== member.role) {
        if (member.role === 'primary_owner' || role === 'primary_owner')
          throw new Refusal(
            'permission_denied',
            "The primary owner's role changes only by handing it to somebody else.",
          );
        protectCustomRole(by, role);
        await protectMappedRole(sql, userId);
      }
      protectAdministrators(by, member.role, role);
      const next = { ...member, role, name: changes.name ?? member.name, updated_at: deps.now() };
      await memberStore(sql).update(userId, next);
      await deps.changePolicy(sql, { entity: 'member', id: userId });
      await deps.record(sql, by, ...whatChanged(member, next));
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
