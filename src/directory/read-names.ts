import { ID_PREFIXES } from '../kernel/index.ts';
import type { Sql } from '../platform/index.ts';
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

/** The ids of all members whose name or e-mail address holds a text, whatever its case; removed ones included. */
export const findMemberIds = async (sql: Sql, search: string): Promise<ReadonlySet<string>> => {
  const members = sql.tables<DirectoryTables>().selectFrom('members').select('id');
  return new Set((await members.where(containing(search)).execute()).map(({ id }) => id));
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
