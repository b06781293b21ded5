import { toWireTime } from '../wire.ts';
import type { User } from './contract.ts';
import type { Member } from './store.ts';

/** A member as the Admin API shows one. */
export const toWire = (member: Member): User => ({
  id: member.id,
  type: 'user',
  email: member.email,
  name: member.name,
  role: member.role,
  status: member.status === 'active' ? 'active' : 'suspended',
  seat_tier: member.seat_tier,
  added_at: toWireTime(member.added_at),
});
