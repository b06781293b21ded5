import type { Selectable, Updateable } from 'kysely';
import type { Sql } from '../sql/index.ts';
import type { DeliveryState, OutboxTables } from './tables.ts';

export type StoredNotice = Readonly<Selectable<OutboxTables['outbox_notices']>>;
export type StoredDelivery = Readonly<Selectable<OutboxTables['outbox_deliveries']>>;

/** Claims at most `count` of what is due at `now`, until `until`; `lease` names the claim. */
type Claim = { readonly now: number; readonly until: number; readonly lease: string; readonly count: number };

/** What to list: newest first, of some kinds, with a delivery in a state. */
export type NoticeFilter = {
  readonly limit: number;
  readonly afterId?: string | undefined;
  readonly beforeId?: string | undefined;
  readonly kinds: readonly string[];
  readonly state?: DeliveryState | undefined;
};

const ROWS_AT_ONCE = 500;

/** Where notices and their deliveries live until they are forgotten. */
export const outboxStore = (sql: Sql) => {
  const tables = sql.tables<OutboxTables>();
  return {
    /** Answers whether the event was new. */
    insertNotice: async (notice: StoredNotice): Promise<boolean> => {
      const inserted = await tables
        .insertInto('outbox_notices')
        .values(notice)
        .onConflict((conflict) => conflict.column('key').doNothing())
        .returning('id')
        .executeTakeFirst();
      return inserted !== undefined;
    },
    insertDeliveries: async (rows: readonly StoredDelivery[]): Promise<void> => {
      for (let at = 0; at < rows.length; at += ROWS_AT_ONCE)
        await tables
          .insertInto('outbox_deliveries')
          .values(rows.slice(at, at + ROWS_AT_ONCE))
          .execute();
    },
    /**
     * Nobody else gets what is claimed before the claim ends: the condition stands on the row that is updated, so that a
     * node that waited for another's update looks at it again.
     */
    claim: ({ now, until, lease, count }: Claim): Promise<readonly StoredDelivery[]> =>
      tables
        .updateTable('outbox_deliveries')
        .set((row) => ({ lease, leased_until: until, attempts: row('attempts', '+', 1) }))
        .where('state', '=', 'due')
        .where('leased_until', '<=', now)
        .where(
          'id',
          'in',
          tables
            .selectFrom('outbox_deliveries')
            .select('id')
            .where('state', '=', 'due')
            .where('next_try_at', '<=', now)
            .where('leased_until', '<=', now)
            .orderBy('next_try_at')
            .orderBy('id')
            .limit(count),
        )
        .returningAll()
        .execute(),
    /** Changes a delivery if the claim still holds. */
    settle: async (
      { id, lease }: Pick<StoredDelivery, 'id' | 'lease'>,
      changes: Updateable<OutboxTables['outbox_deliveries']>,
    ): Promise<void> => {
      await tables
        .updateTable('outbox_deliveries')
        .set({ ...changes, lease: null, leased_until: 0 })
        .where('id', '=', id)
        .where('lease', '=', lease)
        .execute();
    },
    findDelivery: (id: string): Promise<StoredDelivery | undefined> =>
      tables.selectFrom('outbox_deliveries').selectAll().where('id', '=', id).executeTakeFirst(),
    /** Makes a delivery that was given up due again, with all its tries. Answers whether it was given up. */
    reopen: async (id: string, now: number): Promise<boolean> => {
      const { numUpdatedRows } = await tables
        .updateTable('outbox_deliveries')
        .set({ state: 'due', attempts: 0, next_try_at: now, leased_until: 0, lease: null })
        .where('id', '=', id)
        .where('state', '=', 'failed')
        .where('content', 'is not', null)
        .executeTakeFirst();
      return numUpdatedRows > 0;
    },
    /** Newest first, with `beforeId` the nearest first; one row more than `limit` tells that there are more. */
    list: ({ limit, afterId, beforeId, kinds, state }: NoticeFilter): Promise<readonly StoredNotice[]> => {
      let query = tables
        .selectFrom('outbox_notices')
        .selectAll()
        .limit(limit + 1);
      if (kinds.length > 0) query = query.where('kind', 'in', [...kinds]);
      if (state !== undefined)
        query = query.where(
          'id',
          'in',
          tables.selectFrom('outbox_deliveries').select('notice_id').where('state', '=', state),
        );
      if (beforeId !== undefined) return query.where('id', '>', beforeId).orderBy('id').execute();
      if (afterId !== undefined) query = query.where('id', '<', afterId);
      return query.orderBy('id', 'desc').execute();
    },
    deliveriesOf: async (noticeIds: readonly string[]): Promise<readonly StoredDelivery[]> =>
      noticeIds.length === 0
        ? []
        : tables
            .selectFrom('outbox_deliveries')
            .selectAll()
            .where('notice_id', 'in', [...noticeIds])
            .orderBy('id')
            .execute(),
    countFailed: async (): Promise<number> => {
      const { count } = await tables
        .selectFrom('outbox_deliveries')
        .select(({ fn }) => fn.countAll<number>().as('count'))
        .where('state', '=', 'failed')
        .executeTakeFirstOrThrow();
      return Number(count);
    },
    /** Forgets notices made before a time, with their deliveries, sent or not. */
    forgetBefore: async (time: number): Promise<void> => {
      await tables.deleteFrom('outbox_deliveries').where('created_at', '<', time).execute();
      await tables.deleteFrom('outbox_notices').where('created_at', '<', time).execute();
    },
  };
};
