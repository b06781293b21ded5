import type { Insertable, Selectable } from 'kysely';
import type { Position, Sql } from '../../platform/index.ts';
import { containing } from '../containing.ts';
import type { DirectoryTables } from '../tables.ts';

export type Group = Readonly<Selectable<DirectoryTables['rbac_groups']>>;

export type GroupMember = { readonly user_id: string; readonly email: string; readonly created_at: number };

/** How much of a list to read: `limit` rows and one more, behind the position of a cursor. */
type Page = { readonly limit: number; readonly after?: Position | undefined };

/** Which groups; everything absent is all of them. */
type GroupFilter = Page & {
  /** Only groups this member is in. */
  readonly userId?: string | undefined;
  /** Only groups that carry this custom role. */
  readonly roleId?: string | undefined;
  readonly sourceType?: 'direct' | 'scim' | undefined;
  /** Part of a name. */
  readonly search?: string | undefined;
};

/** Where groups, their members and the roles attached to them live. Lists answer one row more than `limit`. */
export const groupStore = (sql: Sql) => {
  const tables = sql.tables<DirectoryTables>();
  const groupIdsOf = (userId: string) =>
    tables.selectFrom('rbac_group_members').select('group_id').where('user_id', '=', userId);
  const groupIdsWith = (roleId: string) =>
    tables.selectFrom('rbac_group_roles').select('group_id').where('role_id', '=', roleId);
  return {
    insert: async (group: Insertable<DirectoryTables['rbac_groups']>): Promise<void> => {
      await tables.insertInto('rbac_groups').values(group).execute();
    },
    rename: async (id: string, name: string, at: number): Promise<void> => {
      await tables.updateTable('rbac_groups').set({ name, updated_at: at }).where('id', '=', id).execute();
    },
    find: (id: string): Promise<Group | undefined> =>
      tables.selectFrom('rbac_groups').selectAll().where('id', '=', id).executeTakeFirst(),
    findByName: (name: string): Promise<Group | undefined> =>
      tables.selectFrom('rbac_groups').selectAll().where('name', '=', name).executeTakeFirst(),
    /** By name; positions are (name, id). */
    list: (filter: GroupFilter): Promise<readonly Group[]> => {
      const { after } = filter;
      let query = tables
        .selectFrom('rbac_groups')
        .selectAll()
        .limit(filter.limit + 1);
      if (after !== undefined) {
        const [name = '', id = ''] = after;
        query = query.where(({ eb, refTuple, tuple }) => eb(refTuple('name', 'id'), '>', tuple(name, id)));
      }
      if (filter.userId !== undefined) query = query.where('id', 'in', groupIdsOf(filter.userId));
      if (filter.roleId !== undefined) query = query.where('id', 'in', groupIdsWith(filter.roleId));
      if (filter.sourceType !== undefined) query = query.where('source_type', '=', filter.sourceType);
      if (filter.search !== undefined) query = query.where(containing(['name'], filter.search));
      return query.orderBy('name').orderBy('id').execute();
    },
    /** How many groups are managed here. */
    countDirect: async (): Promise<number> => {
      const rows = await tables.selectFrom('rbac_groups').select('id').where('source_type', '=', 'direct').execute();
      return rows.length;
    },
    remove: async (id: string): Promise<void> => {
      await tables.deleteFrom('rbac_group_members').where('group_id', '=', id).execute();
      await tables.deleteFrom('rbac_group_roles').where('group_id', '=', id).execute();
      await tables.deleteFrom('rbac_groups').where('id', '=', id).execute();
    },
    addMember: async (groupId: string, userId: string, at: number): Promise<void> => {
      await tables
        .insertInto('rbac_group_members')
        .values({ group_id: groupId, user_id: userId, created_at: at })
        .execute();
    },
    removeMember: async (groupId: string, userId: string): Promise<boolean> => {
      const { numDeletedRows } = await tables
        .deleteFrom('rbac_group_members')
        .where('group_id', '=', groupId)
        .where('user_id', '=', userId)
        .executeTakeFirst();
      return numDeletedRows > 0n;
    },
    isMember: async (groupId: string, userId: string): Promise<boolean> =>
      (await tables
        .selectFrom('rbac_group_members')
        .select('user_id')
        .where('group_id', '=', groupId)
        .where('user_id', '=', userId)
        .executeTakeFirst()) !== undefined,
    /** By the members' ids, so that a page costs the same in a group of any size; positions are (user id). */
    members: (groupId: string, { limit, after: [after = ''] = [] }: Page): Promise<readonly GroupMember[]> =>
      tables
        .selectFrom('rbac_group_members')
        .innerJoin('members', 'members.id', 'rbac_group_members.user_id')
        .select(['rbac_group_members.user_id', 'members.email', 'rbac_group_members.created_at'])
        .where('group_id', '=', groupId)
        .where('rbac_group_members.user_id', '>', after)
        .orderBy('rbac_group_members.user_id')
        .limit(limit + 1)
        .execute(),
    memberCounts: async (groupIds: readonly string[]): Promise<ReadonlyMap<string, number>> => {
      if (groupIds.length === 0) return new Map();
      const rows = await tables
        .selectFrom('rbac_group_members')
        .select(['group_id', (row) => row.fn.countAll<number>().as('count')])
        .where('group_id', 'in', [...groupIds])
        .groupBy('group_id')
        .execute();
      return new Map(rows.map(({ group_id, count }) => [group_id, Number(count)]));
    },
    attachRole: async (groupId: string, roleId: string, at: number): Promise<void> => {
      await tables
        .insertInto('rbac_group_roles')
        .values({ group_id: groupId, role_id: roleId, created_at: at })
        .onConflict((conflict) => conflict.doNothing())
        .execute();
    },
    detachRole: async (groupId: string, roleId: string): Promise<boolean> => {
      const { numDeletedRows } = await tables
        .deleteFrom('rbac_group_roles')
        .where('group_id', '=', groupId)
        .where('role_id', '=', roleId)
        .executeTakeFirst();
      return numDeletedRows > 0n;
    },
    /** Role ids by group, in the order they were attached. */
    roleIds: async (groupIds: readonly string[]): Promise<ReadonlyMap<string, readonly string[]>> => {
      if (groupIds.length === 0) return new Map();
      const rows = await tables
        .selectFrom('rbac_group_roles')
        .select(['group_id', 'role_id'])
        .where('group_id', 'in', [...groupIds])
        .orderBy('created_at')
        .orderBy('role_id')
        .execute();
      const byGroup = new Map<string, string[]>();
      for (const { group_id, role_id } of rows) byGroup.set(group_id, [...(byGroup.get(group_id) ?? []), role_id]);
      return byGroup;
    },
  };
};
