import { type Selectable, sql as sqlExpression } from 'kysely';
import type { OrganisationRole } from '../../kernel/index.ts';
import type { Sql } from '../../platform/index.ts';
import { behind, reversed, type SortOrder } from '../sorted-page.ts';
import type { DirectoryTables, MemberStatus } from '../tables.ts';

export type Member = Readonly<Omit<Selectable<DirectoryTables['members']>, 'name_key'>>;

export type MemberSort = 'added' | 'name';

const SORTED_BY = { added: 'id', name: 'name_key' } as const;

export type MemberFilter = {
  readonly email?: string | undefined;
  /** Only these; all when there are none. */
  readonly ids?: readonly string[];
  readonly search?: string | undefined;
  readonly roles: readonly OrganisationRole[];
  readonly statuses?: readonly MemberStatus[];
  /** Only members of this group. */
  readonly groupId?: string | undefined;
  /** By when they were added when absent: ids are made in that order. */
  readonly sortBy?: MemberSort | undefined;
  /** Up when absent. */
  readonly order?: SortOrder | undefined;
  readonly limit: number;
  readonly afterId?: string | undefined;
  readonly beforeId?: string | undefined;
};

/** E-mail addresses that differ only in case or surrounding space are one person's. */
export const emailKey = (email: string): string => email.trim().toLowerCase();

// Databases fold the letters of English only; folded here, "öst" finds Östen.
const nameKey = (name: string): string => name.trim().toLowerCase();

const COLUMNS = ['id', 'email', 'email_key', 'name', 'role', 'status', 'seat_tier', 'added_at', 'updated_at'] as const;

/**
 * Where members live. Removed members keep their row, so that history keeps its names and a return restores the id;
 * `find` answers active members only, `findPresent` and `list` also suspended ones, `findAny` and `findByEmail` all.
 */
export const memberStore = (sql: Sql) => {
  const tables = sql.tables<DirectoryTables>();
  const all = () => tables.selectFrom('members').select(COLUMNS);
  const active = () => all().where('status', '=', 'active');
  const memberIdsOf = (groupId: string) =>
    tables.selectFrom('rbac_group_members').select('user_id').where('group_id', '=', groupId);
  const nameKeyOf = async (id: string): Promise<string | undefined> =>
    (await tables.selectFrom('members').select('name_key').where('id', '=', id).executeTakeFirst())?.name_key;
  const present = () => all().where('status', '!=', 'removed');
  return {
    insert: async (...members: readonly Member[]): Promise<void> => {
      await tables
        .insertInto('members')
        .values(members.map((member) => ({ ...member, name_key: nameKey(member.name) })))
        .execute();
    },
    update: async (id: string, changes: Partial<Member>): Promise<void> => {
      const folded = changes.name === undefined ? {} : { name_key: nameKey(changes.name) };
      await tables
        .updateTable('members')
        .set({ ...changes, ...folded })
        .where('id', '=', id)
        .execute();
    },
    find: (id: string): Promise<Member | undefined> => active().where('id', '=', id).executeTakeFirst(),
    findPresent: (id: string): Promise<Member | undefined> => present().where('id', '=', id).executeTakeFirst(),
    /** Whatever the member's status is. */
    findAny: (id: string): Promise<Member | undefined> => all().where('id', '=', id).executeTakeFirst(),
    findByEmail: (email: string): Promise<Member | undefined> =>
      all().where('email_key', '=', emailKey(email)).executeTakeFirst(),
    /** Those of these folded addresses that are somebody's, whatever their status is. */
    takenAmong: async (emailKeys: readonly string[]): Promise<ReadonlySet<string>> => {
      const rows = await tables
        .selectFrom('members')
        .select('email_key')
        .where('email_key', 'in', [...emailKeys])
        .execute();
      return new Set(rows.map(({ email_key: key }) => key));
    },
    countOwners: async (): Promise<number> => {
      const owners = await active().where('role', 'in', ['owner', 'primary_owner']).execute();
      return owners.length;
    },
    /** Ids of the members with some addresses, suspended ones included, by folded address. */
    presentIds: async (emailKeys: readonly string[]): Promise<ReadonlyMap<string, string>> => {
      const rows = await present()
        .where('email_key', 'in', [...emailKeys])
        .execute();
      return new Map(rows.map(({ email_key, id }) => [email_key, id]));
    },
    findPrimaryOwner: (): Promise<Member | undefined> =>
      present().where('role', '=', 'primary_owner').executeTakeFirst(),
    /** How many members there are, counted no further than `max`. */
    countUpTo: async (max: number): Promise<number> => (await present().limit(max).execute()).length,
    /** One row more than `limit` tells that there are more; with `beforeId` the nearest comes first. */
    list: async (filter: MemberFilter): Promise<readonly Member[]> => {
      let query = present().limit(filter.limit + 1);
      // A plus that was not encoded in an address arrives as a space.
      if (filter.email !== undefined)
        query = query.where('email_key', '=', emailKey(filter.email).replaceAll(' ', '+'));
      if (filter.ids?.length) query = query.where('id', 'in', [...filter.ids]);
      if (filter.statuses?.length) query = query.where('status', 'in', [...filter.statuses]);
      if (filter.groupId !== undefined) query = query.where('id', 'in', memberIdsOf(filter.groupId));
      if (filter.roles.length > 0) query = query.where('role', 'in', [...filter.roles]);
      if (filter.search !== undefined) query = query.where(containing(filter.search));
      const { order = 'asc', sortBy = 'added' } = filter;
      const way = filter.beforeId === undefined ? order : reversed(order);
      const column = SORTED_BY[sortBy];
      const id = filter.beforeId ?? filter.afterId;
      if (id !== undefined) {
        const value = column === 'id' ? id : ((await nameKeyOf(id)) ?? '');
        query = query.where(behind({ column, value, id }, way));
      }
      return query.orderBy(column, way).orderBy('id', way).execute();
    },
    attachRole: async (userId: string, roleId: string, at: number): Promise<void> => {
      await tables
        .insertInto('member_roles')
        .values({ user_id: userId, role_id: roleId, created_at: at })
        .onConflict((conflict) => conflict.doNothing())
        .execute();
    },
    detachRole: async (userId: string, roleId: string): Promise<boolean> => {
      const { numDeletedRows } = await tables
        .deleteFrom('member_roles')
        .where('user_id', '=', userId)
        .where('role_id', '=', roleId)
        .executeTakeFirst();
      return numDeletedRows > 0n;
    },
    roleIds: async (userId: string): Promise<readonly string[]> => {
      const rows = await tables
        .selectFrom('member_roles')
        .select('role_id')
        .where('user_id', '=', userId)
        .orderBy('created_at')
        .orderBy('role_id')
        .execute();
      return rows.map(({ role_id }) => role_id);
    },
  };
};

/** The condition that a member's name or e-mail address holds a text, whatever its case. */
export const containing = (text: string) => {
  const pattern = `%${nameKey(text).replace(/[\\%_]/g, '\\$&')}%`;
  return sqlExpression<boolean>`(email_key like ${pattern} escape '\\' or name_key like ${pattern} escape '\\')`;
};
