import { type Actor, type OrganisationRole, Refusal } from '../../kernel/index.ts';

const ADMINISTRATIVE: ReadonlySet<OrganisationRole> = new Set(['primary_owner', 'owner', 'membership_admin']);

const isOwner = (actor: Actor): boolean =>
  actor.kind === 'administrator' ||
  (actor.kind === 'member' && (actor.role === 'owner' || actor.role === 'primary_owner'));

/** Owners and admins are made, changed and removed by owners only; everybody else who manages members may not. */
export const protectOwners = (actor: Actor, ...roles: readonly (OrganisationRole | undefined)[]): void => {
  if (isOwner(actor) || !roles.some((role) => role !== undefined && ADMINISTRATIVE.has(role))) return;
  throw new Refusal('permission_denied', 'Only an owner can make, change or remove owners and admins.');
};
