import type { NewActivity } from '../../activity/index.ts';
import { type Doer, type OrganisationRole, Refusal } from '../../kernel/index.ts';
import type { DirectoryDeps } from '../deps.ts';
import { protectMappedRole } from '../scim/protect-provisioned.ts';
import { changedMeanwhile, changeMember } from './change-member.ts';
import { protectAdministrators, protectCustomRole, protectLastOwner } from './protect-owners.ts';
import { protectCustomPermissions } from './protect-stronger.ts';
import { type Member, memberStore } from './store.ts';

export type MemberChanges = {
  readonly role?: OrganisationRole | undefined;
  readonly name?: string | undefined;
  /** null takes the seat away; left out, it stays. */
  readonly seatTier?: string | null | undefined;
  /** The role the caller believes the member to have; another one is a conflict. */
  readonly expectedRole?: OrganisationRole | undefined;
};

/** Changes a member's organisation role, name or seat tier. The primary owner's role changes only by transferring it. */
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
        if (role === 'managed') await protectCustomPermissions(sql, by, member);
        await protectMappedRole(sql, userId);
      }
      protectAdministrators(by, member.role, role);
      if (role !== member.role && role !== 'owner') await protectLastOwner(sql, member);
      const next = {
        ...member,
        role,
        name: changes.name ?? member.name,
        seat_tier: changes.seatTier === undefined ? member.seat_tier : changes.seatTier,
        updated_at: deps.now(),
      };
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
  ...seatChanged(before, after),
];

/** What the feed says of a member whose seat is another one than before; nothing for the same. */
export const seatChanged = (before: Member, after: Pick<Member, 'seat_tier'>): readonly NewActivity[] =>
  before.seat_tier === after.seat_tier
    ? []
    : [
        {
          type: 'claude_user_seat_tier_updated',
          user_id: before.id,
          user_email: before.email,
          previous_seat_tier: before.seat_tier,
          current_seat_tier: after.seat_tier,
        },
      ];
