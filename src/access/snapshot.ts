import {
  type CompiledAllowList,
  type CredentialFacts,
  type GroupFacts,
  type MemberFacts,
  type PolicyChange,
  readAllowList,
  readCredentials,
  readDevices,
  readGroups,
  readMembers,
  readSuspended,
  readWorkspaces,
  type WantedIds,
  type WorkspaceFacts,
} from '../directory/index.ts';
import type { Sql } from '../platform/index.ts';
import { Judgements } from './judgements.ts';
import { withEntries } from './layered-map.ts';
import { type Entitlements, entitlementsOf } from './rules/entitlements.ts';
import type { Model } from './rules/model.ts';
import { modelFromInfo } from './rules/model-from-info.ts';
import { indexModels, type ModelIndex } from './rules/model-index.ts';
import type { Restriction } from './rules/restriction.ts';
import type { Grant, OrganisationAccess, Principal, RoleAccess } from './rules/types.ts';
import { accessStore } from './store.ts';

/** A principal's rights, and the answers that have been given under them. */
export type Compiled = { readonly entitlements: Entitlements; readonly judgements: Judgements };

/** Everything a decision needs, as of one version of the policy; never changed, only replaced. */
export type Snapshot = {
  readonly version: number;
  readonly index: ModelIndex;
  readonly organisation: OrganisationAccess;
  readonly roles: ReadonlyMap<string, RoleAccess>;
  readonly groups: ReadonlyMap<string, GroupFacts>;
  readonly members: ReadonlyMap<string, MemberFacts>;
  /** Members who are suspended, by id: no principals, but their keys are refused with that reason. */
  readonly suspended: ReadonlyMap<string, { readonly id: string }>;
  readonly credentials: ReadonlyMap<string, CredentialFacts>;
  readonly workspaces: ReadonlyMap<string, WorkspaceFacts>;
  /** From which addresses requests may come. */
  readonly allowList: CompiledAllowList;
  readonly credentialsByHash: ReadonlyMap<string, CredentialFacts>;
  /** Compiled on first use and kept for as long as the snapshot is in force. */
  readonly compiled: Map<string, Compiled>;
  /** The rights in {@link compiled}; snapshots share them that differ in nothing rights follow from. */
  readonly rights: Map<string, Entitlements>;
};

/** A credential by each hash it is recognised by: a key by its own, a device by its tokens, each until its own end. */
const hashedOf = (credential: CredentialFacts): readonly (readonly [hash: string, credential: CredentialFacts])[] =>
  credential.tokens === undefined
    ? [[credential.hash, credential]]
    : credential.tokens.map(({ hash, expiresAt }) => [hash, { ...credential, hash, expiresAt }]);

const byHash = (credentials: readonly CredentialFacts[]): ReadonlyMap<string, CredentialFacts> =>
  new Map(credentials.flatMap(hashedOf));

const byId = <T extends { readonly id: string }>(rows: readonly T[]): ReadonlyMap<string, T> =>
  new Map(rows.map((row) => [row.id, row]));

/** Reads the whole policy. `shipped` is the catalogue of this program with the models of the configuration. */
export const readSnapshot = async (sql: Sql, version: number, shipped: readonly Model[]): Promise<Snapshot> => {
  const [rules, allowList, workspaces, groups, members, suspended, keys, devices] = await Promise.all([
    readRules(sql, shipped),
    readAllowList(sql),
    readWorkspaces(sql, 'all'),
    readGroups(sql, 'all'),
    readMembers(sql, 'all'),
    readSuspended(sql, 'all'),
    readCredentials(sql, 'all'),
    readDevices(sql, 'all'),
  ]);
  const credentials = [...keys, ...devices];
  return {
    version,
    ...rules,
    allowList,
    workspaces: byId(workspaces),
    groups: byId(groups),
    members: byId(members),
    suspended: byId(suspended),
    credentials: byId(credentials),
    credentialsByHash: byHash(credentials),
    compiled: new Map(),
    rights: new Map(),
  };
};

/** The next snapshot: rereads only what changed and shares the rest with the one before. */
export const rereadSnapshot = async (
  sql: Sql,
  before: Snapshot,
  { version, changes, shipped }: { version: number; changes: readonly PolicyChange[]; shipped: readonly Model[] },
): Promise<Snapshot> => {
  const ids = (entity: PolicyChange['entity']) => [
    ...new Set(changes.filter((change) => change.entity === entity).map(({ id }) => id)),
  ];
  const touchesRules = changes.some(({ entity }) => RULES.has(entity));
  const rules = touchesRules ? await readRules(sql, shipped) : await rereadRoles(sql, before, ids('role'));
  const touchesAddresses = changes.some(({ entity }) => entity === 'allow_list');
  const allowList = touchesAddresses ? await readAllowList(sql) : before.allowList;
  const [workspaces, groups, members, suspended, keys] = await Promise.all([
    patch(before.workspaces, ids('workspace'), (wanted) => readWorkspaces(sql, wanted)),
    patch(before.groups, ids('group'), (wanted) => readGroups(sql, wanted)),
    patch(before.members, ids('member'), (wanted) => readMembers(sql, wanted)),
    patch(before.suspended, ids('member'), (wanted) => readSuspended(sql, wanted)),
    patch(before.credentials, ids('api_key'), (wanted) => readCredentials(sql, wanted)),
  ]);
  const credentials = await patch(keys, ids('device_grant'), (wanted) => readDevices(sql, wanted));
  const credentialsByHash = rehash(before, credentials, [...ids('api_key'), ...ids('device_grant')]);
  return {
    version,
    ...rules,
    allowList,
    workspaces,
    groups,
    members,
    suspended,
    credentials,
    credentialsByHash,
    compiled: new Map(),
    rights: changes.every(({ entity }) => CREDENTIALS.has(entity)) ? before.rights : new Map(),
  };
};

/**
 * What nobody's rights follow from. Devices renew their access all day, and everybody's rights need not be compiled anew
 * each time.
 */
const CREDENTIALS: ReadonlySet<PolicyChange['entity']> = new Set(['api_key', 'device_grant']);

/** What the rules are reread for as a whole; a role changes by itself. */
const RULES: ReadonlySet<PolicyChange['entity']> = new Set(['models', 'connector', 'capabilities']);

type Rules = Pick<Snapshot, 'index' | 'organisation' | 'roles'>;

const rereadRoles = async (
  sql: Sql,
  { index, organisation, roles }: Snapshot,
  ids: readonly string[],
): Promise<Rules> => ({
  index,
  organisation,
  roles: await patch(roles, ids, async (wanted) => [...(await accessStore(sql).readRoles(wanted)).values()]),
});

const readRules = async (sql: Sql, shipped: readonly Model[]): Promise<Rules> => {
  const store = accessStore(sql);
  const [organisation, roles, discovered] = await Promise.all([
    store.readOrganisation(),
    store.readRoles(),
    store.readDiscovered(),
  ]);
  const known = byId(shipped);
  const models = [...shipped, ...discovered.map((info) => modelFromInfo(info, known.get(info.id)))];
  return { index: indexModels(models), organisation, roles };
};

/** Both databases take that many parameters; a whole group may change at once. */
const IDS_PER_READING = 5000;

const patch = async <T extends { readonly id: string }>(
  before: ReadonlyMap<string, T>,
  ids: readonly string[],
  read: (wanted: WantedIds) => Promise<readonly T[]>,
): Promise<ReadonlyMap<string, T>> => {
  if (ids.length === 0) return before;
  const entries = new Map<string, T | undefined>(ids.map((id) => [id, undefined]));
  for (let at = 0; at < ids.length; at += IDS_PER_READING)
    for (const row of await read(ids.slice(at, at + IDS_PER_READING))) entries.set(row.id, row);
  return withEntries(before, entries);
};

/** Credentials by their hash, after those with these ids have been reread. */
const rehash = (
  { credentials: earlier, credentialsByHash }: Snapshot,
  credentials: Snapshot['credentials'],
  ids: readonly string[],
): Snapshot['credentialsByHash'] => {
  const entries = new Map<string, CredentialFacts | undefined>();
  for (const id of ids) {
    const credential = earlier.get(id);
    if (credential !== undefined) for (const [hash] of hashedOf(credential)) entries.set(hash, undefined);
  }
  for (const id of ids) {
    const credential = credentials.get(id);
    if (credential !== undefined) for (const [hash, hashed] of hashedOf(credential)) entries.set(hash, hashed);
  }
  return withEntries(credentialsByHash, entries);
};

const grantsOf = (snapshot: Snapshot, roleIds: readonly string[], via: Grant['via']): readonly Grant[] =>
  roleIds.flatMap((id) => {
    const role = snapshot.roles.get(id);
    return role === undefined ? [] : [{ role, via }];
  });

/** A member as the evaluator sees one: their own roles first, then those of their groups. */
export const principalOfMember = (snapshot: Snapshot, member: MemberFacts): Principal => ({
  kind: 'member',
  id: member.id,
  organisationRole: member.role,
  grants: [
    ...grantsOf(snapshot, member.roleIds, { kind: 'member' }),
    ...member.groupIds.flatMap((groupId) => {
      const group = snapshot.groups.get(groupId);
      if (group === undefined) return [];
      return grantsOf(snapshot, group.roleIds, { kind: 'group', id: group.id, name: group.name });
    }),
  ],
});

/** A group's service keys as the evaluator sees them. */
export const principalOfGroup = (snapshot: Snapshot, group: GroupFacts): Principal => ({
  kind: 'service',
  groupId: group.id,
  groupName: group.name,
  grants: grantsOf(snapshot, group.roleIds, { kind: 'group', id: group.id, name: group.name }),
});

const rightsOf = (
  { index, organisation }: Snapshot,
  principal: Principal,
  restriction: Restriction | null,
): Entitlements => entitlementsOf({ index, organisation, principal, restriction });

/** What a principal may use under this snapshot, less what is taken away for now; compiled once for each. */
export const compiledIn = (
  snapshot: Snapshot,
  key: string,
  principal: () => Principal,
  restriction: Restriction | null = null,
): Compiled => {
  const known = snapshot.compiled.get(key);
  if (known !== undefined) return known;
  const entitlements = snapshot.rights.get(key) ?? rightsOf(snapshot, principal(), restriction);
  snapshot.rights.set(key, entitlements);
  const compiled: Compiled = { entitlements, judgements: new Judgements() };
  snapshot.compiled.set(key, compiled);
  return compiled;
};
