import { z } from 'zod';
import { ORGANISATION_ROLES } from '../../kernel/index.ts';
import { endpoint } from '../../platform/contract.ts';
import { newPassword } from './accounts/contract.ts';

export * from './accounts/contract.ts';
export * from './addresses/contract.ts';
export * from './providers/contract.ts';
export * from './sessions/contract.ts';
export * from './settings/contract.ts';

/** Who is signed in and what they may do; `user` is null for a visitor. */
export const Session = z.object({
  type: z.literal('session'),
  user: z.object({ id: z.string(), email: z.string(), name: z.string(), role: z.enum(ORGANISATION_ROLES) }).nullable(),
  permissions: z.array(z.string()),
  /** The organisation asks for a second factor: until it is set up, nothing else is open. */
  must_set_up_second_factor: z.boolean(),
  /** False until the one-time link of the first start has been used. */
  has_owner: z.boolean(),
  organization: z.object({ id: z.string(), name: z.string() }),
});
export type Session = z.output<typeof Session>;

export const Organization = z.object({ id: z.string(), type: z.literal('organization'), name: z.string() });

export const getOrganization = endpoint({
  method: 'GET',
  path: '/v1/organizations/me',
  permission: 'public',
  summary: 'The organisation this key belongs to',
  reply: Organization,
  errors: ['unauthenticated'],
});

export const renameOrganization = endpoint({
  method: 'POST',
  path: '/v1/organizations/me',
  permission: 'identity:manage',
  summary: 'Rename the organisation',
  records: ['claude_organization_settings_updated'],
  body: z.strictObject({ name: z.string().trim().min(1).max(255) }),
  reply: Organization,
});

export const getSession = endpoint({
  method: 'GET',
  path: '/v1/session',
  permission: 'public',
  summary: 'Who is signed in',
  reply: Session,
});

export const signIn = endpoint({
  method: 'POST',
  path: '/v1/session',
  permission: 'public',
  summary: 'Sign in with e-mail address and password; sets the session cookie',
  records: ['remit_login_succeeded', 'remit_login_failed'],
  /** `code`: what the authenticator app shows, or a recovery code; asked for with `second_factor_required`. */
  body: z.strictObject({
    email: z.string().max(320),
    password: z.string().max(1024),
    code: z.string().max(64).optional(),
  }),
  reply: Session,
  errors: ['unauthenticated', 'rate_limited'],
});

export const signOut = endpoint({
  method: 'DELETE',
  path: '/v1/session',
  permission: 'public',
  summary: 'Sign out',
  records: ['user_logged_out'],
  /** `provider_sign_out_url`: where the browser goes to be signed out at its identity provider as well. */
  reply: Session.extend({ provider_sign_out_url: z.string().nullable() }),
});

export const readSignInLink = endpoint({
  method: 'POST',
  path: '/v1/session/link',
  permission: 'public',
  summary: 'What a one-time link is for, without using it up',
  records: [],
  body: z.strictObject({ token: z.string() }),
  reply: z.object({
    purpose: z.enum(['create_owner', 'set_password', 'emergency_owner']),
    email: z.string().nullable(),
    name: z.string().nullable(),
    expires_at: z.string(),
    /** Whether `code` has to be sent along: the member has a second factor. */
    asks_for_code: z.boolean(),
  }),
  errors: ['not_found'],
});

export const redeemSignInLink = endpoint({
  method: 'POST',
  path: '/v1/session/link/redeem',
  permission: 'public',
  summary: 'Use a one-time link: create the owner or set a password, and sign in',
  records: [
    'remit_user_added',
    'remit_password_set',
    'claude_organization_settings_updated',
    'remit_emergency_access_used',
    'remit_login_succeeded',
  ],
  body: z.strictObject({
    token: z.string(),
    password: newPassword,
    /** Of the second factor, for a member who has one. */
    code: z.string().max(64).optional(),
    email: z.email().optional(),
    name: z.string().trim().min(1).max(255).optional(),
    organization_name: z.string().trim().min(1).max(255).optional(),
  }),
  reply: Session,
  errors: ['not_found', 'invalid_request', 'unauthenticated', 'rate_limited'],
});
