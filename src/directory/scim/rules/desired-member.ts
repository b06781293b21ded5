import type { OrganisationRole } from '../../../kernel/index.ts';

/** What an identity provider and the mappings of its groups say of somebody. */
export type Wish = {
  readonly isActive: boolean;
  readonly isDeleted: boolean;
  /** The organisation roles of the mapped groups they are in; undefined while roles are not mapped. */
  readonly mappedRoles: readonly OrganisationRole[] | undefined;
  /** The type of seat of the mapped groups they are in, null for none; undefined while no group is mapped to one. */
  readonly mappedSeat: string | null | undefined;
};

/** How somebody stands here. */
export type Standing = {
  readonly status: 'active' | 'suspended' | 'removed';
  readonly role: OrganisationRole;
  /** Whether they are suspended because the identity provider said so, not by hand. */
  readonly isSuspendedHere: boolean;
  readonly seatTier: string | null;
};

/** What would have to be done so that somebody stands as they should. */
export type Step =
  | { readonly kind: 'restore' }
  | {
      readonly kind: 'remove-access';
      readonly to: 'suspended' | 'removed';
      readonly reason: 'deactivated' | 'deleted' | 'unmapped';
    }
  /** They have no access any more, so that removing them takes nothing away. */
  | { readonly kind: 'remove-record' }
  | { readonly kind: 'change-role'; readonly role: OrganisationRole }
  | { readonly kind: 'change-seat'; readonly seatTier: string | null };

/** The more a role may do, the further ahead; Custom beats User. */
const RANK: readonly OrganisationRole[] = ['owner', 'membership_admin', 'managed', 'user'];

/** The highest of the mapped roles; undefined for none. */
export const highestRole = (roles: readonly OrganisationRole[]): OrganisationRole | undefined =>
  RANK.find((role) => roles.includes(role));

/** Why somebody should have no access; undefined when they should have it. */
export const reasonAgainst = ({
  isActive,
  isDeleted,
  mappedRoles,
}: Wish): 'deactivated' | 'deleted' | 'unmapped' | undefined => {
  if (isDeleted) return 'deleted';
  if (!isActive) return 'deactivated';
  return mappedRoles !== undefined && mappedRoles.length === 0 ? 'unmapped' : undefined;
};

/**
 * The steps from how somebody stands to how the identity provider wants them to. The primary owner is never touched, and
 * whom an administrator has suspended by hand stays suspended.
 */
export const stepsTowards = (wish: Wish, standing: Standing): readonly Step[] => {
  if (standing.role === 'primary_owner') return [];
  const reason = reasonAgainst(wish);
  if (reason === undefined)
    return [...restoreSteps(standing), ...roleSteps(wish, standing), ...seatSteps(wish, standing)];
  const to = reason === 'deleted' ? 'removed' : 'suspended';
  if (standing.status === 'active') return [{ kind: 'remove-access', to, reason }];
  return to === 'removed' && standing.status === 'suspended' ? [{ kind: 'remove-record' }] : [];
};

const restoreSteps = ({ status, isSuspendedHere }: Standing): readonly Step[] =>
  status === 'suspended' && isSuspendedHere ? [{ kind: 'restore' }] : [];

const seatSteps = ({ mappedSeat }: Wish, { seatTier }: Standing): readonly Step[] =>
  mappedSeat === undefined || mappedSeat === seatTier ? [] : [{ kind: 'change-seat', seatTier: mappedSeat }];

const roleSteps = ({ mappedRoles }: Wish, standing: Standing): readonly Step[] => {
  const role = mappedRoles === undefined ? undefined : highestRole(mappedRoles);
  return role === undefined || role === standing.role ? [] : [{ kind: 'change-role', role }];
};
