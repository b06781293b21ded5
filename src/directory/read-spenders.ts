import type { Sql } from '../platform/index.ts';
import type { DirectoryTables } from './tables.ts';

/** What of a member decides which spend limits are theirs, and what they are called. Suspended members are members. */
export type SpenderRow = {
  readonly id: string;
  readonly email: string;
  readonly name: string;
  readonly seatTier: string | null;
  readonly groupIds: readonly string[];
};

/** Whom to read: at most `limit` of them, by id, behind `afterId`; of certain people only those. */
export type SpenderPage = {
  readonly limit: number;
  readonly afterId?: string | undefined;
  readonly ids?: readonly string[] | undefined;
};

/** Reads members by their ids with the groups they are in. */
export const readSpenders = async (sql: Sql, { limit, afterId, ids }: SpenderPage): Promise<readonly SpenderRow[]> => {
  const tables = sql.tables<DirectoryTables>();
  let members = tables
    .selectFrom('members')
    .select(['id', 'email', 'name', 'seat_tier'])
    .where('status', '!=', 'removed')
    .orderBy('id')
    .limit(limit);
  if (ids !== undefined) members = members.where('id', 'in', [...ids]);
  if (afterId !== undefined) members = members.where('id', '>', afterId);
  const rows = await members.execute();
  if (rows.length === 0) return [];
  const inGroups = await tables
    .selectFrom('rbac_group_members')
    .select(['user_id', 'group_id'])
    .where(
      'user_id',
      'in',
      rows.map(({ id }) => id),
    )
    .orderBy('created_at')
    .orderBy('group_id')
    .execute();
  const groups = Map.groupBy(inGroups, ({ user_id }) => user_id);
  return rows.map(({ seat_tier: seatTier, ...row }) => ({
    ...row,
    seatTier,
    groupIds: (groups.get(row.id) ?? []).map(({ group_id }) => group_id),
  }));
};

/** How many members have each seat tier; those without one are not counted. */
export const countSeatTiers = async (sql: Sql): Promise<ReadonlyMap<string, number>> => {
  const rows = await sql
    .tables<DirectoryTables>()
    .selectFrom('members')
    .select(['seat_tier', (row) => row.fn.countAll<number>().as('count')])
    .where('status', '!=', 'removed')
    .where('seat_tier', 'is not', null)
    .groupBy('seat_tier')
    .execute();
  return new Map(rows.map(({ seat_tier, count }) => [seat_tier ?? '', Number(count)]));
};
