import type { Selectable } from 'kysely';
import type { Sql } from '../../../platform/index.ts';
import type { Stored } from '../rules/render-resource.ts';
import { GROUP } from '../rules/schema/resource-type.ts';
import { readStored, writeStored } from '../rules/stored-resource.ts';
import { fold, type Resource } from '../rules/value.ts';
import type { Tables } from '../tables.ts';
import type { Condition } from './compare-sql.ts';
import { orderOf, type PageOf } from './page-of.ts';

/** A group as an identity provider describes it. */
export type ScimGroup = Stored & { readonly directoryId: string };

/** Somebody in a group. */
export type MemberOfGroup = { readonly group_id: string; readonly user_id: string; readonly name: string };

const COLUMNS = ['g.group_id', 'g.directory_id', 'g.doc', 'g.version', 'g.created_at', 'g.updated_at'] as const;

type Row = Pick<
  Selectable<Tables['scim_groups']>,
  'group_id' | 'directory_id' | 'doc' | 'version' | 'created_at' | 'updated_at'
>;

const groupOf = (row: Row): ScimGroup => ({
  id: row.group_id,
  directoryId: row.directory_id,
  resource: readStored(GROUP, row.doc),
  version: row.version,
  createdAt: row.created_at,
  updatedAt: row.updated_at,
});

const textOf = (resource: Resource, key: string): string | null => {
  const value = resource.get(key);
  return typeof value === 'string' && value !== '' ? value : null;
};

const columnsOf = (resource: Resource) => ({
  doc: writeStored(resource),
  display_name_key: fold(textOf(resource, 'displayName') ?? '', false),
  external_id: textOf(resource, 'externalId'),
});

/** Where what identity providers say of groups lives. */
export const scimGroupStore = (sql: Sql) => {
  const tables = sql.tables<Tables>();
  const all = (directoryId: string) =>
    tables.selectFrom('scim_groups as g').select(COLUMNS).where('g.directory_id', '=', directoryId);
  const membership = () =>
    tables
      .selectFrom('rbac_group_members as m')
      .innerJoin('scim_users as su', (join) =>
        join.onRef('su.user_id', '=', 'm.user_id').on('su.deleted_at', 'is', null),
      )
      .innerJoin('members as p', 'p.id', 'm.user_id')
      .select(['m.group_id', 'm.user_id', 'p.name']);
  return {
    insert: async (directoryId: string, { id, resource, version, createdAt, updatedAt }: Stored): Promise<void> => {
      await tables
        .insertInto('scim_groups')
        .values({
          group_id: id,
          directory_id: directoryId,
          version,
          created_at: createdAt,
          updated_at: updatedAt,
          ...columnsOf(resource),
        })
        .execute();
    },
    update: async ({ id, resource, version, updatedAt }: Omit<Stored, 'createdAt'>): Promise<void> => {
      await tables
        .updateTable('scim_groups')
        .set({ version, updated_at: updatedAt, ...columnsOf(resource) })
        .where('group_id', '=', id)
        .execute();
    },
    remove: async (groupId: string): Promise<void> => {
      await tables.deleteFrom('scim_mappings').where('group_id', '=', groupId).execute();
      await tables.deleteFrom('scim_groups').where('group_id', '=', groupId).execute();
    },
    find: async (directoryId: string, groupId: string): Promise<ScimGroup | undefined> => {
      const row = await all(directoryId).where('g.group_id', '=', groupId).executeTakeFirst();
      return row && groupOf(row);
    },
    findByName: async (directoryId: string, displayName: string): Promise<ScimGroup | undefined> => {
      const row = await all(directoryId).where('g.display_name_key', '=', fold(displayName, false)).executeTakeFirst();
      return row && groupOf(row);
    },
    count: async (directoryId: string, condition?: Condition): Promise<number> => {
      const { count } = await tables
        .selectFrom('scim_groups as g')
        .select((row) => row.fn.countAll<number>().as('count'))
        .where('g.directory_id', '=', directoryId)
        .$if(condition !== undefined, (query) => query.where(condition as Condition))
        .executeTakeFirstOrThrow();
      return Number(count);
    },
    page: async (directoryId: string, page: PageOf): Promise<readonly ScimGroup[]> => {
      const { condition, afterId } = page;
      let query = all(directoryId).orderBy(orderOf(page, 'g.group_id')).limit(page.limit).offset(page.offset);
      if (condition !== undefined) query = query.where(condition);
      if (afterId !== undefined) query = query.where('g.group_id', '>', afterId);
      return (await query.execute()).map(groupOf);
    },
    /** The members of each of these groups, in the order of their ids. */
    membersOf: async (groupIds: readonly string[]): Promise<ReadonlyMap<string, readonly MemberOfGroup[]>> => {
      if (groupIds.length === 0) return new Map();
      const rows = await membership()
        .where('m.group_id', 'in', [...groupIds])
        .orderBy('m.group_id')
        .orderBy('m.user_id')
        .execute();
      return Map.groupBy(rows, ({ group_id }) => group_id);
    },
    /** How many members these groups have together. */
    countMembers: async (groupIds: readonly string[]): Promise<number> => {
      if (groupIds.length === 0) return 0;
      const { count } = await tables
        .selectFrom('rbac_group_members')
        .select((row) => row.fn.countAll<number>().as('count'))
        .where('group_id', 'in', [...groupIds])
        .executeTakeFirstOrThrow();
      return Number(count);
    },
    /** Looks no further than that many members. */
    hasMoreMembersThan: async (groupId: string, count: number): Promise<boolean> => {
      const one = await tables
        .selectFrom('rbac_group_members')
        .select('user_id')
        .where('group_id', '=', groupId)
        .limit(1)
        .offset(count)
        .executeTakeFirst();
      return one !== undefined;
    },
    /** The ids of the members of a group that meet a condition on `m` (the membership) and `p` (the person). */
    membersMatching: async (groupId: string, condition: Condition): Promise<readonly string[]> => {
      const rows = await membership().where('m.group_id', '=', groupId).where(condition).execute();
      return rows.map(({ user_id }) => user_id);
    },
  };
};
