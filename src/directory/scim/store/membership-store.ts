import type { Sql } from '../../../platform/index.ts';
import type { Tables } from '../tables.ts';

// SQLite takes 32,766 parameters in a statement.
const CHUNK = 5000;

const inChunks = async <T, R>(
  list: readonly T[],
  run: (chunk: readonly T[]) => Promise<readonly R[]>,
): Promise<R[]> => {
  const results: R[] = [];
  for (let at = 0; at < list.length; at += CHUNK) results.push(...(await run(list.slice(at, at + CHUNK))));
  return results;
};

/**
 * Who is in which group: rows that are added and removed without reading the others, so that a change of one member
 * costs the same in a group of any size. Each change answers the ids of those for whom it changed something.
 */
export const membershipStore = (sql: Sql) => {
  const tables = sql.tables<Tables>();
  const add = (groupId: string, userIds: readonly string[], at: number): Promise<readonly string[]> =>
    inChunks(userIds, async (chunk) => {
      const rows = await tables
        .insertInto('rbac_group_members')
        .values(chunk.map((userId) => ({ group_id: groupId, user_id: userId, created_at: at })))
        .onConflict((conflict) => conflict.doNothing())
        .returning('user_id')
        .execute();
      return rows.map(({ user_id }) => user_id);
    });
  const remove = (groupId: string, userIds: readonly string[]): Promise<readonly string[]> =>
    inChunks(userIds, async (chunk) => {
      const rows = await tables
        .deleteFrom('rbac_group_members')
        .where('group_id', '=', groupId)
        .where('user_id', 'in', [...chunk])
        .returning('user_id')
        .execute();
      return rows.map(({ user_id }) => user_id);
    });
  const idsOf = async (groupId: string): Promise<readonly string[]> => {
    const rows = await tables
      .selectFrom('rbac_group_members')
      .select('user_id')
      .where('group_id', '=', groupId)
      .execute();
    return rows.map(({ user_id }) => user_id);
  };
  return {
    add,
    remove,
    idsOf,
    /** Those of the ids that are in the group. */
    among: (groupId: string, userIds: readonly string[]): Promise<readonly string[]> =>
      inChunks(userIds, async (chunk) => {
        const rows = await tables
          .selectFrom('rbac_group_members')
          .select('user_id')
          .where('group_id', '=', groupId)
          .where('user_id', 'in', [...chunk])
          .execute();
        return rows.map(({ user_id }) => user_id);
      }),
    /** Those of the ids that are no person of this directory. */
    unknownTo: async (directoryId: string, userIds: readonly string[]): Promise<readonly string[]> => {
      const known = await inChunks(userIds, async (chunk) => {
        const rows = await tables
          .selectFrom('scim_users')
          .select('user_id')
          .where('directory_id', '=', directoryId)
          .where('deleted_at', 'is', null)
          .where('user_id', 'in', [...chunk])
          .execute();
        return rows.map(({ user_id }) => user_id);
      });
      const there = new Set(known);
      return userIds.filter((id) => !there.has(id));
    },
  };
};
