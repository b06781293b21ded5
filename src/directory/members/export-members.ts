import type { Doer } from '../../kernel/index.ts';
import { csvLine, type Sql } from '../../platform/index.ts';
import type { DirectoryDeps } from '../deps.ts';
import type { DirectoryTables } from '../tables.ts';
import { toWireTime } from '../wire.ts';

import { type Member, memberStore } from './store.ts';

const PAGE = 1000;

const HEAD = ['name', 'email', 'role', 'seat_type', 'status', 'groups', 'roles', 'added'] as const;

// Without it, spreadsheets read letters beyond English as something else.
const BYTE_ORDER_MARK = '\uFEFF';

/**
 * Every member as a CSV file, in pieces of a thousand, so that an organisation of any size is never in memory as a whole.
 * The export is recorded before its first line is read.
 */
export const exportMembers =
  ({ database, record }: DirectoryDeps) =>
  async (by: Doer): Promise<AsyncIterable<string>> => {
    await record(database, by, { type: 'org_members_exported' });
    return readLines(database);
  };

async function* readLines(sql: Sql): AsyncGenerator<string> {
  yield BYTE_ORDER_MARK + csvLine(HEAD);
  let afterId: string | undefined;
  for (;;) {
    const page = (await memberStore(sql).list({ roles: [], limit: PAGE, afterId })).slice(0, PAGE);
    if (page.length === 0) return;
    yield await linesOf(sql, page);
    afterId = page.at(-1)?.id;
  }
}

const linesOf = async (sql: Sql, members: readonly Member[]): Promise<string> => {
  const ids = members.map(({ id }) => id);
  const [groups, roles] = await Promise.all([groupNames(sql, ids), roleNames(sql, ids)]);
  const listed = (names: readonly string[] | undefined) => [...new Set(names ?? [])].join('; ');
  return members
    .map(({ id, name, email, role, seat_tier, status, added_at }) =>
      csvLine([
        name,
        email,
        role,
        seat_tier ?? '',
        status,
        listed(groups.get(id)),
        listed(roles.get(id)),
        toWireTime(added_at),
      ]),
    )
    .join('');
};

type Named = { readonly user_id: string; readonly name: string };

const byMember = (rows: readonly Named[]): ReadonlyMap<string, readonly string[]> =>
  new Map([...Map.groupBy(rows, ({ user_id }) => user_id)].map(([id, list]) => [id, list.map(({ name }) => name)]));

const groupNames = async (sql: Sql, ids: readonly string[]) =>
  byMember(
    await sql
      .tables<DirectoryTables>()
      .selectFrom('rbac_group_members')
      .innerJoin('rbac_groups', 'rbac_groups.id', 'rbac_group_members.group_id')
      .select(['user_id', 'rbac_groups.name'])
      .where('user_id', 'in', [...ids])
      .orderBy('rbac_groups.name')
      .execute(),
  );

/** Custom roles by member: their own and those of their groups. */
const roleNames = async (sql: Sql, ids: readonly string[]) => {
  const tables = sql.tables<DirectoryTables>();
  const own = tables
    .selectFrom('member_roles')
    .innerJoin('rbac_roles', 'rbac_roles.id', 'member_roles.role_id')
    .select(['user_id', 'rbac_roles.display_name as name'])
    .where('user_id', 'in', [...ids]);
  const ofGroups = tables
    .selectFrom('rbac_group_members')
    .innerJoin('rbac_group_roles', 'rbac_group_roles.group_id', 'rbac_group_members.group_id')
    .innerJoin('rbac_roles', 'rbac_roles.id', 'rbac_group_roles.role_id')
    .select(['user_id', 'rbac_roles.display_name as name'])
    .where('user_id', 'in', [...ids]);
  return byMember(await own.union(ofGroups).orderBy('name').execute());
};
