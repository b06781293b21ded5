/** Why a device is signed out. `replayed`: a replaced refresh token came from elsewhere while the device was in use. */
export type GrantEnd =
  | 'signed_out'
  | 'ended_by_member'
  | 'ended_by_administrator'
  | 'signed_out_everywhere'
  | 'member_suspended'
  | 'member_removed'
  | 'replayed'
  | 'expired';

/** The tables of devices that are signed in. Times are epoch milliseconds, UTC; tokens are kept as hashes only. */
export type DeviceGrantTables = {
  device_grants: {
    id: string;
    user_id: string;
    /** What people read it by: the program that was signed in. */
    name: string;
    created_at: number;
    user_agent: string | null;
    ip_address: string | null;
    /** Of the part that all refresh tokens of the grant share. */
    family_hash: string;
    /** Of the one refresh token that counts. */
    refresh_hash: string;
    /** Of the one it replaced, and when it did. */
    former_refresh_hash: string | null;
    renewed_at: number;
    /** Where from. */
    renewed_from: string | null;
    /** Sealed: the tokens of the last renewal, for whoever asks for them twice within moments. */
    last_tokens: string | null;
    access_hash: string;
    access_expires_at: number;
    /** The access token before it, which goes on until its own end. */
    former_access_hash: string | null;
    former_access_expires_at: number | null;
    /** When it ends for want of use. */
    expires_at: number;
    ended_at: number | null;
    end_reason: GrantEnd | null;
  };
};
