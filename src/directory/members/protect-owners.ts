import { type Actor, actorOf, type Doer, type OrganisationRole, Refusal } from '../../kernel/index.ts';
import type { Member } from './store.ts';

const ADMINISTRATIVE: ReadonlySet<OrganisationRole> = new Set(['primary_owner', 'owner', 'membership_admin']);

const isOwner = (actor: Actor): boolean =>
  actor.kind === 'administrator' ||
  (actor.kind === 'member' && (actor.role === 'owner' || actor.role === 'primary_owner'));

/** Owners and admins are made, changed and removed by owners only; everybody else who manages members may not. */
export const protectOwners = (actor: Actor, ...roles: readonly (OrganisationRole | undefined)[]): void => {
  if (isOwner(actor) || !roles.some((role) => role !== undefined && ADMINISTRATIVE.has(role))) return;
  throw new Refusal('permission_denied', 'Only an owner can make, change or remove owners and admins.');
};

/**
 * Refuses to take access from somebody who must keep it: the primary owner, whoever asks, and owners and admins by those
 * who are not owners. `deed` completes "cannot be" and "yourself cannot be", as in "removed".
 */
export const protectAccess = ({ id, role }: Member, by: Doer, deed: string): void => {
  const actor = actorOf(by);
  protectOwners(actor, role);
  if (role === 'primary_owner')
    throw new Refusal(
      'permission_denied',
      `The primary owner cannot be ${deed}; hand the role to somebody else first.`,
    );
  if (actor.kind === 'member' && actor.userId === id)
    throw new Refusal('permission_denied', `You yourself cannot be ${deed} by you; ask another owner.`);
};
