import { type RawBuilder, sql as raw } from 'kysely';
import { ID_PREFIXES } from '../kernel/index.ts';
import type { Sql } from '../platform/index.ts';
import { containing as containingIn } from './containing.ts';
import { containing } from './members/store.ts';
import type { DirectoryTables } from './tables.ts';

type Named = { readonly id: string; readonly name: string };

/** Names for ids in other rooms' records; removed members, archived keys and archived workspaces keep theirs. */
export type Names = {
  readonly members: ReadonlyMap<string, Named & { readonly email: string }>;
  readonly groups: ReadonlyMap<string, Named>;
  /** Keys, and the devices that members are signed in on. */
  readonly apiKeys: ReadonlyMap<string, Named>;
  readonly workspaces: ReadonlyMap<string, Named>;
};

/** The organisation's id, a UUID. */
export const readOrganisationId = async (sql: Sql): Promise<string> => {
  const tables = sql.tables<DirectoryTables>();
  return (await tables.selectFrom('organization').select('id').executeTakeFirstOrThrow()).id;
};

type Ids = { readonly [Kind in keyof Names]?: readonly string[] };

/** Both engines take more in a statement. */
const IDS_PER_READING = 10_000;

const readById = async <T extends Named>(
  ids: readonly string[] | undefined,
  read: (some: string[]) => Promise<readonly T[]>,
): Promise<ReadonlyMap<string, T>> => {
  const found = new Map<string, T>();
  for (let at = 0; at < (ids?.length ?? 0); at += IDS_PER_READING)
    for (const row of await read((ids ?? []).slice(at, at + IDS_PER_READING))) found.set(row.id, row);
  return found;
};

/** Reads the names of the given ids, each list once. */
export const readNames = async (sql: Sql, ids: Ids): Promise<Names> => {
  const tables = sql.tables<DirectoryTables>();
  const named = (table: 'rbac_groups' | 'api_keys' | 'device_grants' | 'workspaces') => (some: string[]) =>
    tables.selectFrom(table).select(['id', 'name']).where('id', 'in', some).execute();
  const isDevice = (id: string) => id.startsWith(ID_PREFIXES.deviceGrant);
  const [members, groups, apiKeys, devices, workspaces] = await Promise.all([
    readById(ids.members, (some) =>
      tables.selectFrom('members').select(['id', 'email', 'name']).where('id', 'in', some).execute(),
    ),
    readById(ids.groups, named('rbac_groups')),
    readById(
      ids.apiKeys?.filter((id) => !isDevice(id)),
      named('api_keys'),
    ),
    readById(ids.apiKeys?.filter(isDevice), named('device_grants')),
    readById(ids.workspaces, named('workspaces')),
  ]);
  return { members, groups, apiKeys: devices.size === 0 ? apiKeys : new Map([...apiKeys, ...devices]), workspaces };
};

const TABLE_OF = { members: 'members', groups: 'rbac_groups', apiKeys: 'api_keys', devices: 'device_grants' } as const;

type Wanted = { readonly search?: string | undefined; readonly groupId?: string | undefined };

/**
 * A query for the ids of those whose name, e-mail address or id holds a text, whatever its case, for use within another one; removed
 * members and archived keys included, and signed-in devices with the keys. `groupId` keeps to the members of a group.
 */
export const selectIds = (sql: Sql, list: 'members' | 'groups' | 'apiKeys', wanted: Wanted): RawBuilder<unknown> => {
  if (list === 'apiKeys') return raw`${idsIn(sql, 'apiKeys', wanted)} UNION ALL ${idsIn(sql, 'devices', wanted)}`;
  return idsIn(sql, list, wanted);
};

const idsIn = (sql: Sql, list: keyof typeof TABLE_OF, { search, groupId }: Wanted): RawBuilder<unknown> => {
  const tables = sql.tables<DirectoryTables>();
  let ids = tables.selectFrom(TABLE_OF[list]).select('id');
  if (search !== undefined)
    ids =
      list === 'members'
        ? ids.where((row) => row.or([containing(search), row('id', '=', search)]))
        : ids.where(containingIn(['name', 'id'], search));
  if (groupId !== undefined)
    ids = ids.where(
      'id',
      'in',
      tables.selectFrom('rbac_group_members').select('user_id').where('group_id', '=', groupId),
    );
  return raw`${ids}`;
};

/** Who is in which group now, as pairs. */
export const readMemberships = (
  sql: Sql,
  groupId?: string,
): Promise<readonly { readonly group_id: string; readonly user_id: string }[]> => {
  const rows = sql.tables<DirectoryTables>().selectFrom('rbac_group_members').select(['group_id', 'user_id']);
  return (groupId === undefined ? rows : rows.where('group_id', '=', groupId)).execute();
};

/** The id of the workspace that requests without one count for. */
export const readDefaultWorkspaceId = async (sql: Sql): Promise<string> =>
  (
    await sql
      .tables<DirectoryTables>()
      .selectFrom('workspaces')
      .select('id')
      .where('is_default', '=', 1)
      .executeTakeFirstOrThrow()
  ).id;
/** The organisation's name. */
export const readOrganisationName = async (sql: Sql): Promise<string> => {
  const tables = sql.tables<DirectoryTables>();
  return (await tables.selectFrom('organization').select('name').executeTakeFirstOrThrow()).name;
};
