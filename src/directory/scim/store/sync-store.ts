import type { Insertable, Selectable } from 'kysely';
import type { Sql } from '../../../platform/index.ts';
import type { RemovalStatus, Tables } from '../tables.ts';

/** A removal that waited, or waits, for an administrator. */
export type Removal = Readonly<Selectable<Tables['scim_removals']>>;

/** A note of what was changed that is not yet under a sync. */
export type NewNote = Omit<Insertable<Tables['scim_changes']>, 'sync_id'>;

/** The rows of a list behind one of them, one more than `limit`. */
export type Behind = { readonly limit: number; readonly afterId?: string | undefined };

/** Where it is kept what syncs have done, and which removals wait. */
export const syncStore = (sql: Sql) => {
  const tables = sql.tables<Tables>();
  return {
    /** Extends the sync of this directory whose last change was after `since`; undefined when a new one begins. */
    extendRunning: async (directoryId: string, { since, at }: { readonly since: number; readonly at: number }) => {
      const row = await tables
        .updateTable('scim_syncs')
        .set({ last_at: at })
        .where('directory_id', '=', directoryId)
        .where('last_at', '>', since)
        .returning('id')
        .executeTakeFirst();
      return row?.id;
    },
    insertSync: async (sync: Insertable<Tables['scim_syncs']>): Promise<void> => {
      await tables.insertInto('scim_syncs').values(sync).execute();
    },
    insertChanges: async (changes: readonly Insertable<Tables['scim_changes']>[]): Promise<void> => {
      await tables
        .insertInto('scim_changes')
        .values([...changes])
        .execute();
    },
    /** How many people have lost access since a time without anybody's approval. */
    countRemovals: async (directoryId: string, since: number): Promise<number> => {
      const { count } = await tables
        .selectFrom('scim_changes')
        .select((row) => row.fn.countAll<number>().as('count'))
        .where('directory_id', '=', directoryId)
        .where('counts_as_removal', '=', 1)
        .where('at', '>', since)
        .executeTakeFirstOrThrow();
      return Number(count);
    },
    /** How many people of the directory have access now. */
    countWithAccess: async (directoryId: string): Promise<number> => {
      const { count } = await tables
        .selectFrom('scim_users as u')
        .innerJoin('members as m', 'm.id', 'u.user_id')
        .select((row) => row.fn.countAll<number>().as('count'))
        .where('u.directory_id', '=', directoryId)
        .where('m.status', '=', 'active')
        .executeTakeFirstOrThrow();
      return Number(count);
    },
    insertRemoval: async (removal: Insertable<Tables['scim_removals']>): Promise<void> => {
      await tables.insertInto('scim_removals').values(removal).execute();
    },
    findHeldOf: (userId: string): Promise<Removal | undefined> =>
      tables
        .selectFrom('scim_removals')
        .selectAll()
        .where('user_id', '=', userId)
        .where('status', '=', 'held')
        .executeTakeFirst(),
    findRemoval: (directoryId: string, id: string): Promise<Removal | undefined> =>
      tables
        .selectFrom('scim_removals')
        .selectAll()
        .where('directory_id', '=', directoryId)
        .where('id', '=', id)
        .executeTakeFirst(),
    held: (directoryId: string): Promise<readonly Removal[]> =>
      tables
        .selectFrom('scim_removals')
        .selectAll()
        .where('directory_id', '=', directoryId)
        .where('status', '=', 'held')
        .orderBy('id')
        .execute(),
    decide: async (id: string, status: RemovalStatus, at: number): Promise<void> => {
      await tables.updateTable('scim_removals').set({ status, decided_at: at }).where('id', '=', id).execute();
    },
    /** Newest first. */
    listSyncs: (directoryId: string, { limit, afterId }: Behind) =>
      tables
        .selectFrom('scim_syncs')
        .selectAll()
        .where('directory_id', '=', directoryId)
        .$if(afterId !== undefined, (query) => query.where('id', '<', afterId ?? ''))
        .orderBy('id', 'desc')
        .limit(limit + 1)
        .execute(),
    /** How many people and groups each kind of change concerned, by sync. */
    countChanges: async (syncIds: readonly string[]) => {
      if (syncIds.length === 0) return [];
      const rows = await tables
        .selectFrom('scim_changes')
        .select([
          'sync_id',
          'kind',
          (row) => row.fn.sum<number>('people').as('people'),
          (row) => row.fn.countAll<number>().as('count'),
        ])
        .where('sync_id', 'in', [...syncIds])
        .groupBy(['sync_id', 'kind'])
        .execute();
      return rows.map((row) => ({ ...row, people: Number(row.people), count: Number(row.count) }));
    },
    listChanges: (
      { directoryId, syncId }: { readonly directoryId: string; readonly syncId: string },
      { limit, afterId }: Behind,
    ) =>
      tables
        .selectFrom('scim_changes')
        .selectAll()
        .where('directory_id', '=', directoryId)
        .where('sync_id', '=', syncId)
        .where('id', '>', afterId ?? '')
        .orderBy('id')
        .limit(limit + 1)
        .execute(),
  };
};
