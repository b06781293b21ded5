import type { ActivityType } from '../../activity/index.ts';
import { type Doer, Refusal } from '../../kernel/index.ts';
import type { Sql } from '../../platform/index.ts';
import type { DirectoryDeps } from '../deps.ts';
import { changeInTurn } from '../policy-changes.ts';
import type { DirectoryTables } from '../tables.ts';
import { refuseProvisioned } from './change-group.ts';
import { refuseOwnerAccess } from './owner-access.ts';
import { groupStore } from './store.ts';

/** What became of one member of a bulk change. */
export type MembershipOutcome = 'added' | 'removed' | 'unchanged' | 'not_a_member';

export type MembershipResult = { readonly userId: string; readonly outcome: MembershipOutcome };

const ROWS_AT_ONCE = 500;

/** Adds many members to a group in one change; those who are in it already stay, and unknown ids keep no other back. */
export const addGroupMembers =
  (deps: DirectoryDeps) =>
  (groupId: string, wanted: readonly string[] | 'all', by: Doer): Promise<readonly MembershipResult[]> =>
    changeInTurn(deps.database, async (sql) => {
      refuseProvisioned(await groupStore(sql).find(groupId), groupId);
      await refuseOwnerAccess(sql, groupId, by);
      const present = await presentMembers(sql, wanted);
      const inside = await membersIn(sql, groupId);
      const added = [...present].filter((id) => !inside.has(id));
      const at = deps.now();
      for (const some of chunks(added))
        await sql
          .tables<DirectoryTables>()
          .insertInto('rbac_group_members')
          .values(some.map((user_id) => ({ group_id: groupId, user_id, created_at: at })))
          .execute();
      const ids = wanted === 'all' ? [...present] : [...new Set(wanted)];
      const isNew = new Set(added);
      const results = ids.map((userId): MembershipResult => {
        if (!present.has(userId)) return { userId, outcome: 'not_a_member' };
        return { userId, outcome: isNew.has(userId) ? 'added' : 'unchanged' };
      });
      await finish(deps, sql, { groupId, changed: added, results, by, types: ADDING });
      return results;
    });

/** Takes many members out of a group in one change; those who are not in it keep no other back. */
export const removeGroupMembers =
  (deps: DirectoryDeps) =>
  (groupId: string, wanted: readonly string[], by: Doer): Promise<readonly MembershipResult[]> =>
    changeInTurn(deps.database, async (sql) => {
      refuseProvisioned(await groupStore(sql).find(groupId), groupId);
      await refuseOwnerAccess(sql, groupId, by);
      const inside = await membersIn(sql, groupId);
      const removed = [...new Set(wanted)].filter((id) => inside.has(id));
      for (const some of chunks(removed))
        await sql
          .tables<DirectoryTables>()
          .deleteFrom('rbac_group_members')
          .where('group_id', '=', groupId)
          .where('user_id', 'in', [...some])
          .execute();
      const results = [...new Set(wanted)].map(
        (userId): MembershipResult => ({
          userId,
          outcome: inside.has(userId) ? 'removed' : 'not_a_member',
        }),
      );
      await finish(deps, sql, { groupId, changed: removed, results, by, types: REMOVING });
      return results;
    });

type Types = { readonly done: ActivityType; readonly failed: ActivityType };

const ADDING = { done: 'group_member_added', failed: 'group_member_addition_failed' } as const satisfies Types;
const REMOVING = { done: 'group_member_removed', failed: 'group_member_removal_failed' } as const satisfies Types;

type Finished = {
  readonly groupId: string;
  readonly changed: readonly string[];
  readonly results: readonly MembershipResult[];
  readonly by: Doer;
  readonly types: typeof ADDING | typeof REMOVING;
};

/** Tells the policy and the feed of a bulk change, of what failed as well. */
const finish = async (
  { changePolicy, record }: DirectoryDeps,
  sql: Sql,
  { groupId, changed, results, by, types }: Finished,
): Promise<void> => {
  const failed = results.filter(({ outcome }) => outcome === 'not_a_member').map(({ userId }) => userId);
  for (const some of chunks(changed)) await changePolicy(sql, ...some.map((id) => ({ entity: 'member' as const, id })));
  if (changed.length > 0) await record(sql, by, { type: types.done, group_id: groupId, member_ids: changed });
  if (failed.length > 0) await record(sql, by, { type: types.failed, group_id: groupId, member_ids: failed });
};

const presentMembers = async (sql: Sql, wanted: readonly string[] | 'all'): Promise<ReadonlySet<string>> => {
  const present = sql.tables<DirectoryTables>().selectFrom('members').select('id').where('status', '!=', 'removed');
  if (wanted === 'all') return new Set((await present.execute()).map(({ id }) => id));
  const found = new Set<string>();
  for (const some of chunks(wanted))
    for (const { id } of await present.where('id', 'in', [...some]).execute()) found.add(id);
  return found;
};

const membersIn = async (sql: Sql, groupId: string): Promise<ReadonlySet<string>> => {
  const rows = await sql
    .tables<DirectoryTables>()
    .selectFrom('rbac_group_members')
    .select('user_id')
    .where('group_id', '=', groupId)
    .execute();
  return new Set(rows.map(({ user_id }) => user_id));
};

const chunks = <T>(items: readonly T[]): readonly (readonly T[])[] =>
  Array.from({ length: Math.ceil(items.length / ROWS_AT_ONCE) }, (_, at) =>
    items.slice(at * ROWS_AT_ONCE, (at + 1) * ROWS_AT_ONCE),
  );

/**
 * Records an addition or a removal of one member that was refused, and refuses it. What failed is worth knowing, so it is
 * written although nothing changed.
 */
export const recordFailure =
  ({ database, record }: DirectoryDeps) =>
  async (refused: unknown, failure: { groupId: string; userId: string; what: 'addition' | 'removal'; by: Doer }) => {
    const { groupId, userId, what, by } = failure;
    if (refused instanceof Refusal)
      await record(database, by, {
        type: what === 'addition' ? ADDING.failed : REMOVING.failed,
        group_id: groupId,
        member_ids: [userId],
      });
    throw refused;
  };
