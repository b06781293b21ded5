import type { Selectable } from 'kysely';
import type { Sql } from '../../../platform/index.ts';
import type { Stored } from '../rules/render-resource.ts';
import { USER } from '../rules/schema/resource-type.ts';
import { readStored, writeStored } from '../rules/stored-resource.ts';
import type { Tables } from '../tables.ts';
import type { Condition } from './compare-sql.ts';
import { orderOf, type PageOf } from './page-of.ts';
import { columnsOf, valueRowsOf } from './user-columns.ts';
import { userNameKey } from './user-places.ts';

/** A person as an identity provider describes them. `deletedAt`: deleted by it, with the removal held here. */
export type ScimUser = Stored & { readonly directoryId: string; readonly deletedAt: number | null };

/** A new person; `isSuspendedHere` when they are suspended because the identity provider says so. */
export type NewUser = Stored & { readonly isSuspendedHere: boolean };

type Row = Pick<
  Selectable<Tables['scim_users']>,
  'user_id' | 'directory_id' | 'doc' | 'version' | 'created_at' | 'updated_at' | 'deleted_at'
>;

const COLUMNS = [
  'u.user_id',
  'u.directory_id',
  'u.doc',
  'u.version',
  'u.created_at',
  'u.updated_at',
  'u.deleted_at',
] as const;

const userOf = (row: Row): ScimUser => ({
  id: row.user_id,
  directoryId: row.directory_id,
  resource: readStored(USER, row.doc),
  version: row.version,
  createdAt: row.created_at,
  updatedAt: row.updated_at,
  deletedAt: row.deleted_at,
});

/** Where what identity providers say of people lives. Those deleted with a held removal are found by `findAny` only. */
export const scimUserStore = (sql: Sql) => {
  const tables = sql.tables<Tables>();
  const all = () => tables.selectFrom('scim_users as u').select(COLUMNS);
  const there = (directoryId: string) =>
    all().where('u.directory_id', '=', directoryId).where('u.deleted_at', 'is', null);

  const writeValues = async (...users: readonly Pick<Stored, 'id' | 'resource'>[]): Promise<void> => {
    const rows = users.flatMap(({ id, resource }) => valueRowsOf(resource).map((row) => ({ user_id: id, ...row })));
    if (rows.length > 0)
      await tables
        .insertInto('scim_user_values')
        .values(rows as Tables['scim_user_values'][])
        .execute();
  };

  return {
    /** Keeps new people. */
    insert: async (directoryId: string, ...users: readonly NewUser[]): Promise<void> => {
      await tables
        .insertInto('scim_users')
        .values(
          users.map(({ id, resource, version, createdAt, updatedAt, isSuspendedHere }) => ({
            user_id: id,
            directory_id: directoryId,
            doc: writeStored(resource),
            version,
            created_at: createdAt,
            updated_at: updatedAt,
            deleted_at: null,
            is_suspended_here: isSuspendedHere ? 1 : 0,
            ...columnsOf(resource),
          })),
        )
        .execute();
      await writeValues(...users);
    },
    /** Writes what has changed since `before`; a person who was deleted is there again. */
    update: async (
      before: ScimUser,
      { resource, version, updatedAt }: Omit<Stored, 'id' | 'createdAt'>,
    ): Promise<void> => {
      await tables
        .updateTable('scim_users')
        .set({ doc: writeStored(resource), version, updated_at: updatedAt, deleted_at: null, ...columnsOf(resource) })
        .where('user_id', '=', before.id)
        .execute();
      if (JSON.stringify(valueRowsOf(before.resource)) === JSON.stringify(valueRowsOf(resource))) return;
      await tables.deleteFrom('scim_user_values').where('user_id', '=', before.id).execute();
      await writeValues({ id: before.id, resource });
    },
    markDeleted: async (userId: string, at: number): Promise<void> => {
      await tables.updateTable('scim_users').set({ deleted_at: at }).where('user_id', '=', userId).execute();
    },
    remove: async (userId: string): Promise<void> => {
      await tables.deleteFrom('scim_user_values').where('user_id', '=', userId).execute();
      await tables.deleteFrom('scim_users').where('user_id', '=', userId).execute();
    },
    find: async (directoryId: string, userId: string): Promise<ScimUser | undefined> => {
      const row = await there(directoryId).where('u.user_id', '=', userId).executeTakeFirst();
      return row && userOf(row);
    },
    findAny: async (userId: string): Promise<ScimUser | undefined> => {
      const row = await all().where('u.user_id', '=', userId).executeTakeFirst();
      return row && userOf(row);
    },
    /** Also one whose deletion is held. */
    findByName: async (directoryId: string, userName: string): Promise<ScimUser | undefined> => {
      const named = all().where('u.directory_id', '=', directoryId).where('u.user_name', '=', userNameKey(userName));
      const row = await named.executeTakeFirst();
      return row && userOf(row);
    },
    /** Those of these user names, as they are compared, that are somebody's; also of those whose deletion is held. */
    takenAmong: async (directoryId: string, nameKeys: readonly string[]): Promise<ReadonlySet<string>> => {
      const rows = await tables
        .selectFrom('scim_users')
        .select('user_name')
        .where('directory_id', '=', directoryId)
        .where('user_name', 'in', [...nameKeys])
        .execute();
      return new Set(rows.map(({ user_name: name }) => name));
    },
    count: async (directoryId: string, condition?: Condition): Promise<number> => {
      const { count } = await tables
        .selectFrom('scim_users as u')
        .select((row) => row.fn.countAll<number>().as('count'))
        .where('u.directory_id', '=', directoryId)
        .where('u.deleted_at', 'is', null)
        .$if(condition !== undefined, (query) => query.where(condition as Condition))
        .executeTakeFirstOrThrow();
      return Number(count);
    },
    page: async (directoryId: string, page: PageOf): Promise<readonly ScimUser[]> => {
      const { condition, afterId } = page;
      // The ids first: as a rule an index holds them, so that rows before the page are counted and not read.
      let ids = tables
        .selectFrom('scim_users as u')
        .select('u.user_id')
        .where('u.directory_id', '=', directoryId)
        .where('u.deleted_at', 'is', null)
        .orderBy(orderOf(page, 'u.user_id'))
        .limit(page.limit)
        .offset(page.offset);
      if (condition !== undefined) ids = ids.where(condition);
      if (afterId !== undefined) ids = ids.where('u.user_id', '>', afterId);
      const wanted = (await ids.execute()).map(({ user_id: id }) => id);
      if (wanted.length === 0) return [];
      const rows = await all().where('u.user_id', 'in', wanted).execute();
      const byId = new Map(rows.map((row) => [row.user_id, row]));
      return wanted.flatMap((id) => byId.get(id) ?? []).map(userOf);
    },
    /** The groups of this directory that each of these people is in, by the person. */
    groupsOf: async (userIds: readonly string[]): Promise<ReadonlyMap<string, readonly GroupOfUser[]>> => {
      if (userIds.length === 0) return new Map();
      const rows = await tables
        .selectFrom('rbac_group_members as m')
        .innerJoin('scim_groups as g', 'g.group_id', 'm.group_id')
        .innerJoin('rbac_groups as r', 'r.id', 'm.group_id')
        .select(['m.user_id', 'm.group_id', 'r.name'])
        .where('m.user_id', 'in', [...userIds])
        .orderBy('m.group_id')
        .execute();
      return Map.groupBy(rows, ({ user_id }) => user_id);
    },
  };
};

/** A group somebody is in. */
export type GroupOfUser = { readonly user_id: string; readonly group_id: string; readonly name: string };
