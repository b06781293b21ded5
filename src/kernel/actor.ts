/** The five organisation roles, by the Admin API's names; `managed` is the console's "Custom". */
export const ORGANISATION_ROLES = ['primary_owner', 'owner', 'membership_admin', 'user', 'managed'] as const;

export type OrganisationRole = (typeof ORGANISATION_ROLES)[number];

/** The areas an administrator's permission can cover; each has the levels `view` and `manage`. */
export const PERMISSION_AREAS = ['identity', 'users', 'billing', 'analytics', 'privacy', 'libraries'] as const;

export type PermissionArea = (typeof PERMISSION_AREAS)[number];

/**
 * What an endpoint asks of its caller: `public` nothing, `self` any signed-in member or personal key (the endpoint
 * answers about that member only), otherwise a level in an area. `manage` includes `view`.
 */
export type Permission = 'public' | 'self' | `${PermissionArea}:${'view' | 'manage'}`;

/** Who is asking, once their credential has been resolved. */
export type Actor =
  | { readonly kind: 'anonymous' }
  | { readonly kind: 'administrator'; readonly credentialId: string; readonly permissions: ReadonlySet<Permission> }
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

const levels = (areas: readonly PermissionArea[]): readonly Permission[] =>
  areas.flatMap((area) => [`${area}:view`, `${area}:manage`] as const);

const EVERYTHING: ReadonlySet<Permission> = new Set(['self', ...levels(PERMISSION_AREAS)]);

const BY_ROLE: Readonly<Record<OrganisationRole, ReadonlySet<Permission>>> = {
  primary_owner: EVERYTHING,
  owner: EVERYTHING,
  membership_admin: new Set<Permission>(['self', 'users:view', 'users:manage', 'analytics:view']),
  user: new Set<Permission>(['self']),
  managed: new Set<Permission>(['self']),
};

/** What a built-in organisation role permits by itself; custom roles add to it for `managed` members. */
export const permissionsOfRole = (role: OrganisationRole): ReadonlySet<Permission> => BY_ROLE[role];

/** What an unscoped admin key permits: everything except acting as a member. */
export const ADMINISTRATOR_PERMISSIONS: ReadonlySet<Permission> = new Set(levels(PERMISSION_AREAS));

/** Whether the caller holds the permission. */
export const mayUse = (actor: Actor, permission: Permission): boolean => {
  if (permission === 'public') return true;
  return (actor.kind === 'member' || actor.kind === 'administrator') && actor.permissions.has(permission);
};
