import { z } from 'zod';
import { endpoint } from '../../../platform/contract.ts';

/** Least length of a password; NIST SP 800-63B asks for eight, and fifteen without a second factor. */
export const PASSWORD_CHARS_MIN = 12;

/** A new password; the other rules are the server's to explain. */
export const newPassword = z
  .string()
  .min(PASSWORD_CHARS_MIN, `a password has at least ${PASSWORD_CHARS_MIN} characters`)
  .max(1024);

const password = z.string().max(1024);
const code = z.string().max(64);

/** How somebody signs in, and what protects that. */
export const MySecurity = z.object({
  type: z.literal('my_security'),
  has_password: z.boolean(),
  second_factor: z.object({
    is_enabled: z.boolean(),
    enabled_at: z.string().nullable(),
    recovery_codes_left: z.number(),
    /** The organisation asks people of this role for one. */
    is_required: z.boolean(),
  }),
  /** Accounts at identity providers that sign in as this member. */
  identities: z.array(
    z.object({
      id: z.string(),
      provider_name: z.string(),
      account: z.string().nullable(),
      linked_at: z.string(),
      last_used_at: z.string(),
    }),
  ),
});
export type MySecurity = z.output<typeof MySecurity>;

/** How a member signs in, for whoever looks after members: what can be ended or taken away, and no secret of it. */
export const UserSecurity = z.object({
  type: z.literal('user_security'),
  user_id: z.string(),
  has_password: z.boolean(),
  second_factor: z.object({ is_enabled: z.boolean(), enabled_at: z.string().nullable() }),
  /** In how many places they are signed in now. */
  session_count: z.number(),
});
export type UserSecurity = z.output<typeof UserSecurity>;

export const getUserSecurity = endpoint({
  method: 'GET',
  path: '/v1/organizations/users/:user_id/security',
  permission: 'users:view',
  summary: 'How a member signs in: whether by password, with a second factor, and in how many places now',
  reply: UserSecurity,
  errors: ['not_found'],
});

export const getMySecurity = endpoint({
  method: 'GET',
  path: '/v1/me/security',
  permission: 'public',
  summary: 'How the person signed in signs in, and what protects that',
  reply: MySecurity,
  errors: ['unauthenticated'],
});

export const changeMyPassword = endpoint({
  method: 'POST',
  path: '/v1/me/security/password',
  permission: 'self',
  summary: 'Change your own password; all your other sessions end',
  records: ['remit_password_set'],
  body: z.strictObject({ current_password: password, new_password: newPassword }),
  reply: z.object({ type: z.literal('password_changed') }),
  errors: ['permission_denied', 'rate_limited', 'invalid_request'],
});

export const enrolMySecondFactor = endpoint({
  method: 'POST',
  path: '/v1/me/security/second_factor',
  permission: 'public',
  summary: 'Begin to set up a second factor; the secret is for an authenticator app',
  records: ['remit_second_factor_enrolment_started'],
  body: z.strictObject({ password: password.optional() }),
  reply: z.object({ type: z.literal('second_factor_enrolment'), secret: z.string(), otpauth_url: z.string() }),
  errors: ['unauthenticated', 'permission_denied', 'conflict'],
});

const RecoveryCodes = z.object({ type: z.literal('recovery_codes'), recovery_codes: z.array(z.string()) });

export const confirmMySecondFactor = endpoint({
  method: 'POST',
  path: '/v1/me/security/second_factor/confirm',
  permission: 'public',
  summary: 'Put the second factor in force with a first code; answers the recovery codes, this once',
  records: ['remit_second_factor_enabled'],
  body: z.strictObject({ code }),
  reply: RecoveryCodes,
  errors: ['unauthenticated', 'conflict', 'invalid_request'],
});

export const removeMySecondFactor = endpoint({
  method: 'POST',
  path: '/v1/me/security/second_factor/remove',
  permission: 'self',
  summary: 'Take your own second factor away',
  records: ['remit_second_factor_removed'],
  body: z.strictObject({ password }),
  reply: z.object({ type: z.literal('second_factor_removed') }),
  errors: ['permission_denied', 'conflict'],
});

export const renewMyRecoveryCodes = endpoint({
  method: 'POST',
  path: '/v1/me/security/recovery_codes',
  permission: 'self',
  summary: 'Make new recovery codes; those before stop working',
  records: ['remit_recovery_codes_created'],
  body: z.strictObject({ password }),
  reply: RecoveryCodes,
  errors: ['permission_denied', 'conflict'],
});

export const resetUserSecondFactor = endpoint({
  method: 'DELETE',
  path: '/v1/organizations/users/:user_id/second_factor',
  permission: 'users:manage',
  summary: 'Take the second factor of a member away who has lost it; their sessions end',
  records: ['remit_second_factor_removed'],
  reply: z.object({ type: z.literal('second_factor_removed'), user_id: z.string() }),
  errors: ['not_found', 'permission_denied'],
});
