import { z } from 'zod';
import { endpoint } from '../../platform/contract.ts';

/** A device that waits for somebody to say that it is theirs. */
export const DeviceSignIn = z.object({
  type: z.literal('device_sign_in'),
  user_code: z.string(),
  device_name: z.string(),
  requested_at: z.string(),
  expires_at: z.string(),
  /** Where it asked from. */
  ip_address: z.string().nullable(),
  /** What the administrators want people to read first; null for nothing. */
  login_notice: z.string().nullable(),
  /** Why Claude Code will not be served to this member, in a sentence for them; null where it will. */
  problem: z.string().nullable(),
});
export type DeviceSignIn = z.output<typeof DeviceSignIn>;

const body = z.strictObject({ user_code: z.string().max(64) });
const errors = ['unauthenticated', 'not_found', 'rate_limited'] as const;

export const findDeviceSignIn = endpoint({
  method: 'POST',
  path: '/v1/me/device_sign_ins/find',
  permission: 'self',
  summary: 'Look at the device that shows a code, before you say that it is yours',
  records: [],
  body,
  reply: DeviceSignIn,
  errors,
});

export const approveDeviceSignIn = endpoint({
  method: 'POST',
  path: '/v1/me/device_sign_ins/approve',
  permission: 'self',
  summary: 'Sign Claude Code in as yourself on the device that shows a code',
  records: ['remit_device_sign_in_approved'],
  body,
  reply: z.object({ type: z.literal('device_sign_in_approved'), user_code: z.string() }),
  errors,
});

export const denyDeviceSignIn = endpoint({
  method: 'POST',
  path: '/v1/me/device_sign_ins/deny',
  permission: 'self',
  summary: 'Turn away the device that shows a code',
  records: ['remit_device_sign_in_denied'],
  body,
  reply: z.object({ type: z.literal('device_sign_in_denied'), user_code: z.string() }),
  errors,
});
