import { z } from 'zod';
import { endpoint } from '../../../platform/contract.ts';

const secondFactor = z.enum(['optional', 'owners', 'admins', 'everybody']);
const idleMinutes = z.number().int().min(5).max(1440);
const hours = z.number().int().min(1).max(720);

/** The organisation's rules of signing in. */
export const SignInSettings = z.object({
  type: z.literal('sign_in_settings'),
  /** Who needs a second factor when they sign in by password. */
  second_factor: secondFactor,
  /** How long a session may stand unused. */
  session_idle_minutes: idleMinutes,
  /** How long a session may last at all. */
  session_hours: hours,
  /** Owners who may sign in by password although their domain's provider is enforced. */
  break_glass_user_ids: z.array(z.string()),
});
export type SignInSettings = z.output<typeof SignInSettings>;

export const getSignInSettings = endpoint({
  method: 'GET',
  path: '/v1/organizations/sign_in_settings',
  permission: 'identity:view',
  summary: 'The rules of signing in: second factor, length of sessions, emergency accounts',
  reply: SignInSettings,
});

export const updateSignInSettings = endpoint({
  method: 'POST',
  path: '/v1/organizations/sign_in_settings',
  permission: 'identity:manage',
  summary: 'Change the rules of signing in; shorter sessions hold for those that run, too',
  records: ['remit_sign_in_settings_updated'],
  body: z.strictObject({
    second_factor: secondFactor.optional(),
    session_idle_minutes: idleMinutes.optional(),
    session_hours: hours.optional(),
    break_glass_user_ids: z.array(z.string()).max(20).optional(),
  }),
  reply: SignInSettings,
  errors: ['invalid_request', 'conflict'],
});
