import type { Generated } from 'kysely';

/** How somebody showed who they are, as sessions and activities name it. */
export type AuthMethod = 'password' | 'sign_in_link' | 'emergency_link' | 'sso';

/** Whose sign-in by password needs a second factor. */
export type SecondFactorRule = 'optional' | 'owners' | 'admins' | 'everybody';

/** How people become members who sign in through a provider (access reference §7.2). */
export type ProvisioningMode = 'invite_only' | 'jit' | 'jit_mappings' | 'scim';

/** What a group of the provider stands for here. */
export type MappingTarget = 'organization_role' | 'rbac_group' | 'rbac_role';

/** Why somebody was sent to a provider. */
export type FlowPurpose = 'sign_in' | 'test';

/** What a one-time link does; see `redeem-sign-in-link.ts`. */
export type LinkPurpose = 'create_owner' | 'set_password' | 'emergency_owner';

/** The tables of signing in. Times are epoch milliseconds, UTC; secrets are hashed, or sealed where they are read again. */
export type SignInTables = {
  passwords: { user_id: string; hash: string; updated_at: number };
  sessions: {
    id: string;
    secret_hash: string;
    user_id: string;
    created_at: number;
    /** The end its opening allowed; it ends earlier when the settings in force say so. */
    expires_at: number;
    /** When its member last did something, to the minute. */
    seen_at: Generated<number>;
    user_agent: string | null;
    ip_address: string | null;
    auth_method: AuthMethod | null;
    provider_id: string | null;
    /** The provider's own name of its session, for sign-outs that it sends. */
    provider_session: string | null;
    /** Sealed: what the provider wants to see when we sign out there. */
    id_token: string | null;
  };
  sign_in_links: {
    id: string;
    secret_hash: string;
    /** Null for an owner who does not exist yet. */
    user_id: string | null;
    purpose: Generated<LinkPurpose>;
    created_at: number;
    expires_at: number;
    used_at: number | null;
  };
  second_factors: {
    user_id: string;
    /** Sealed. */
    secret: string;
    created_at: number;
    /** Null until a first code has shown that the device has the secret. */
    confirmed_at: number | null;
    /** The last half minute whose code was taken; none is taken twice. */
    last_step: number;
  };
  recovery_codes: { user_id: string; code_hash: string; used_at: number | null };
  sign_in_settings: {
    singleton: number;
    second_factor: SecondFactorRule;
    session_idle_minutes: number;
    session_hours: number;
  };
  /** Owners who may sign in by password whatever their domain's provider says. */
  break_glass_accounts: { user_id: string; added_at: number };
  ip_allow_list: {
    singleton: number;
    /** JSON: ranges with their notes. */
    entries: string;
    /** JSON: which parts of the program it covers. */
    surfaces: string;
  };
  identity_providers: {
    id: string;
    name: string;
    issuer: string;
    client_id: string;
    /** Sealed; null for a public client. */
    client_secret: string | null;
    is_on: number;
    provisioning: ProvisioningMode;
    /** JSON: everything else, see `provider.ts`. */
    settings: string;
    created_at: number;
    updated_at: number;
  };
  identity_provider_domains: { domain: string; provider_id: string; is_enforced: number };
  identity_provider_mappings: {
    provider_id: string;
    group_name: string;
    target_type: MappingTarget;
    target_id: string;
  };
  /** Which account at a provider is which member. It is decided once; only an administrator undoes it. */
  external_identities: {
    id: string;
    provider_id: string;
    issuer: string;
    subject: string;
    user_id: string;
    /** What the account was called at its last sign-in; for people, never compared. */
    account: string | null;
    linked_at: number;
    last_used_at: number;
  };
  /** Sign-ins under way at a provider; each is finished once at most. */
  sign_in_flows: {
    id: string;
    state_hash: string;
    /** Of the cookie that ties a flow to the browser it began in. */
    browser_hash: string;
    provider_id: string;
    purpose: FlowPurpose;
    nonce: string;
    code_verifier: string;
    return_to: string;
    expires_at: number;
    /** JSON: what a test of the connection found; null until then. */
    result: string | null;
  };
};
