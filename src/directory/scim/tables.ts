import type { DirectoryTables } from '../tables.ts';
import type { UserColumns } from './store/user-columns.ts';

/** What an identity provider's requests changed; kept so that an administrator can see what a sync did. */
export type ChangeKind =
  | 'user_added'
  | 'user_changed'
  | 'user_restored'
  | 'user_suspended'
  | 'user_removed'
  | 'removal_held'
  | 'group_added'
  | 'group_changed'
  | 'group_removed'
  | 'members_added'
  | 'members_removed';

/** Why a removal was held: the identity provider deactivated or deleted the person, or no mapped group is left. */
export type RemovalReason = 'deactivated' | 'deleted' | 'unmapped';

export type RemovalStatus = 'held' | 'approved' | 'rejected' | 'withdrawn';

/** The tables of provisioning by identity providers. Times are epoch milliseconds, UTC; booleans are 0 or 1. */
export type ScimTables = {
  scim_directories: {
    id: string;
    name: string;
    /** `preview`: what arrives is kept and changes nobody's access until an administrator applies it. */
    mode: 'live' | 'preview';
    /** Domains, separated by spaces, whose existing members this directory may take over. */
    authoritative_domains: string;
    /** Whether organisation roles follow the mapped groups. */
    maps_roles: number;
    /** The share of members that may be removed within an hour without approval. */
    removal_share_percent: number;
    created_at: number;
    updated_at: number;
  };
  scim_tokens: {
    id: string;
    directory_id: string;
    secret_hash: string;
    hint: string;
    created_at: number;
    /** When it stops counting; null as long as nobody has ended it. */
    expires_at: number | null;
    last_used_at: number | null;
  };
  /** What an identity provider says of a member. Texts are folded as they compare; `doc` has them as they came. */
  scim_users: UserColumns & {
    user_id: string;
    directory_id: string;
    doc: string;
    version: number;
    created_at: number;
    updated_at: number;
    /** The identity provider has deleted the person and the removal is held: for SCIM there is no such person. */
    deleted_at: number | null;
    /** Whether the member is suspended because the identity provider said so; only then it can restore them. */
    is_suspended_here: number;
  };
  /** The elements of a person's lists, folded as they compare. */
  scim_user_values: {
    user_id: string;
    attribute: string;
    position: number;
    value: string | null;
    display: string | null;
    type: string | null;
    is_primary: number | null;
    formatted: string | null;
    street_address: string | null;
    locality: string | null;
    region: string | null;
    postal_code: string | null;
    country: string | null;
  };
  /** What an identity provider says of a group. Its members are rows of `rbac_group_members`. */
  scim_groups: {
    group_id: string;
    directory_id: string;
    display_name_key: string;
    external_id: string | null;
    doc: string;
    version: number;
    created_at: number;
    updated_at: number;
  };
  scim_mappings: {
    id: string;
    directory_id: string;
    group_id: string;
    kind: 'organization_role' | 'seat_type';
    value: string;
    created_at: number;
  };
  /** A run of changes without a pause of ten minutes: what an administrator calls a sync. */
  scim_syncs: { id: string; directory_id: string; started_at: number; last_at: number };
  scim_changes: {
    id: string;
    directory_id: string;
    sync_id: string;
    at: number;
    kind: ChangeKind;
    user_id: string | null;
    group_id: string | null;
    /** How many people it concerns. */
    people: number;
    /** Whether somebody lost access by it without an administrator's approval; such changes add up to a mass removal. */
    counts_as_removal: number;
    /** What changed, in words for an administrator. */
    detail: string;
  };
  scim_removals: {
    id: string;
    directory_id: string;
    user_id: string;
    reason: RemovalReason;
    status: RemovalStatus;
    held_at: number;
    decided_at: number | null;
  };
  scim_requests: {
    id: string;
    directory_id: string;
    at: number;
    method: string;
    path: string;
    status: number;
    duration_ms: number;
    user_agent: string | null;
    request_body: string | null;
    response_body: string | null;
  };
};

/** The directory's tables with those of provisioning. */
export type Tables = DirectoryTables & ScimTables;
