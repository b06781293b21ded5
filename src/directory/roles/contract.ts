import { z } from 'zod';
import { PERMISSION_AREAS, PERMISSION_LEVELS } from '../../kernel/index.ts';
import { endpoint, pageLimit } from '../../platform/contract.ts';

/** A custom role as the Admin API shows one (organisation APIs §1.9). */
export const RbacRole = z.object({
  id: z.string(),
  type: z.literal('rbac_role'),
  display_name: z.string(),
  /** What `display_name` was called in version 2023-06-01. */
  name: z.string(),
  source: z.object({ type: z.enum(['built_in', 'custom']) }),
  created_at: z.string(),
  updated_at: z.string(),
});
export type RbacRole = z.output<typeof RbacRole>;

const body = z.strictObject({ display_name: z.string().trim().min(1).max(255) });

export const listRoles = endpoint({
  method: 'GET',
  path: '/v1/organizations/rbac_roles',
  permission: 'identity:view',
  scope: 'read:members',
  dropped: ['name'],
  summary: 'List custom roles by name',
  query: z.object({ limit: pageLimit, page: z.string().optional() }),
  reply: z.object({ data: z.array(RbacRole), has_more: z.boolean(), next_page: z.string().nullable() }),
});

export const createRole = endpoint({
  method: 'POST',
  path: '/v1/organizations/rbac_roles',
  permission: 'identity:manage',
  dropped: ['name'],
  summary:
    'Create a custom role; until it is narrowed it grants what is generally available, every model the organisation allows, and connectors after approval',
  records: ['rbac_role_created'],
  body,
  reply: RbacRole,
  errors: ['conflict'],
});

export const getRole = endpoint({
  method: 'GET',
  path: '/v1/organizations/rbac_roles/:role_id',
  permission: 'identity:view',
  scope: 'read:members',
  dropped: ['name'],
  summary: 'Show a custom role',
  reply: RbacRole,
  errors: ['not_found'],
});

export const renameRole = endpoint({
  method: 'POST',
  path: '/v1/organizations/rbac_roles/:role_id',
  permission: 'identity:manage',
  dropped: ['name'],
  summary: 'Rename a custom role',
  records: ['rbac_role_updated'],
  body,
  reply: RbacRole,
  errors: ['not_found', 'conflict'],
});

export const deleteRole = endpoint({
  method: 'DELETE',
  path: '/v1/organizations/rbac_roles/:role_id',
  permission: 'identity:manage',
  summary: 'Delete a custom role; it comes off every group and member, who lose what no other role gives',
  records: ['rbac_role_deleted'],
  reply: z.object({ id: z.string(), type: z.literal('rbac_role_deleted') }),
  errors: ['not_found'],
});

const level = z.enum(PERMISSION_LEVELS);
const levels = z.record(z.enum(PERMISSION_AREAS), level);

/** What a custom role permits of administration: a level in every area (access reference §3.2). */
export const RolePermissions = z.object({
  type: z.literal('role_admin_permissions'),
  role_id: z.string(),
  /** Send it back as `if_version`, so that two administrators cannot overwrite each other. */
  version: z.string(),
  permissions: levels,
});
export type RolePermissions = z.output<typeof RolePermissions>;

export const getRolePermissions = endpoint({
  method: 'GET',
  path: '/v1/organizations/rbac_roles/:role_id/admin_permissions',
  permission: 'identity:view',
  summary: 'What a custom role permits of administration, area by area',
  reply: RolePermissions,
  errors: ['not_found'],
});

export const setRolePermissions = endpoint({
  method: 'POST',
  path: '/v1/organizations/rbac_roles/:role_id/admin_permissions',
  permission: 'identity:manage',
  summary: 'Set what a custom role permits of administration; areas that are left out stay',
  records: ['rbac_role_permission_added', 'rbac_role_permission_removed'],
  body: z.strictObject({
    permissions: z.partialRecord(z.enum(PERMISSION_AREAS), level),
    if_version: z.string().optional(),
  }),
  reply: RolePermissions,
  errors: ['not_found', 'conflict'],
});
