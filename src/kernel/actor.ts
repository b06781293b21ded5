import type { AdminScope } from './admin-scope.ts';
import { PERMISSION_AREAS, type Permission, permissionsOfLevel, RESERVED_AREAS } from './permission.ts';

/** The five organisation roles, by the Admin API's names; `managed` is the console's "Custom". */
export const ORGANISATION_ROLES = ['primary_owner', 'owner', 'membership_admin', 'user', 'managed'] as const;

export type OrganisationRole = (typeof ORGANISATION_ROLES)[number];

/** Who is asking, once their credential has been resolved. */
export type Actor =
  | { readonly kind: 'anonymous' }
  | {
      readonly kind: 'administrator';
      readonly credentialId: string;
      /** All areas of an unscoped admin key; of a scoped one its scopes (see `permissionsOfScopes`). */
      readonly permissions: ReadonlySet<Permission | AdminScope>;
    }
  | {
      readonly kind: 'member';
      readonly userId: string;
      readonly email: string;
      readonly role: OrganisationRole;
      readonly credentialId: string | null;
      readonly sessionId: string | null;
      readonly permissions: ReadonlySet<Permission>;
    }
  | { readonly kind: 'service'; readonly groupId: string; readonly credentialId: string };

const ALL_AREAS: readonly Permission[] = [...PERMISSION_AREAS, ...RESERVED_AREAS].flatMap((area) =>
  permissionsOfLevel(area, 'manage'),
);

const EVERYTHING: ReadonlySet<Permission> = new Set(['self', 'owner', ...ALL_AREAS]);

const BY_ROLE: Readonly<Record<OrganisationRole, ReadonlySet<Permission>>> = {
  primary_owner: EVERYTHING,
  owner: EVERYTHING,
  membership_admin: new Set<Permission>([
    'self',
    'analytics:view',
    ...permissionsOfLevel('users', 'manage'),
    ...permissionsOfLevel('keys', 'manage'),
  ]),
  user: new Set<Permission>(['self']),
  managed: new Set<Permission>(['self']),
};

/** What a built-in organisation role permits by itself; custom roles add to it for `managed` members. */
export const permissionsOfRole = (role: OrganisationRole): ReadonlySet<Permission> => BY_ROLE[role];

/** What an unscoped admin key permits: everything except acting as a member. */
export const ADMINISTRATOR_PERMISSIONS: ReadonlySet<Permission> = new Set(['owner', ...ALL_AREAS]);

/** Whether the caller holds the permission. */
export const mayUse = (actor: Actor, permission: Permission): boolean => {
  if (permission === 'public') return true;
  return (actor.kind === 'member' || actor.kind === 'administrator') && actor.permissions.has(permission);
};

/** What an endpoint asks of its caller: the permission and, for scoped admin keys, the scope that stands in for it. */
export type Asked = { readonly permission: Permission; readonly scope?: AdminScope };

/** Whether the caller may use an endpoint. Where none is named, no scope opens it. */
export const mayCall = (actor: Actor, { permission, scope }: Asked): boolean =>
  mayUse(actor, permission) || (actor.kind === 'administrator' && scope !== undefined && actor.permissions.has(scope));
