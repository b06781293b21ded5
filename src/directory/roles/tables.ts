import type { PermissionArea, PermissionLevel } from '../../kernel/index.ts';

/** What custom roles permit of administration; an area without a row is not permitted. */
export type RoleTables = {
  rbac_role_permissions: { role_id: string; area: PermissionArea; level: Exclude<PermissionLevel, 'none'> };
};
