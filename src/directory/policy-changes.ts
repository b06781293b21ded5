import type { Database, Sql } from '../platform/index.ts';
import type { DirectoryTables } from './tables.ts';

/** What a change of policy touched; nodes reread just that. */
export type PolicyEntity =
  | 'member'
  | 'group'
  | 'role'
  | 'api_key'
  | 'device_grant'
  | 'models'
  | 'connector'
  | 'capabilities'
  | 'allow_list'
  | 'workspace'
  | 'spend'
  | 'rates';

export type PolicyChange = { readonly entity: PolicyEntity; readonly id: string };

/** The channel on which nodes hear that the policy has a new version. */
export const POLICY_CHANNEL = 'remit_policy';

/** SQLite takes 32,766 parameters in a statement; a group of twenty thousand may change at once. */
const ROWS_PER_STATEMENT = 1000;

/** Old change rows a node may still have to read: it rereads everything when it was away for longer. */
const KEPT_VERSIONS = 10_000;

/**
 * Runs a transaction that changes the policy. Such changes take turns, on all nodes: what one has checked (a name is
 * free, a member is there) still holds when it writes.
 */
export const changeInTurn = <R>(database: Database, run: (sql: Sql) => Promise<R>): Promise<R> =>
  database.transaction(async (sql) => {
    await database.lock(sql, POLICY_CHANNEL);
    return run(sql);
  });

export type ChangePolicy = (sql: Sql, ...changes: readonly PolicyChange[]) => Promise<void>;

/**
 * Gives the policy its next version within the caller's transaction. The version row is locked until that commits, so
 * versions become visible in their own order and a node that has read version n has missed nothing before it.
 */
export const createChangePolicy =
  (database: Database, now: () => number): ChangePolicy =>
  async (sql, ...changes) => {
    const tables = sql.tables<DirectoryTables>();
    const { version } = await tables
      .updateTable('policy_version')
      .set((row) => ({ version: row('version', '+', 1) }))
      .returning('version')
      .executeTakeFirstOrThrow();
    for (let at = 0; at < changes.length; at += ROWS_PER_STATEMENT)
      await tables
        .insertInto('policy_changes')
        .values(
          changes
            .slice(at, at + ROWS_PER_STATEMENT)
            .map(({ entity, id }) => ({ version, entity, entity_id: id, changed_at: now() })),
        )
        .execute();
    if (version % 1000 === 0)
      await tables
        .deleteFrom('policy_changes')
        .where('version', '<', version - KEPT_VERSIONS)
        .execute();
    await database.notify(sql, POLICY_CHANNEL);
  };

export type ChangesSince =
  /** The node was away so long that rows are gone, or it has just started. */
  | { readonly version: number; readonly everything: true }
  | { readonly version: number; readonly everything: false; readonly changes: readonly PolicyChange[] };

/** What changed after `version`; an unchanged policy answers no changes. */
export const readChangesSince = async (sql: Sql, since: number): Promise<ChangesSince> => {
  const tables = sql.tables<DirectoryTables>();
  const rows = await tables
    .selectFrom('policy_changes')
    .select(['version', 'entity', 'entity_id'])
    .where('version', '>', since)
    .orderBy('version')
    .execute();
  const first = rows[0];
  const last = rows[rows.length - 1];
  if (first === undefined || last === undefined) return { version: since, everything: false, changes: [] };
  if (first.version !== since + 1) return { version: last.version, everything: true };
  const changes = rows.map(({ entity, entity_id }) => ({ entity: entity as PolicyEntity, id: entity_id }));
  return { version: last.version, everything: false, changes };
};

/** The version the policy has now. */
export const readPolicyVersion = async (sql: Sql): Promise<number> => {
  const row = await sql
    .tables<DirectoryTables>()
    .selectFrom('policy_version')
    .select('version')
    .executeTakeFirstOrThrow();
  return row.version;
};
