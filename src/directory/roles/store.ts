import type { Insertable, Selectable } from 'kysely';
import type { Position, Sql } from '../../platform/index.ts';
import type { DirectoryTables } from '../tables.ts';

export type Role = Readonly<Selectable<DirectoryTables['rbac_roles']>>;

/** Where custom roles live; what a role grants belongs to the rooms that enforce it. */
export const roleStore = (sql: Sql) => {
  const tables = sql.tables<DirectoryTables>();
  return {
    insert: async (role: Insertable<DirectoryTables['rbac_roles']>): Promise<void> => {
      await tables.insertInto('rbac_roles').values(role).execute();
    },
    rename: async (id: string, displayName: string, at: number): Promise<void> => {
      await tables
        .updateTable('rbac_roles')
        .set({ display_name: displayName, updated_at: at })
        .where('id', '=', id)
        .execute();
    },
    find: (id: string): Promise<Role | undefined> =>
      tables.selectFrom('rbac_roles').selectAll().where('id', '=', id).executeTakeFirst(),
    findByName: (displayName: string): Promise<Role | undefined> =>
      tables.selectFrom('rbac_roles').selectAll().where('display_name', '=', displayName).executeTakeFirst(),
    /** By name, behind the position (name, id) of a cursor; one row more than `limit` tells that there are more. */
    list: (limit: number, after?: Position): Promise<readonly Role[]> => {
      const [name = '', id = ''] = after ?? [];
      return tables
        .selectFrom('rbac_roles')
        .selectAll()
        .$if(after !== undefined, (query) =>
          query.where(({ eb, refTuple, tuple }) => eb(refTuple('display_name', 'id'), '>', tuple(name, id))),
        )
        .orderBy('display_name')
        .orderBy('id')
        .limit(limit + 1)
        .execute();
    },
    /** Removes the role from every group and member, then the role. */
    remove: async (id: string): Promise<void> => {
      await tables.deleteFrom('rbac_group_roles').where('role_id', '=', id).execute();
      await tables.deleteFrom('member_roles').where('role_id', '=', id).execute();
      await tables.deleteFrom('rbac_roles').where('id', '=', id).execute();
    },
  };
};
