import { z } from 'zod';
import { endpoint } from '../../platform/contract.ts';

/** A device that a member is signed in on. */
export const Device = z.object({
  id: z.string(),
  type: z.literal('device'),
  name: z.string(),
  signed_in_at: z.string(),
  /** When it last renewed its access, about once an hour while it is used. */
  last_renewed_at: z.string(),
  /** When it ends if it is not used until then. */
  expires_at: z.string(),
  /** Where it was signed in from, and what it called itself. */
  ip_address: z.string().nullable(),
  user_agent: z.string().nullable(),
});
export type Device = z.output<typeof Device>;

const Devices = z.object({ data: z.array(Device) });
const DeviceEnded = z.object({ type: z.literal('device_ended'), id: z.string() });

export const listMyDevices = endpoint({
  method: 'GET',
  path: '/v1/me/devices',
  permission: 'self',
  summary: 'The devices you are signed in on with Claude Code, the newest first',
  reply: Devices,
  errors: ['unauthenticated'],
});

export const endMyDevice = endpoint({
  method: 'DELETE',
  path: '/v1/me/devices/:device_id',
  permission: 'self',
  summary: 'Sign one of your devices out',
  records: ['trusted_device_revoked'],
  reply: DeviceEnded,
  errors: ['unauthenticated', 'not_found'],
});

export const listUserDevices = endpoint({
  method: 'GET',
  path: '/v1/organizations/users/:user_id/devices',
  permission: 'users:view',
  scope: 'read:members',
  summary: 'The devices a member is signed in on with Claude Code, the newest first',
  reply: Devices,
  errors: ['not_found'],
});

export const endUserDevice = endpoint({
  method: 'DELETE',
  path: '/v1/organizations/users/:user_id/devices/:device_id',
  permission: 'users:manage',
  scope: 'write:members',
  summary: 'Sign one device of a member out, at once and on every node',
  records: ['trusted_device_revoked'],
  reply: DeviceEnded,
  errors: ['not_found', 'invalid_request', 'permission_denied'],
});
