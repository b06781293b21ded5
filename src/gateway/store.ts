import { sql as expression } from 'kysely';
import type { AccessTables, RequestRow } from '../access/index.ts';
import { firstIdAt } from '../kernel/index.ts';
import type { Sql } from '../platform/index.ts';
import type { SpendTables, UsageRow } from '../spend/index.ts';
import type { GatewayTables } from './tables.ts';

type Tables = AccessTables & SpendTables & GatewayTables;

/** A request with its usage; the usage's fields are null while it runs, and for a refused one. */
export type RecordedRequest = RequestRow & { readonly [Field in keyof UsageRow]: UsageRow[Field] | null };

export type RequestFilter = {
  readonly userId?: string | undefined;
  readonly apiKeyId?: string | undefined;
  readonly groupId?: string | undefined;
  readonly effect?: RequestRow['effect'] | undefined;
  readonly model?: string | undefined;
  readonly sessionId?: string | undefined;
  readonly startingAt?: number | undefined;
  readonly endingAt?: number | undefined;
  readonly limit: number;
  readonly afterId?: string | undefined;
  readonly beforeId?: string | undefined;
};

/** Reads requests together with what they used. */
export const requestStore = (sql: Sql) => {
  const recorded = () =>
    sql.tables<Tables>().selectFrom('requests').leftJoin('usage', 'usage.request_id', 'requests.id').selectAll();
  return {
    find: (id: string) =>
      recorded().where('requests.id', '=', id).executeTakeFirst() as Promise<RecordedRequest | undefined>,
    /** Newest first, or oldest first after `beforeId`; one row more than `limit` tells that there are more. */
    list: async (filter: RequestFilter): Promise<readonly RecordedRequest[]> => {
      let query = recorded().limit(filter.limit + 1);
      if (filter.userId !== undefined) query = query.where('user_id', '=', filter.userId);
      if (filter.apiKeyId !== undefined) query = query.where('api_key_id', '=', filter.apiKeyId);
      if (filter.groupId !== undefined) query = query.where('group_id', '=', filter.groupId);
      if (filter.effect !== undefined) query = query.where('effect', '=', filter.effect);
      if (filter.sessionId !== undefined) query = query.where('session_id', '=', filter.sessionId);
      const { model } = filter;
      if (model !== undefined)
        query = query.where((row) => row.or([row('model_id', '=', model), row('model_asked', '=', model)]));
      if (filter.startingAt !== undefined)
        query = query.where('requests.id', '>=', firstIdAt('request', filter.startingAt));
      if (filter.endingAt !== undefined) query = query.where('requests.id', '<', firstIdAt('request', filter.endingAt));
      if (filter.beforeId !== undefined) {
        const rows = await query.where('requests.id', '>', filter.beforeId).orderBy('requests.id').execute();
        return rows as unknown as readonly RecordedRequest[];
      }
      if (filter.afterId !== undefined) query = query.where('requests.id', '<', filter.afterId);
      return (await query.orderBy('requests.id', 'desc').execute()) as unknown as readonly RecordedRequest[];
    },
    /**
     * Forwarded requests of `node` that have no usage: their process ended before they did. Entries of a batch that is
     * known to have been created are left out; the batch goes on without us and is charged by its results.
     */
    findInterrupted: async (node: string, limit: number): Promise<readonly RequestRow[]> =>
      sql
        .tables<Tables>()
        .selectFrom('requests')
        .selectAll()
        .where('node', '=', node)
        .where('effect', '!=', 'deny')
        .where((row) =>
          row.not(
            row.exists(
              row.selectFrom('usage').select(expression`1`.as('one')).whereRef('usage.request_id', '=', 'requests.id'),
            ),
          ),
        )
        .where((row) =>
          row.not(
            row.exists(
              row
                .selectFrom('batch_entries')
                .innerJoin('upstream_objects', 'upstream_objects.creation_id', 'batch_entries.creation_id')
                .select(expression`1`.as('one'))
                .whereRef('batch_entries.request_id', '=', 'requests.id'),
            ),
          ),
        )
        .orderBy('id')
        .limit(limit)
        .execute(),
  };
};
