import { z } from 'zod';
import { ORGANISATION_ROLES } from '../../kernel/index.ts';
import { endpoint, listOf, pageLimit } from '../../platform/contract.ts';

/** A member as the Admin API shows one (organisation APIs §1.2). */
export const User = z.object({
  id: z.string(),
  type: z.literal('user'),
  email: z.string(),
  name: z.string(),
  role: z.enum(ORGANISATION_ROLES),
  /** A suspended member has no access and keeps everything else. The Admin API has no such field. */
  status: z.enum(['active', 'suspended']),
  /** The type of seat they have, by the organisation's own name for it. The Admin API has no such field. */
  seat_tier: z.string().nullable(),
  added_at: z.string(),
});
export type User = z.output<typeof User>;

export const RoleAttachment = z.object({ type: z.literal('rbac_role_attachment'), role_id: z.string() });

const name = z.string().trim().min(1).max(255);

/**
 * Roles that can be given. Keys give `user` and `managed` only, as in the Admin API; owners who are signed in give all of
 * them. The primary owner's role changes hands by {@link transferOwnership}.
 */
const AssignableRole = z.enum(['owner', 'membership_admin', 'user', 'managed']);

export const addUser = endpoint({
  method: 'POST',
  path: '/v1/organizations/users',
  permission: 'users:manage',
  scope: 'write:members',
  summary: 'Add a member',
  records: ['remit_user_added'],
  body: z.strictObject({ email: z.email(), name: name.optional(), role: AssignableRole.default('user') }),
  reply: User,
  errors: ['conflict', 'permission_denied'],
});

export const listUsers = endpoint({
  method: 'GET',
  path: '/v1/organizations/users',
  permission: 'users:view',
  scope: 'read:members',
  summary: 'List members, newest last unless they are sorted otherwise',
  query: z.object({
    email: z.string().optional(),
    ids: listOf(z.string()).pipe(z.array(z.string()).max(100)),
    /** Part of a name or an e-mail address. */
    search: z.string().optional(),
    roles: listOf(z.enum(ORGANISATION_ROLES)),
    statuses: listOf(z.enum(['active', 'suspended'])),
    rbac_group_id: z.string().optional(),
    /** When they were added, or their name; the other way with `sort_order=desc`. */
    sort_by: z.enum(['added', 'name']).default('added'),
    sort_order: z.enum(['asc', 'desc']).default('asc'),
    limit: pageLimit,
    after_id: z.string().optional(),
    before_id: z.string().optional(),
  }),
  reply: z.object({
    data: z.array(User),
    has_more: z.boolean(),
    first_id: z.string().nullable(),
    last_id: z.string().nullable(),
  }),
});

export const getUser = endpoint({
  method: 'GET',
  path: '/v1/organizations/users/:user_id',
  permission: 'users:view',
  scope: 'read:members',
  summary: 'Show a member',
  reply: User,
  errors: ['not_found'],
});

export const updateUser = endpoint({
  method: 'POST',
  path: '/v1/organizations/users/:user_id',
  permission: 'users:manage',
  scope: 'write:members',
  summary: "Change a member's organisation role, name or seat tier",
  records: ['claude_user_role_updated', 'remit_user_renamed', 'claude_user_seat_tier_updated'],
  body: z.strictObject({
    role: AssignableRole.optional(),
    name: name.optional(),
    /** null for no seat. */
    seat_tier: z.string().trim().min(1).max(64).nullish(),
    /** The role the member is believed to have; if it is another one by now, nothing changes (409). */
    expected_role: z.enum(ORGANISATION_ROLES).optional(),
  }),
  reply: User,
  errors: ['not_found', 'permission_denied', 'invalid_request', 'conflict'],
});

export const removeUser = endpoint({
  method: 'DELETE',
  path: '/v1/organizations/users/:user_id',
  permission: 'users:manage',
  scope: 'write:members',
  summary: 'Remove a member; their keys, sessions and running streams end',
  records: ['org_user_deleted'],
  reply: z.object({ id: z.string(), type: z.literal('user_deleted') }),
  errors: ['not_found', 'permission_denied', 'invalid_request', 'conflict'],
});

export const exportMembers = endpoint({
  method: 'GET',
  path: '/v1/organizations/members_export',
  permission: 'users:manage',
  summary: 'Every member as a CSV file: name, e-mail address, role, status, groups, custom roles, when added',
  records: ['org_members_exported'],
  produces: 'text/csv',
  reply: z.custom<AsyncIterable<string>>(),
});

export const MemberSettings = z.object({
  type: z.literal('member_settings'),
  /** The only domains whose addresses may be invited or added; null allows any, an empty list none. */
  allowed_email_domains: z.array(z.string()).nullable(),
});

export const getMemberSettings = endpoint({
  method: 'GET',
  path: '/v1/organizations/member_settings',
  permission: 'users:view',
  summary: 'From which e-mail domains members may come',
  reply: MemberSettings,
});

export const updateMemberSettings = endpoint({
  method: 'POST',
  path: '/v1/organizations/member_settings',
  permission: 'identity:manage',
  summary: 'Set the e-mail domains members may come from; members who are there stay',
  records: ['claude_organization_settings_updated'],
  body: z.strictObject({ allowed_email_domains: z.array(z.string()).max(1000).nullable() }),
  reply: MemberSettings,
  errors: ['invalid_request'],
});

export const transferOwnership = endpoint({
  method: 'POST',
  path: '/v1/organizations/primary_owner',
  permission: 'identity:manage',
  summary: 'Hand the role of the primary owner to another member, confirmed with their e-mail address',
  records: ['primary_owner_transferred'],
  body: z.strictObject({ user_id: z.string(), email: z.string() }),
  reply: User,
  errors: ['not_found', 'permission_denied', 'invalid_request'],
});

export const suspendUser = endpoint({
  method: 'POST',
  path: '/v1/organizations/users/:user_id/suspend',
  permission: 'users:manage',
  scope: 'write:members',
  summary: 'Suspend a member: sessions and running streams end, keys are refused until they are restored',
  records: ['remit_user_suspended'],
  reply: User,
  errors: ['not_found', 'permission_denied'],
});

export const restoreUser = endpoint({
  method: 'POST',
  path: '/v1/organizations/users/:user_id/restore',
  permission: 'users:manage',
  scope: 'write:members',
  summary: 'Give a suspended member their access back; their keys work again, their sessions have ended',
  records: ['remit_user_restored'],
  reply: User,
  errors: ['not_found', 'permission_denied'],
});

export const listUserRoles = endpoint({
  method: 'GET',
  path: '/v1/organizations/users/:user_id/roles',
  permission: 'identity:view',
  summary: 'The custom roles attached to a member directly',
  reply: z.object({ data: z.array(RoleAttachment) }),
  errors: ['not_found'],
});

export const attachUserRole = endpoint({
  method: 'POST',
  path: '/v1/organizations/users/:user_id/roles',
  permission: 'identity:manage',
  summary: 'Attach a custom role to one member; it counts while their organisation role is Custom (managed)',
  records: ['rbac_role_assigned'],
  body: z.strictObject({ role_id: z.string() }),
  reply: RoleAttachment,
  errors: ['not_found'],
});

export const detachUserRole = endpoint({
  method: 'DELETE',
  path: '/v1/organizations/users/:user_id/roles/:role_id',
  permission: 'identity:manage',
  summary: 'Take a custom role off a member',
  records: ['rbac_role_unassigned'],
  reply: z.object({ type: z.literal('rbac_role_attachment_deleted'), role_id: z.string() }),
  errors: ['not_found'],
});

export const createSignInLink = endpoint({
  method: 'POST',
  path: '/v1/organizations/users/:user_id/sign_in_link',
  permission: 'users:manage',
  summary: 'A one-time link with which a member sets their password; older links of theirs end',
  records: ['remit_sign_in_link_created'],
  reply: z.object({ type: z.literal('sign_in_link'), url: z.string(), expires_at: z.string() }),
  errors: ['not_found', 'permission_denied'],
});
