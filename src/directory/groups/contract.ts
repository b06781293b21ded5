import { z } from 'zod';
import { endpoint, pageLimit } from '../../platform/contract.ts';

/** A group as the Admin API shows one (organisation APIs §1.9). */
export const RbacGroup = z.object({
  id: z.string(),
  type: z.literal('rbac_group'),
  name: z.string(),
  role_ids: z.array(z.string()).nullable(),
  /** What `role_ids` was called in version 2023-06-01. */
  roles: z.array(z.string()).nullable(),
  source_type: z.enum(['direct', 'scim']),
  member_count: z.number(),
  created_at: z.string(),
  updated_at: z.string(),
});
export type RbacGroup = z.output<typeof RbacGroup>;

export const RbacGroupMember = z.object({
  type: z.literal('rbac_group_member'),
  rbac_group_id: z.string(),
  /** What `rbac_group_id` was called in version 2023-06-01. */
  group_id: z.string(),
  user_id: z.string(),
  email: z.string(),
  created_at: z.string(),
});

const groupName = z.string().trim().min(1).max(255);
const body = z.strictObject({ name: groupName });
const page = z.object({ limit: pageLimit, page: z.string().optional() });
const cursorPage = <Item extends z.ZodType>(item: Item) =>
  z.object({ data: z.array(item), has_more: z.boolean(), next_page: z.string().nullable() });

export const listGroups = endpoint({
  method: 'GET',
  path: '/v1/organizations/rbac_groups',
  permission: 'identity:view',
  scope: 'read:rbac_groups',
  dropped: ['roles'],
  summary: 'List groups by name, all of them or those a member is in',
  query: page.extend({
    user_id: z.string().optional(),
    /** Part of a name. */
    search: z.string().max(255).optional(),
    source_type: z.enum(['direct', 'scim']).optional(),
    /** Only groups that carry this custom role. */
    role_id: z.string().optional(),
  }),
  reply: cursorPage(RbacGroup),
});

export const createGroup = endpoint({
  method: 'POST',
  path: '/v1/organizations/rbac_groups',
  permission: 'identity:manage',
  scope: 'write:rbac_groups',
  dropped: ['roles'],
  summary: 'Create a group',
  records: ['group_created'],
  body,
  reply: RbacGroup,
  errors: ['conflict'],
});

export const getGroup = endpoint({
  method: 'GET',
  path: '/v1/organizations/rbac_groups/:group_id',
  permission: 'identity:view',
  scope: 'read:rbac_groups',
  dropped: ['roles'],
  summary: 'Show a group',
  reply: RbacGroup,
  errors: ['not_found'],
});

export const renameGroup = endpoint({
  method: 'POST',
  path: '/v1/organizations/rbac_groups/:group_id',
  permission: 'identity:manage',
  scope: 'write:rbac_groups',
  dropped: ['roles'],
  summary: 'Rename a group',
  records: ['group_updated'],
  body: z.strictObject({ name: groupName.nullish() }),
  reply: RbacGroup,
  errors: ['not_found', 'conflict'],
});

export const deleteGroup = endpoint({
  method: 'DELETE',
  path: '/v1/organizations/rbac_groups/:group_id',
  permission: 'identity:manage',
  scope: 'write:rbac_groups',
  summary: 'Delete a group; members stay and lose what its roles gave, service keys of the group are archived',
  records: ['group_deleted'],
  reply: z.object({ id: z.string(), type: z.literal('rbac_group_deleted') }),
  errors: ['not_found'],
});

export const listGroupMembers = endpoint({
  method: 'GET',
  path: '/v1/organizations/rbac_groups/:group_id/members',
  permission: 'identity:view',
  scope: 'read:rbac_groups',
  dropped: ['group_id'],
  summary: "List a group's members",
  query: page,
  reply: cursorPage(RbacGroupMember),
  errors: ['not_found'],
});

export const addGroupMember = endpoint({
  method: 'POST',
  path: '/v1/organizations/rbac_groups/:group_id/members',
  permission: 'identity:manage',
  scope: 'write:rbac_groups',
  dropped: ['group_id'],
  summary: 'Add a member to a group',
  records: ['group_member_added', 'group_member_addition_failed'],
  body: z.strictObject({ user_id: z.string() }),
  reply: RbacGroupMember,
  errors: ['not_found', 'invalid_request'],
});

const BULK_MAX = 10_000;

const bulkReply = z.object({
  data: z.array(z.object({ user_id: z.string(), outcome: z.enum(['added', 'removed', 'unchanged', 'not_a_member']) })),
});

export const addGroupMembers = endpoint({
  method: 'POST',
  path: '/v1/organizations/rbac_groups/:group_id/members/bulk_add',
  permission: 'identity:manage',
  scope: 'write:rbac_groups',
  summary: 'Add many members to a group, or all there are; each id has its own result',
  records: ['group_member_added', 'group_member_addition_failed'],
  body: z
    .strictObject({ user_ids: z.array(z.string()).min(1).max(BULK_MAX).optional(), all: z.literal(true).optional() })
    .refine(({ user_ids, all }) => (user_ids === undefined) !== (all === undefined), {
      message: 'give either user_ids or all',
    }),
  reply: bulkReply,
  errors: ['not_found', 'invalid_request'],
});

export const removeGroupMembers = endpoint({
  method: 'POST',
  path: '/v1/organizations/rbac_groups/:group_id/members/bulk_remove',
  permission: 'identity:manage',
  scope: 'write:rbac_groups',
  summary: 'Take many members out of a group; each id has its own result',
  records: ['group_member_removed', 'group_member_removal_failed'],
  body: z.strictObject({ user_ids: z.array(z.string()).min(1).max(BULK_MAX) }),
  reply: bulkReply,
  errors: ['not_found', 'invalid_request'],
});

export const removeGroupMember = endpoint({
  method: 'DELETE',
  path: '/v1/organizations/rbac_groups/:group_id/members/:user_id',
  permission: 'identity:manage',
  scope: 'write:rbac_groups',
  dropped: ['group_id'],
  summary: 'Remove a member from a group',
  records: ['group_member_removed', 'group_member_removal_failed'],
  reply: z.object({ type: z.literal('rbac_group_member_deleted'), rbac_group_id: z.string(), user_id: z.string() }),
  errors: ['not_found'],
});

export const attachGroupRole = endpoint({
  method: 'POST',
  path: '/v1/organizations/rbac_groups/:group_id/roles',
  permission: 'identity:manage',
  dropped: ['roles'],
  summary: 'Attach a custom role to a group',
  records: ['rbac_role_assigned'],
  body: z.strictObject({ role_id: z.string() }),
  reply: RbacGroup,
  errors: ['not_found'],
});

export const detachGroupRole = endpoint({
  method: 'DELETE',
  path: '/v1/organizations/rbac_groups/:group_id/roles/:role_id',
  permission: 'identity:manage',
  dropped: ['roles'],
  summary: 'Take a custom role off a group',
  records: ['rbac_role_unassigned'],
  reply: RbacGroup,
  errors: ['not_found'],
});
