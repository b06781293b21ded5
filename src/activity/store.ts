import type { Insertable, Selectable } from 'kysely';
import type { Sql } from '../platform/index.ts';
import type { ActivityTables } from './tables.ts';

export type StoredActivity = Readonly<Selectable<ActivityTables['activities']>>;

/** What to read; every filter narrows. Times are epoch milliseconds, `from` counts and `until` does not. */
export type ActivityFilter = {
  readonly types: readonly string[];
  readonly exceptTypes: readonly string[];
  readonly actorIds: readonly string[];
  readonly subjectId?: string | undefined;
  readonly requestId?: string | undefined;
  readonly from?: number | undefined;
  readonly until?: number | undefined;
};

/** Where in the feed to read: rows behind `afterId` in the order, or those right before `beforeId`. */
export type ActivityPage = {
  readonly order: 'asc' | 'desc';
  readonly limit: number;
  readonly afterId?: string | undefined;
  readonly beforeId?: string | undefined;
};

/** Where activities live. Rows are only added; a cursor is an activity's id, whether or not that row still exists. */
export const activityStore = (sql: Sql) => {
  const tables = sql.tables<ActivityTables>();
  return {
    insert: async (rows: readonly Insertable<ActivityTables['activities']>[]): Promise<void> => {
      await tables.insertInto('activities').values(rows).execute();
    },
    /** One row more than `limit` tells that there are more; with `beforeId` the nearest comes first. */
    list: (filter: ActivityFilter, page: ActivityPage): Promise<readonly StoredActivity[]> => {
      const { afterId, beforeId } = page;
      const isForward = (page.order === 'asc') === (beforeId === undefined);
      let query = tables
        .selectFrom('activities')
        .selectAll()
        .orderBy('id', isForward ? 'asc' : 'desc')
        .limit(page.limit + 1);
      const cursor = beforeId ?? afterId;
      if (cursor !== undefined) query = query.where('id', isForward ? '>' : '<', cursor);
      if (filter.types.length > 0) query = query.where('type', 'in', [...filter.types]);
      if (filter.exceptTypes.length > 0) query = query.where('type', 'not in', [...filter.exceptTypes]);
      if (filter.actorIds.length > 0) query = query.where('actor_id', 'in', [...filter.actorIds]);
      if (filter.subjectId !== undefined) query = query.where('subject_id', '=', filter.subjectId);
      if (filter.requestId !== undefined) query = query.where('request_id', '=', filter.requestId);
      if (filter.from !== undefined) query = query.where('created_at', '>=', filter.from);
      if (filter.until !== undefined) query = query.where('created_at', '<', filter.until);
      return query.execute();
    },
    /** Deletes what happened before a time. */
    deleteBefore: async (time: number): Promise<void> => {
      await tables.deleteFrom('activities').where('created_at', '<', time).execute();
    },
  };
};
