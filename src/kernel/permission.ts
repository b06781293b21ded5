/** The areas an administrator's permission can cover, as custom roles give them; each has the levels `view` and `manage`. */
export const PERMISSION_AREAS = ['identity', 'users', 'billing', 'analytics', 'privacy', 'libraries'] as const;
export type PermissionArea = (typeof PERMISSION_AREAS)[number];

/** How far a permission reaches in an area. `manage` includes `view`. */
export const PERMISSION_LEVELS = ['none', 'view', 'manage'] as const;
export type PermissionLevel = (typeof PERMISSION_LEVELS)[number];

/** Areas that stay with the built-in roles: other people's keys act as those people, so no custom role gives them out. */
export const RESERVED_AREAS = ['keys'] as const;
type AnyArea = PermissionArea | (typeof RESERVED_AREAS)[number];

/**
 * What an endpoint asks of its caller: `public` nothing, `self` any signed-in member or personal key (the endpoint
 * answers about that member only), `owner` an owner or an admin key without scopes, otherwise a level in an area.
 * `manage` includes `view`.
 */
export type Permission = 'public' | 'self' | 'owner' | `${AnyArea}:${'view' | 'manage'}`;

/** What a level in an area permits. */
export const permissionsOfLevel = (area: AnyArea, level: PermissionLevel): readonly Permission[] => {
  if (level === 'none') return [];
  return level === 'view' ? [`${area}:view`] : [`${area}:view`, `${area}:manage`];
};
