import type { OrganisationRole } from '../kernel/index.ts';
import type { Sql } from '../platform/index.ts';
import type { CredentialKind, DirectoryTables } from './tables.ts';

/** What the policy snapshot keeps of a credential. */
export type CredentialFacts = {
  readonly id: string;
  readonly hash: string;
  readonly kind: CredentialKind;
  readonly userId: string | null;
  readonly groupId: string | null;
  readonly isActive: boolean;
  /** Whether it has ended for good: such a one never counts again. */
  readonly hasEnded: boolean;
  readonly expiresAt: number | null;
  /** The workspace it belongs to; null for one that may name any its owner is in. */
  readonly workspaceId: string | null;
  /** Of a device: the access tokens it is recognised by, each until its own end. `hash` is the first of them. */
  readonly tokens?: readonly AccessToken[];
};

/** A token a device is recognised by; `expiresAt` is epoch ms. */
export type AccessToken = { readonly hash: string; readonly expiresAt: number };

/** What the policy snapshot keeps of a workspace. */
export type WorkspaceFacts = {
  readonly id: string;
  /** False once it is archived. */
  readonly isOpen: boolean;
  /** Everybody is in the default one. */
  readonly isDefault: boolean;
  readonly memberIds: ReadonlySet<string>;
};

export type MemberFacts = {
  readonly id: string;
  readonly email: string;
  readonly name: string;
  readonly role: OrganisationRole;
  readonly roleIds: readonly string[];
  readonly groupIds: readonly string[];
  readonly seatTier: string | null;
};

export type GroupFacts = { readonly id: string; readonly name: string; readonly roleIds: readonly string[] };

/** Ids to read, or everything. Ids that are absent from the answer no longer count (removed, deleted). */
export type WantedIds = readonly string[] | 'all';

// SQLite and PostgreSQL both take thousands of parameters; a change of policy names far fewer ids than that.
const ofIds = (wanted: WantedIds): readonly string[] | undefined => (wanted === 'all' ? undefined : wanted);

/** Credentials by id, revoked ones included: a known but revoked key is answered differently from an unknown one. */
export const readCredentials = async (sql: Sql, wanted: WantedIds): Promise<readonly CredentialFacts[]> => {
  let query = sql.tables<DirectoryTables>().selectFrom('api_keys').selectAll();
  const ids = ofIds(wanted);
  if (ids !== undefined) query = query.where('id', 'in', [...ids]);
  const rows = await query.execute();
  return rows.map((row) => ({
    id: row.id,
    hash: row.secret_hash,
    kind: row.kind,
    userId: row.user_id,
    groupId: row.group_id,
    isActive: row.status === 'active',
    hasEnded: row.status === 'archived',
    expiresAt: row.expires_at,
    workspaceId: row.workspace_id,
  }));
};

/**
 * Devices by id as credentials. Among all of them, those that have ended are left out: what still knows them has heard of
 * their end, and to everybody else their tokens are unknown.
 */
export const readDevices = async (sql: Sql, wanted: WantedIds): Promise<readonly CredentialFacts[]> => {
  const ids = ofIds(wanted);
  const query = sql
    .tables<DirectoryTables>()
    .selectFrom('device_grants')
    .select(['id', 'user_id', 'expires_at', 'ended_at', 'access_hash', 'access_expires_at'])
    .select(['former_access_hash', 'former_access_expires_at']);
  const rows = await (ids === undefined
    ? query.where('ended_at', 'is', null)
    : query.where('id', 'in', [...ids])
  ).execute();
  return rows.map((row) => ({
    id: row.id,
    hash: row.access_hash,
    kind: 'device',
    userId: row.user_id,
    groupId: null,
    isActive: row.ended_at === null,
    hasEnded: row.ended_at !== null,
    expiresAt: row.expires_at,
    workspaceId: null,
    tokens: [
      { hash: row.access_hash, expiresAt: row.access_expires_at },
      ...(row.former_access_hash === null || row.former_access_expires_at === null
        ? []
        : [{ hash: row.former_access_hash, expiresAt: row.former_access_expires_at }]),
    ],
  }));
};

/** Active members with the roles attached to them and the groups they are in. */
export const readMembers = async (sql: Sql, wanted: WantedIds): Promise<readonly MemberFacts[]> => {
  const tables = sql.tables<DirectoryTables>();
  const ids = ofIds(wanted);
  let members = tables
    .selectFrom('members')
    .select(['id', 'email', 'name', 'role', 'seat_tier'])
    .where('status', '=', 'active');
  let roles = tables.selectFrom('member_roles').select(['user_id', 'role_id']).orderBy('created_at').orderBy('role_id');
  let groups = tables
    .selectFrom('rbac_group_members')
    .select(['user_id', 'group_id'])
    .orderBy('created_at')
    .orderBy('group_id');
  if (ids !== undefined) {
    members = members.where('id', 'in', [...ids]);
    roles = roles.where('user_id', 'in', [...ids]);
    groups = groups.where('user_id', 'in', [...ids]);
  }
  const [memberRows, roleRows, groupRows] = await Promise.all([members.execute(), roles.execute(), groups.execute()]);
  const roleIds = gather(roleRows.map(({ user_id, role_id }) => [user_id, role_id]));
  const groupIds = gather(groupRows.map(({ user_id, group_id }) => [user_id, group_id]));
  return memberRows.map(({ seat_tier: seatTier, ...row }) => ({
    ...row,
    seatTier,
    roleIds: roleIds.get(row.id) ?? [],
    groupIds: groupIds.get(row.id) ?? [],
  }));
};

/** Ids of members who are suspended: they are no principals, and their keys are refused with that reason. */
export const readSuspended = async (sql: Sql, wanted: WantedIds): Promise<readonly { readonly id: string }[]> => {
  const ids = ofIds(wanted);
  let query = sql.tables<DirectoryTables>().selectFrom('members').select('id').where('status', '=', 'suspended');
  if (ids !== undefined) query = query.where('id', 'in', [...ids]);
  return query.execute();
};

/** Groups with the roles attached to them. */
export const readGroups = async (sql: Sql, wanted: WantedIds): Promise<readonly GroupFacts[]> => {
  const tables = sql.tables<DirectoryTables>();
  const ids = ofIds(wanted);
  let groups = tables.selectFrom('rbac_groups').select(['id', 'name']);
  let roles = tables
    .selectFrom('rbac_group_roles')
    .select(['group_id', 'role_id'])
    .orderBy('created_at')
    .orderBy('role_id');
  if (ids !== undefined) {
    groups = groups.where('id', 'in', [...ids]);
    roles = roles.where('group_id', 'in', [...ids]);
  }
  const [groupRows, roleRows] = await Promise.all([groups.execute(), roles.execute()]);
  const roleIds = gather(roleRows.map(({ group_id, role_id }) => [group_id, role_id]));
  return groupRows.map((row) => ({ ...row, roleIds: roleIds.get(row.id) ?? [] }));
};

/** Workspaces with the members who have been put into them. */
export const readWorkspaces = async (sql: Sql, wanted: WantedIds): Promise<readonly WorkspaceFacts[]> => {
  const tables = sql.tables<DirectoryTables>();
  const ids = ofIds(wanted);
  let workspaces = tables.selectFrom('workspaces').select(['id', 'archived_at', 'is_default']);
  let members = tables.selectFrom('workspace_members').select(['workspace_id', 'user_id']);
  if (ids !== undefined) {
    workspaces = workspaces.where('id', 'in', [...ids]);
    members = members.where('workspace_id', 'in', [...ids]);
  }
  const [rows, memberRows] = await Promise.all([workspaces.execute(), members.execute()]);
  const inside = gather(memberRows.map(({ workspace_id, user_id }) => [workspace_id, user_id]));
  return rows.map(({ id, archived_at, is_default }) => ({
    id,
    isOpen: archived_at === null,
    isDefault: is_default === 1,
    memberIds: new Set(inside.get(id) ?? []),
  }));
};

/** Names of custom roles by id. */
export const readRoleNames = async (sql: Sql, wanted: WantedIds): Promise<ReadonlyMap<string, string>> => {
  const ids = ofIds(wanted);
  let query = sql.tables<DirectoryTables>().selectFrom('rbac_roles').select(['id', 'display_name']);
  if (ids !== undefined) query = query.where('id', 'in', [...ids]);
  const rows = await query.execute();
  return new Map(rows.map(({ id, display_name }) => [id, display_name]));
};

/** Lists by key. An id that stands in many lists is one text in all of them: less to keep, and quicker to look up. */
const gather = (pairs: readonly (readonly [string, string])[]): ReadonlyMap<string, readonly string[]> => {
  const lists = new Map<string, string[]>();
  const texts = new Map<string, string>();
  for (const [key, read] of pairs) {
    const value = texts.get(read) ?? read;
    if (value === read) texts.set(value, value);
    const list = lists.get(key);
    if (list === undefined) lists.set(key, [value]);
    else list.push(value);
  }
  return lists;
};
