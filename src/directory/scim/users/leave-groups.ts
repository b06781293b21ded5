import type { Work } from '../sync/context.ts';
import type { Tables } from '../tables.ts';

/** Takes somebody out of all groups of the directory, whose versions move on; other groups are not its concern. */
export const leaveGroups = async ({ deps, sql, by, directory }: Work, userId: string): Promise<void> => {
  const tables = sql.tables<Tables>();
  const own = tables.selectFrom('scim_groups').select('group_id').where('directory_id', '=', directory.id);
  const left = await tables
    .deleteFrom('rbac_group_members')
    .where('user_id', '=', userId)
    .where('group_id', 'in', own)
    .returning('group_id')
    .execute();
  if (left.length === 0) return;
  const groupIds = left.map(({ group_id }) => group_id);
  await tables
    .updateTable('scim_groups')
    .set((row) => ({ version: row('version', '+', 1), updated_at: deps.now() }))
    .where('group_id', 'in', groupIds)
    .execute();
  await deps.changePolicy(sql, { entity: 'member', id: userId });
  await deps.record(
    sql,
    by,
    ...groupIds.map((id) => ({ type: 'group_member_removed' as const, group_id: id, member_ids: [userId] })),
  );
};
