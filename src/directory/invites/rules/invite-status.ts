/** What has become of an invite, by the names of the Admin API. */
export type InviteStatus = 'pending' | 'accepted' | 'expired' | 'deleted';

/** When things happened to an invite, in epoch milliseconds; null for what has not. */
type InviteTimes = {
  readonly expires_at: number;
  readonly accepted_at: number | null;
  readonly deleted_at: number | null;
};

/** The status at a time; an invite expires by itself. */
export const statusOf = ({ accepted_at, deleted_at, expires_at }: InviteTimes, now: number): InviteStatus => {
  if (accepted_at !== null) return 'accepted';
  if (deleted_at !== null) return 'deleted';
  return expires_at <= now ? 'expired' : 'pending';
};
