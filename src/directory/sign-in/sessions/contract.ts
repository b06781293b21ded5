import { z } from 'zod';
import { endpoint } from '../../../platform/contract.ts';
import { User } from '../../members/contract.ts';

/** One place somebody is signed in. */
export const MySession = z.object({
  id: z.string(),
  type: z.literal('member_session'),
  is_current: z.boolean(),
  created_at: z.string(),
  last_seen_at: z.string(),
  expires_at: z.string(),
  auth_method: z.enum(['password', 'sign_in_link', 'emergency_link', 'sso']).nullable(),
  ip_address: z.string().nullable(),
  user_agent: z.string().nullable(),
});
export type MySession = z.output<typeof MySession>;

export const listMySessions = endpoint({
  method: 'GET',
  path: '/v1/me/sessions',
  permission: 'self',
  summary: 'Where you are signed in, the newest first',
  reply: z.object({ data: z.array(MySession) }),
  errors: ['unauthenticated'],
});

export const endMySession = endpoint({
  method: 'DELETE',
  path: '/v1/me/sessions/:session_id',
  permission: 'self',
  summary: 'End one of your sessions',
  records: ['session_revoked'],
  reply: z.object({ type: z.literal('member_session_ended'), id: z.string() }),
  errors: ['unauthenticated', 'not_found'],
});

export const endMySessions = endpoint({
  method: 'POST',
  path: '/v1/me/sessions/end_all',
  permission: 'self',
  summary: 'Sign out everywhere, this browser included unless it is to be kept, and Claude Code on every device',
  records: ['session_revoked'],
  body: z.strictObject({ keep_this: z.boolean().default(false) }),
  reply: z.object({ type: z.literal('member_sessions_ended'), ended: z.number() }),
  errors: ['unauthenticated'],
});

export const signOutUser = endpoint({
  method: 'POST',
  path: '/v1/organizations/users/:user_id/sign_out',
  permission: 'users:manage',
  beta: 'admin-user-sign-out-2026-10-08',
  scope: 'write:members',
  summary:
    'Sign a member out everywhere, Claude Code on their devices included; they may sign in again, and their keys go on working',
  records: ['org_user_trusted_devices_revoked'],
  reply: User,
  errors: ['not_found', 'invalid_request', 'permission_denied'],
});
