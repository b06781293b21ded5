import type { Sql } from '../../../platform/index.ts';
import { toWireTime } from '../../wire.ts';
import type * as contract from '../objects/contract.ts';
import { type Behind, syncStore } from '../store/sync-store.ts';
import type { Tables } from '../tables.ts';
import { describeSync } from './describe.ts';

/** The syncs of a directory, newest first; lists answer one row more than `limit` when there are more. */
export const listSyncs = async (sql: Sql, directoryId: string, window: Behind): Promise<contract.DirectorySync[]> => {
  const syncs = await syncStore(sql).listSyncs(directoryId, window);
  const counts = await syncStore(sql).countChanges(syncs.map(({ id }) => id));
  return syncs.map((sync) => describeSync(sync, counts));
};

/** What a sync has changed, in order. */
export const listChanges = async (
  sql: Sql,
  of: { readonly directoryId: string; readonly syncId: string },
  window: Behind,
): Promise<contract.DirectoryChange[]> => {
  const rows = await syncStore(sql).listChanges(of, window);
  return rows.map((row) => ({
    id: row.id,
    type: 'directory_change',
    at: toWireTime(row.at),
    kind: row.kind,
    user_id: row.user_id,
    rbac_group_id: row.group_id,
    people: row.people,
    detail: row.detail,
  }));
};

/** The removals that wait, longest first. */
export const listRemovals = async (sql: Sql, directoryId: string, window: Behind): Promise<contract.HeldRemoval[]> => {
  const rows = await sql
    .tables<Tables>()
    .selectFrom('scim_removals as r')
    .innerJoin('members as m', 'm.id', 'r.user_id')
    .select(['r.id', 'r.user_id', 'r.reason', 'r.held_at', 'm.email', 'm.name'])
    .where('r.directory_id', '=', directoryId)
    .where('r.status', '=', 'held')
    .where('r.id', '>', window.afterId ?? '')
    .orderBy('r.id')
    .limit(window.limit + 1)
    .execute();
  return rows.map(({ held_at: heldAt, ...row }) => ({ ...row, type: 'held_removal', held_at: toWireTime(heldAt) }));
};

/** The last requests of an identity provider, newest first; only those that failed when `isFailed`. */
export const listRequests = async (
  sql: Sql,
  directoryId: string,
  { isFailed, limit, afterId }: Behind & { readonly isFailed: boolean },
): Promise<contract.DirectoryRequest[]> => {
  const rows = await sql
    .tables<Tables>()
    .selectFrom('scim_requests')
    .selectAll()
    .where('directory_id', '=', directoryId)
    .$if(isFailed, (query) => query.where('status', '>=', 400))
    .$if(afterId !== undefined, (query) => query.where('id', '<', afterId ?? ''))
    .orderBy('id', 'desc')
    .limit(limit + 1)
    .execute();
  return rows.map(({ directory_id: _, at, ...row }) => ({ ...row, type: 'directory_request', at: toWireTime(at) }));
};
