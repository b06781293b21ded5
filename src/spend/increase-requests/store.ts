import type { Selectable } from 'kysely';
import type { Micros, Period } from '../../kernel/index.ts';
import type { Sql } from '../../platform/index.ts';
import type { RequestStatus, RequestTables } from './tables.ts';

/** A member's question for a higher limit. */
export type StoredRequest = Readonly<Selectable<RequestTables['spend_limit_increase_requests']>>;

export type RequestFilter = {
  /** Any when empty. */
  readonly statuses: readonly RequestStatus[];
  /** Anybody's when empty. */
  readonly userIds: readonly string[];
  readonly limit: number;
  readonly beforeId?: string | undefined;
};

/** How a request is resolved. */
export type Resolved = {
  readonly status: 'approved' | 'denied';
  readonly at: number;
  readonly by: string | null;
  readonly amountMicros: Micros | null;
  readonly limitId: string | null;
};

/** Where requests live; a member has at most one pending. */
export const requestStore = (sql: Sql) => {
  const tables = sql.tables<RequestTables>();
  const all = () => tables.selectFrom('spend_limit_increase_requests').selectAll();
  return {
    insert: async (request: Pick<StoredRequest, 'id' | 'user_id' | 'period' | 'created_at'>): Promise<void> => {
      const unresolved = { resolved_at: null, resolved_by: null, amount_micros: null, spend_limit_id: null };
      await tables
        .insertInto('spend_limit_increase_requests')
        .values({ ...request, status: 'pending', ...unresolved })
        .execute();
    },
    find: (id: string): Promise<StoredRequest | undefined> => all().where('id', '=', id).executeTakeFirst(),
    findPending: (userId: string, period: Period): Promise<StoredRequest | undefined> =>
      all()
        .where('user_id', '=', userId)
        .where('period', '=', period)
        .where('status', '=', 'pending')
        .executeTakeFirst(),
    resolve: async (id: string, { status, at, by, amountMicros, limitId }: Resolved): Promise<void> => {
      await tables
        .updateTable('spend_limit_increase_requests')
        .set({ status, resolved_at: at, resolved_by: by, amount_micros: amountMicros, spend_limit_id: limitId })
        .where('id', '=', id)
        .execute();
    },
    /** Newest first. */
    list: ({ statuses, userIds, limit, beforeId }: RequestFilter): Promise<readonly StoredRequest[]> => {
      let query = all().orderBy('id', 'desc').limit(limit);
      if (statuses.length > 0) query = query.where('status', 'in', [...statuses]);
      if (userIds.length > 0) query = query.where('user_id', 'in', [...userIds]);
      if (beforeId !== undefined) query = query.where('id', '<', beforeId);
      return query.execute();
    },
  };
};
