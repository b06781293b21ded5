import type { StoredInvite } from './store.ts';

/** What has become of an invite, by the names of the Admin API. */
export const INVITE_STATUSES = ['pending', 'accepted', 'expired', 'deleted'] as const;
export type InviteStatus = (typeof INVITE_STATUSES)[number];

/** The status at a time; an invite expires by itself. */
export const statusOf = (
  { accepted_at, deleted_at, expires_at }: Pick<StoredInvite, 'accepted_at' | 'deleted_at' | 'expires_at'>,
  now: number,
): InviteStatus => {
  if (accepted_at !== null) return 'accepted';
  if (deleted_at !== null) return 'deleted';
  return expires_at <= now ? 'expired' : 'pending';
};
