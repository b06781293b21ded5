import { PERMISSION_AREAS, type Permission, RESERVED_AREAS } from './permission.ts';

/** What a scoped admin key can be made for, by the names of the Admin API (organisation APIs §0.2). */
export const ADMIN_SCOPES = [
  'read:members',
  'write:members',
  'read:rbac_groups',
  'write:rbac_groups',
  'read:spend_limits',
  'write:spend_limits',
  'read:analytics',
  'read:compliance_activities',
  'read:compliance_user_data',
  'delete:compliance_user_data',
  'read:compliance_org_data',
  'read:org_audit',
  'read:claude_code_managed_settings',
  'write:claude_code_managed_settings',
] as const;
export type AdminScope = (typeof ADMIN_SCOPES)[number];

const SCOPES: ReadonlySet<string> = new Set(ADMIN_SCOPES);

/** Whether something an actor holds is a scope, not a permission of an area. */
export const isAdminScope = (held: string): held is AdminScope => SCOPES.has(held);

/**
 * What a scoped admin key may do: call the endpoints that name one of its scopes. A scope is narrower than an area (groups
 * are a part of identity), so it gives no area; only `read:org_audit` reads everything.
 */
export const permissionsOfScopes = (scopes: readonly AdminScope[]): ReadonlySet<Permission | AdminScope> =>
  new Set([
    ...scopes,
    ...(scopes.includes('read:org_audit')
      ? [...PERMISSION_AREAS, ...RESERVED_AREAS].map((area): Permission => `${area}:view`)
      : []),
  ]);
