import { z } from 'zod';
import { ORGANISATION_ROLES } from '../../kernel/index.ts';
import { endpoint, listOf, pageLimit } from '../../platform/contract.ts';

const status = z.enum(['pending', 'accepted', 'expired', 'deleted']);

/** An invite as the Admin API shows one (organisation APIs §1.3). */
export const Invite = z.object({
  id: z.string(),
  type: z.literal('invite'),
  email: z.string(),
  role: z.enum(ORGANISATION_ROLES),
  status,
  invited_at: z.string(),
  expires_at: z.string(),
  accepted_at: z.string().nullable(),
  rbac_group_ids: z.array(z.string()),
});
export type Invite = z.output<typeof Invite>;

/** An invite with its one-time link, which is shown this once. The Admin API has no such field. */
export const InviteWithLink = Invite.extend({
  url: z.string(),
  /** Whether the link is on its way to them by e-mail; else whoever invites passes it on. */
  is_emailed: z.boolean(),
});
export type InviteWithLink = z.output<typeof InviteWithLink>;

const role = z.enum(['owner', 'membership_admin', 'user', 'managed']);
const groupIds = z.array(z.string()).max(100);
const errors = ['invalid_request', 'permission_denied'] as const;

export const createInvite = endpoint({
  method: 'POST',
  path: '/v1/organizations/invites',
  permission: 'users:manage',
  scope: 'write:members',
  summary: 'Invite somebody; the link in the reply is theirs, works once and for 21 days',
  records: ['org_user_invite_sent'],
  body: z.strictObject({ email: z.email(), role, rbac_group_ids: groupIds.optional() }),
  reply: InviteWithLink,
  errors,
});

/** The most lines of one bulk invite. */
export const BULK_INVITES_MAX = 1000;

export const createInvites = endpoint({
  method: 'POST',
  path: '/v1/organizations/invites/bulk',
  permission: 'users:manage',
  summary: 'Invite up to a thousand people; each line has its own result, and a bad one keeps no other back',
  records: ['org_user_invite_sent'],
  body: z.strictObject({
    invites: z
      .array(
        z.strictObject({ email: z.string().max(1000), role: role.optional(), rbac_group_ids: groupIds.optional() }),
      )
      .min(1)
      .max(BULK_INVITES_MAX),
  }),
  reply: z.object({
    data: z.array(
      z.discriminatedUnion('type', [
        z.object({ type: z.literal('invited'), email: z.string(), invite: InviteWithLink }),
        z.object({
          type: z.literal('refused'),
          email: z.string(),
          message: z.string(),
          error_code: z.string().nullable(),
        }),
      ]),
    ),
  }),
  errors,
});

export const listInvites = endpoint({
  method: 'GET',
  path: '/v1/organizations/invites',
  permission: 'users:view',
  scope: 'read:members',
  summary: 'List invites, newest first; withdrawn ones only when asked for',
  query: z.object({
    email: z.string().optional(),
    roles: listOf(z.enum(ORGANISATION_ROLES)),
    statuses: listOf(status),
    limit: pageLimit,
    after_id: z.string().optional(),
    before_id: z.string().optional(),
  }),
  reply: z.object({
    data: z.array(Invite),
    has_more: z.boolean(),
    first_id: z.string().nullable(),
    last_id: z.string().nullable(),
  }),
});

export const getInvite = endpoint({
  method: 'GET',
  path: '/v1/organizations/invites/:invite_id',
  permission: 'users:view',
  scope: 'read:members',
  summary: 'Show an invite',
  reply: Invite,
  errors: ['not_found'],
});

export const resendInvite = endpoint({
  method: 'POST',
  path: '/v1/organizations/invites/:invite_id/resend',
  permission: 'users:manage',
  scope: 'write:members',
  summary: 'A new link for a pending or expired invite, good for 21 days from now; the old link ends',
  records: ['org_user_invite_re_sent'],
  reply: InviteWithLink,
  errors: ['not_found', ...errors],
});

export const deleteInvite = endpoint({
  method: 'DELETE',
  path: '/v1/organizations/invites/:invite_id',
  permission: 'users:manage',
  scope: 'write:members',
  summary: 'Withdraw a pending invite; its link ends',
  records: ['org_user_invite_deleted'],
  reply: z.object({ id: z.string(), type: z.literal('invite_deleted') }),
  errors: ['not_found', ...errors],
});

const token = z.string();

export const readInvite = endpoint({
  method: 'POST',
  path: '/v1/session/invite',
  permission: 'public',
  summary: 'What an invite link is for, without using it up',
  records: [],
  body: z.strictObject({ token }),
  reply: z.object({
    email: z.string(),
    role: z.enum(ORGANISATION_ROLES),
    organization: z.string(),
    expires_at: z.string(),
  }),
  errors: ['not_found'],
});

export const acceptInvite = endpoint({
  method: 'POST',
  path: '/v1/session/invite/accept',
  permission: 'public',
  summary: 'Accept an invite and become a member; the answer holds a one-time token to set a password with',
  records: ['org_user_invite_accepted', 'remit_user_added', 'group_member_added', 'remit_sign_in_link_created'],
  body: z.strictObject({ token, name: z.string().trim().min(1).max(255) }),
  reply: z.object({ type: z.literal('invite_accepted'), user_id: z.string(), email: z.string(), token: z.string() }),
  errors: ['not_found', 'conflict', 'invalid_request'],
});
