/** The areas an administrator's permission can cover; each has the levels `view` and `manage`. */
export const PERMISSION_AREAS = ['identity', 'users', 'billing', 'analytics', 'privacy', 'libraries'] as const;
export type PermissionArea = (typeof PERMISSION_AREAS)[number];

/**
 * What an endpoint asks of its caller: `public` nothing, `self` any signed-in member or personal key (the endpoint
 * answers about that member only), otherwise a level in an area. `manage` includes `view`.
 */
export type Permission = 'public' | 'self' | `${PermissionArea}:${'view' | 'manage'}`;
