import type { Generated } from 'kysely';
import type { OrganisationRole } from '../kernel/index.ts';
import type { DeviceGrantTables } from './device-grants/tables.ts';
import type { InviteTables } from './invites/tables.ts';
import type { RoleTables } from './roles/tables.ts';
import type { SignInTables } from './sign-in/tables.ts';
import type { WorkspaceTables } from './workspaces/tables.ts';

/** A suspended member keeps everything but access, and can be restored; a removed one keeps their history. */
export type MemberStatus = 'active' | 'suspended' | 'removed';
export type ApiKeyKind = 'personal' | 'service' | 'admin';
/** What a request to models can show who it is with. `device`: a device that a member has signed in on. */
export type CredentialKind = ApiKeyKind | 'device';
export type ApiKeyStatus = 'active' | 'inactive' | 'archived';

/** The room's tables. Times are epoch milliseconds, UTC; booleans are 0 or 1. */
export type DirectoryTables = RoleTables &
  SignInTables &
  InviteTables &
  DeviceGrantTables &
  WorkspaceTables & {
    organization: { id: string; name: string; created_at: number };
    members: {
      id: string;
      email: string;
      /** The e-mail address folded for comparison; unique. */
      email_key: string;
      name: string;
      /** The name folded for searching; empty until the member store has written the row. */
      name_key: Generated<string>;
      role: OrganisationRole;
      status: MemberStatus;
      /** The type of seat they have, by the organisation's own name for it; null for none. */
      seat_tier: string | null;
      added_at: number;
      updated_at: number;
    };
    rbac_groups: {
      id: string;
      name: string;
      source_type: 'direct' | 'scim';
      created_at: number;
      updated_at: number;
    };
    rbac_group_members: { group_id: string; user_id: string; created_at: number };
    rbac_roles: { id: string; display_name: string; created_at: number; updated_at: number };
    rbac_group_roles: { group_id: string; role_id: string; created_at: number };
    member_roles: { user_id: string; role_id: string; created_at: number };
    api_keys: {
      id: string;
      kind: ApiKeyKind;
      name: string;
      secret_hash: string;
      hint: string;
      user_id: string | null;
      group_id: string | null;
      status: ApiKeyStatus;
      /** `config`: given by the configuration and replaced when that changes. */
      origin: 'created' | 'config';
      created_by: string | null;
      created_at: number;
      expires_at: number | null;
      /** The workspace the key belongs to; null for one that may name any its owner is in. */
      workspace_id: string | null;
      /** JSON: what a scoped admin key is for; null for admin keys without scopes, and for all other keys. */
      scopes: string | null;
    };
    policy_version: { singleton: number; version: number };
    policy_changes: { version: number; entity: string; entity_id: string; changed_at: number };
  };
