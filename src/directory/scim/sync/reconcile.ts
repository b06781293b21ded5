import type { OrganisationRole } from '../../../kernel/index.ts';
import { removeMemberIn } from '../../members/remove-member.ts';
import { type Member, memberStore } from '../../members/store.ts';
import { restoreMemberIn, suspendMemberIn } from '../../members/suspend-member.ts';
import { seatChanged } from '../../members/update-member.ts';
import type { Step } from '../rules/desired-member.ts';
import { syncStore } from '../store/sync-store.ts';
import { scimUserStore } from '../store/user-store.ts';
import type { Work } from './context.ts';
import { holdOrGo, withdrawHeld } from './hold-removal.ts';
import { noteChanges } from './note-change.ts';
import { findPending, type Pending } from './standing.ts';
import { markSuspendedHere } from './suspended-here.ts';

/**
 * Brings these people to where the identity provider wants them: suspends, restores, removes, gives mapped roles and seats. In a
 * directory that is only previewed nobody gains or loses anything, but records of people without access may go.
 */
export const reconcile = async (work: Work, userIds: readonly string[]): Promise<void> => {
  const pending = await findPending(work.sql, work.directory, userIds);
  const isWaiting = new Set(pending.map(({ member }) => member.id));
  const isMeant = new Set(userIds);
  for (const { user_id: userId } of await syncStore(work.sql).held(work.directory.id))
    if (isMeant.has(userId) && !isWaiting.has(userId)) await withdrawHeld(work, userId);
  for (const one of pending) await takeSteps(work, one);
};

/** Takes the steps for one person, as far as they need no approval or have it. */
export const takeSteps = async (work: Work, { member, steps }: Pending): Promise<void> => {
  for (const step of steps)
    if (work.isApproved === true || work.directory.mode === 'live' || step.kind === 'remove-record')
      await takeStep(work, member, step);
};

const takeStep = async (work: Work, member: Member, step: Step): Promise<void> => {
  switch (step.kind) {
    case 'restore':
      return restore(work, member);
    case 'change-role':
      return changeRole(work, member, step.role);
    case 'change-seat':
      return changeSeat(work, member, step.seatTier);
    case 'remove-record':
      return remove(work, member, false);
    case 'remove-access': {
      const mayGo = await holdOrGo(work, member, step.reason);
      if (!mayGo) return;
      return step.to === 'removed' ? remove(work, member, true) : suspend(work, member, step.reason);
    }
    default:
      return step satisfies never;
  }
};

const restore = async (work: Work, member: Member): Promise<void> => {
  await withdrawHeld(work, member.id);
  await restoreMemberIn(work.deps)(work.sql, member, work.by);
  await markSuspendedHere(work.sql, member.id, false);
  await noteChanges(work, { kind: 'user_restored', userId: member.id, detail: `${member.email} has access again` });
};

const WHY = {
  deactivated: 'deactivated by the identity provider',
  deleted: 'deleted by the identity provider',
  unmapped: 'in no mapped group any more',
} as const;

const suspend = async (work: Work, member: Member, reason: keyof typeof WHY): Promise<void> => {
  await suspendMemberIn(work.deps)(work.sql, member, work.by);
  await markSuspendedHere(work.sql, member.id, true);
  await noteChanges(work, {
    kind: 'user_suspended',
    userId: member.id,
    detail: `${member.email}: ${WHY[reason]}`,
    countsAsRemoval: work.isApproved !== true,
  });
};

const remove = async (work: Work, member: Member, takesAccess: boolean): Promise<void> => {
  await scimUserStore(work.sql).remove(member.id);
  await removeMemberIn(work.deps)(work.sql, member, work.by);
  await work.deps.record(work.sql, work.by, { type: 'scim_user_deleted', user_id: member.id });
  await noteChanges(work, {
    kind: 'user_removed',
    userId: member.id,
    detail: `${member.email}: ${WHY.deleted}`,
    countsAsRemoval: takesAccess && work.isApproved !== true,
  });
};

const changeRole = async ({ deps, sql, by, ...work }: Work, member: Member, role: OrganisationRole): Promise<void> => {
  await memberStore(sql).update(member.id, { role, updated_at: deps.now() });
  await deps.changePolicy(sql, { entity: 'member', id: member.id });
  await deps.record(sql, by, {
    type: 'claude_user_role_updated',
    user_id: member.id,
    user_email: member.email,
    previous_role: member.role,
    current_role: role,
  });
  await noteChanges(
    { deps, sql, by, ...work },
    { kind: 'user_changed', userId: member.id, detail: `${member.email}: role ${member.role} → ${role}` },
  );
};

const changeSeat = async (work: Work, member: Member, seatTier: string | null): Promise<void> => {
  const { deps, sql, by } = work;
  await memberStore(sql).update(member.id, { seat_tier: seatTier, updated_at: deps.now() });
  await deps.changePolicy(sql, { entity: 'member', id: member.id });
  await deps.record(sql, by, ...seatChanged(member, { seat_tier: seatTier }));
  const detail = `${member.email}: seat ${member.seat_tier ?? 'none'} → ${seatTier ?? 'none'}`;
  await noteChanges(work, { kind: 'user_changed', userId: member.id, detail });
};
