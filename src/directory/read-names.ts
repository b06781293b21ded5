import type { Sql } from '../platform/index.ts';
import type { DirectoryTables } from './tables.ts';

/** Names for ids in other rooms' records; removed members and archived keys keep theirs. */
export type Names = {
  readonly members: ReadonlyMap<string, { readonly id: string; readonly email: string; readonly name: string }>;
  readonly groups: ReadonlyMap<string, { readonly id: string; readonly name: string }>;
  readonly apiKeys: ReadonlyMap<string, { readonly id: string; readonly name: string }>;
};

/** The organisation's id, a UUID. */
export const readOrganisationId = async (sql: Sql): Promise<string> => {
  const tables = sql.tables<DirectoryTables>();
  return (await tables.selectFrom('organization').select('id').executeTakeFirstOrThrow()).id;
};

type Ids = {
  readonly members: readonly string[];
  readonly groups: readonly string[];
  readonly apiKeys: readonly string[];
};

const byId = <T extends { readonly id: string }>(rows: readonly T[]): ReadonlyMap<string, T> =>
  new Map(rows.map((row) => [row.id, row]));

/** Reads the names of the given ids, each list once. */
export const readNames = async (sql: Sql, ids: Ids): Promise<Names> => {
  const tables = sql.tables<DirectoryTables>();
  const [members, groups, apiKeys] = await Promise.all([
    ids.members.length === 0
      ? []
      : tables
          .selectFrom('members')
          .select(['id', 'email', 'name'])
          .where('id', 'in', [...ids.members])
          .execute(),
    ids.groups.length === 0
      ? []
      : tables
          .selectFrom('rbac_groups')
          .select(['id', 'name'])
          .where('id', 'in', [...ids.groups])
          .execute(),
    ids.apiKeys.length === 0
      ? []
      : tables
          .selectFrom('api_keys')
          .select(['id', 'name'])
          .where('id', 'in', [...ids.apiKeys])
          .execute(),
  ]);
  return { members: byId(members), groups: byId(groups), apiKeys: byId(apiKeys) };
};
