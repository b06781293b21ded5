/** `redeemed`: the device has been given its tokens. */
export type SignInStatus = 'pending' | 'approved' | 'denied' | 'redeemed';

/** Sign-ins that devices have asked for (RFC 8628). Times are epoch milliseconds, UTC. */
export type DeviceSignInTables = {
  device_sign_ins: {
    device_code_hash: string;
    /** As people type it, with its hyphen. Worth nothing without a session, and for ten minutes at most. */
    user_code: string;
    /** What the device is called. */
    name: string;
    status: SignInStatus;
    /** Who decided. */
    user_id: string | null;
    created_at: number;
    expires_at: number;
    /** When the device last asked. */
    polled_at: number | null;
    ip_address: string | null;
    user_agent: string | null;
  };
};
