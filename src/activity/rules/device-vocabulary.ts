/** What can happen to devices that members are signed in on with Claude Code. */
export type DeviceActivityFields = {
  /** A member's Claude Code has been signed in on a device. */
  readonly trusted_device_enrolled: {
    readonly enrollment_method: 'oauth';
    readonly platform: 'unspecified';
    readonly trusted_device_id: string;
  };
  readonly trusted_device_revoked: {
    readonly reason: 'user_revoked' | 'unspecified';
    readonly revoked_count: number;
    readonly trusted_device_id: string;
    /** Remit's own, beside the fields of the type: whose it was. */
    readonly user_id: string;
  };
  readonly remit_device_sign_in_approved: { readonly user_code: string; readonly requested_from: string | null };
  readonly remit_device_sign_in_denied: { readonly user_code: string; readonly requested_from: string | null };
  /** A refresh token came back that had been replaced: it was in two hands, and the device is signed out. */
  readonly remit_device_token_replayed: { readonly user_id: string; readonly trusted_device_id: string };
};
