import type { Insertable, Selectable, Updateable } from 'kysely';
import type { Sql } from '../../platform/index.ts';
import { containing } from '../containing.ts';
import { behind, reversed, type SortOrder } from '../sorted-page.ts';
import type { ApiKeyStatus, DirectoryTables } from '../tables.ts';

export type StoredApiKey = Readonly<Selectable<DirectoryTables['api_keys']>>;

export type KeySort = 'created' | 'name';

const SORTED_BY = { created: 'id', name: 'name' } as const;

export type ApiKeyFilter = {
  readonly status?: ApiKeyStatus | 'expired' | undefined;
  readonly createdBy?: string | undefined;
  readonly userId?: string | undefined;
  readonly groupId?: string | undefined;
  readonly workspaceId?: string | undefined;
  /** Part of a name or hint. */
  readonly search?: string | undefined;
  /** By when they were made when absent: ids are made in that order. */
  readonly sortBy?: KeySort | undefined;
  /** Down when absent: the newest first. */
  readonly order?: SortOrder | undefined;
  readonly limit: number;
  readonly afterId?: string | undefined;
  readonly beforeId?: string | undefined;
};

/** Whose keys: of each that is named, at least one. */
type KeysOf =
  | { readonly userId: string; readonly groupId?: undefined; readonly workspaceId?: string }
  | { readonly groupId: string; readonly userId?: undefined; readonly workspaceId?: undefined }
  | { readonly workspaceId: string; readonly userId?: undefined; readonly groupId?: undefined };

/** Where keys live: their hash, never the secret. Keys are archived, not deleted, so that history keeps their names. */
export const apiKeyStore = (sql: Sql) => {
  const tables = sql.tables<DirectoryTables>();
  const all = () => tables.selectFrom('api_keys').selectAll();
  const nameOf = async (id: string): Promise<string | undefined> =>
    (await tables.selectFrom('api_keys').select('name').where('id', '=', id).executeTakeFirst())?.name;
  return {
    insert: async (key: Insertable<DirectoryTables['api_keys']>): Promise<void> => {
      await tables.insertInto('api_keys').values(key).execute();
    },
    update: async (id: string, changes: Updateable<DirectoryTables['api_keys']>): Promise<void> => {
      await tables.updateTable('api_keys').set(changes).where('id', '=', id).execute();
    },
    /**
     * Archives the keys of a removed member, a deleted group or an archived workspace; answers the ids of those that were
     * not archived yet.
     */
    archiveOf: async (whose: KeysOf): Promise<readonly string[]> => {
      let update = tables.updateTable('api_keys').set({ status: 'archived' }).where('status', '!=', 'archived');
      if (whose.userId !== undefined) update = update.where('user_id', '=', whose.userId);
      if (whose.groupId !== undefined) update = update.where('group_id', '=', whose.groupId);
      if (whose.workspaceId !== undefined) update = update.where('workspace_id', '=', whose.workspaceId);
      const rows = await update.returning('id').execute();
      return rows.map(({ id }) => id);
    },
    find: (id: string): Promise<StoredApiKey | undefined> => all().where('id', '=', id).executeTakeFirst(),
    findByHash: (hash: string): Promise<StoredApiKey | undefined> =>
      all().where('secret_hash', '=', hash).executeTakeFirst(),
    /** Admin keys that are not revoked, newest first. */
    listAdmin: (): Promise<readonly StoredApiKey[]> =>
      all().where('kind', '=', 'admin').where('status', '!=', 'archived').orderBy('id', 'desc').execute(),
    findFromConfig: (): Promise<readonly StoredApiKey[]> =>
      all().where('origin', '=', 'config').where('status', '=', 'active').execute(),
    /**
     * Newest first unless sorted otherwise, with `beforeId` the nearest first; one row more than `limit` tells that there are more. Admin keys
     * are not listed (Admin API).
     */
    list: async (filter: ApiKeyFilter, now: number): Promise<readonly StoredApiKey[]> => {
      let query = all()
        .where('kind', '!=', 'admin')
        .limit(filter.limit + 1);
      if (filter.status === 'expired') query = query.where('expires_at', '<=', now).where('status', '=', 'active');
      else if (filter.status !== undefined) query = query.where('status', '=', filter.status);
      if (filter.status === 'active')
        query = query.where((row) => row.or([row('expires_at', 'is', null), row('expires_at', '>', now)]));
      if (filter.createdBy !== undefined) query = query.where('created_by', '=', filter.createdBy);
      if (filter.userId !== undefined) query = query.where('user_id', '=', filter.userId);
      if (filter.groupId !== undefined) query = query.where('group_id', '=', filter.groupId);
      if (filter.workspaceId !== undefined) query = query.where('workspace_id', '=', filter.workspaceId);
      if (filter.search !== undefined) query = query.where(containing(['name', 'hint'], filter.search));
      const { order = 'desc', sortBy = 'created' } = filter;
      const way = filter.beforeId === undefined ? order : reversed(order);
      const column = SORTED_BY[sortBy];
      const id = filter.beforeId ?? filter.afterId;
      if (id !== undefined) {
        const value = column === 'id' ? id : ((await nameOf(id)) ?? '');
        query = query.where(behind({ column, value, id }, way));
      }
      return query.orderBy(column, way).orderBy('id', way).execute();
    },
  };
};
