import { type Actor, actorOf, type Doer, mayUse, type OrganisationRole, Refusal } from '../../kernel/index.ts';
import type { Sql } from '../../platform/index.ts';
import { type Member, memberStore } from './store.ts';

const ADMINISTRATIVE: ReadonlySet<OrganisationRole> = new Set(['primary_owner', 'owner', 'membership_admin']);

const isAdministrative = (role: OrganisationRole | undefined): boolean =>
  role !== undefined && ADMINISTRATIVE.has(role);

const isOwner = (role: OrganisationRole): boolean => role === 'owner' || role === 'primary_owner';

/**
 * Credentials of owners and admins are made by owners only, and by admin keys without scopes, which set an installation
 * up; everybody else who manages members may not.
 */
export const protectOwners = (actor: Actor, ...roles: readonly (OrganisationRole | undefined)[]): void => {
  if (!roles.some(isAdministrative)) return;
  if (
    actor.kind === 'administrator' ? mayUse(actor, 'identity:manage') : actor.kind === 'member' && isOwner(actor.role)
  )
    return;
  throw new Refusal('permission_denied', 'Only an owner can make, change or remove owners and admins.');
};

/**
 * Owners and admins are changed by owners who are signed in, in person, and by an identity provider that pushes its
 * directory. Keys never do it, whosoever they are (organisation APIs §1.2).
 */
export const protectAdministrators = (by: Doer, ...roles: readonly OrganisationRole[]): void => {
  const { who } = by;
  if (who.kind === 'directory' || who.kind === 'system' || !roles.some(isAdministrative)) return;
  if (who.kind === 'administrator' || (who.kind === 'member' && who.credentialId !== null))
    throw new Refusal(
      'invalid_request',
      'Keys cannot make, change or remove owners and admins. An owner does that in the console.',
    );
  protectOwners(actorOf(by), ...roles);
};

/**
 * Refuses to take access from somebody who must keep it: the primary owner, whoever asks, oneself, and owners and admins
 * unless {@link protectAdministrators} lets it pass. `deed` is what would be done, as in "removed".
 */
export const protectAccess = ({ id, role }: Member, by: Doer, deed: 'removed' | 'suspended'): void => {
  if (role === 'primary_owner')
    throw new Refusal(
      'permission_denied',
      `The primary owner cannot be ${deed}; hand the role to somebody else first.`,
    );
  protectAdministrators(by, role);
  if (by.who.kind === 'member' && by.who.userId === id)
    throw new Refusal('permission_denied', `You cannot be ${deed} by yourself; ask another administrator.`);
};

/**
 * Refuses to take the role or the access from the last active owner: nobody could give it back. Where there is a primary
 * owner that is never them; an installation that was set up with a key may have none.
 */
export const protectLastOwner = async (sql: Sql, { role, status }: Member): Promise<void> => {
  if (!isOwner(role) || status !== 'active' || (await memberStore(sql).countOwners()) > 1) return;
  throw new Refusal(
    'invalid_request',
    'This is the only owner of the organisation. Make somebody else an owner first.',
    {
      details: { error_code: 'last_owner' },
    },
  );
};

/** A scoped key that makes somebody Custom gives them what roles grant, so it needs the scope for groups too. */
export const protectCustomRole = ({ who }: Doer, role: OrganisationRole): void => {
  if (role !== 'managed' || who.kind !== 'administrator') return;
  if (mayUse(who, 'identity:manage') || who.permissions.has('write:rbac_groups')) return;
  throw new Refusal('permission_denied', 'Giving the role managed needs the scope write:rbac_groups as well.', {
    details: { error_code: 'api_key_scope_missing', scopes_needed: ['write:rbac_groups'] },
  });
};
