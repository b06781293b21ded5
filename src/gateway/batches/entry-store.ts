import { sql as expression } from 'kysely';
import type { AccessTables } from '../../access/index.ts';
import type { Sql } from '../../platform/index.ts';
import { type Reservation, readReservations, type SpendTables } from '../../spend/index.ts';
import type { GatewayTables, UpstreamObject } from '../tables.ts';
import type { ChargeableRequest } from '../usage-row.ts';

type Tables = AccessTables & SpendTables & GatewayTables;

export type UnchargedEntry = { readonly customId: string; readonly request: ChargeableRequest };

/** The batches that are still to be charged, and their entries without a usage row. */
export const entryStore = (sql: Sql) => {
  const tables = () => sql.tables<Tables>();
  const uncharged = (creationId: string) =>
    tables()
      .selectFrom('batch_entries')
      .innerJoin('requests', 'requests.id', 'batch_entries.request_id')
      .select([
        'batch_entries.custom_id',
        'requests.id',
        'requests.started_at',
        'requests.body_bytes',
        'requests.model_id',
        'requests.user_id',
        'requests.group_id',
        'requests.api_key_id',
        'requests.workspace_id',
      ])
      .where('batch_entries.creation_id', '=', creationId)
      .where((row) =>
        row.not(
          row.exists(
            row.selectFrom('usage').select(expression`1`.as('one')).whereRef('usage.request_id', '=', 'requests.id'),
          ),
        ),
      );
  type Row = Awaited<ReturnType<ReturnType<typeof uncharged>['execute']>>[number];
  const toEntry = (row: Row, reservation: Reservation | null): UnchargedEntry => ({
    customId: row.custom_id,
    request: {
      id: row.id,
      startedAt: row.started_at,
      endpoint: 'batch_item',
      bodyBytes: row.body_bytes,
      caller: {
        userId: row.user_id,
        groupId: row.group_id,
        workspaceId: row.workspace_id,
        credential: { id: row.api_key_id },
      },
      decision: { model: { id: row.model_id } },
      reservation,
    },
  });
  const withReservations = async (rows: readonly Row[]): Promise<readonly UnchargedEntry[]> => {
    const reservations = await readReservations(
      sql,
      rows.map(({ id }) => id),
    );
    return rows.map((row) => toEntry(row, reservations.get(row.id) ?? null));
  };
  return {
    findUncharged: async (creationId: string, customIds: readonly string[]): Promise<readonly UnchargedEntry[]> =>
      withReservations(await uncharged(creationId).where('batch_entries.custom_id', 'in', customIds).execute()),
    listUncharged: async (creationId: string, limit: number): Promise<readonly UnchargedEntry[]> =>
      withReservations(await uncharged(creationId).orderBy('requests.id').limit(limit).execute()),
    /** How many entries wait in batches that are not known to have ended. */
    countQueued: async (): Promise<number> => {
      const { count } = await tables()
        .selectFrom('open_batches')
        .innerJoin('upstream_objects', 'upstream_objects.id', 'open_batches.batch_id')
        .innerJoin('batch_entries', 'batch_entries.creation_id', 'upstream_objects.creation_id')
        .select(({ fn }) => fn.countAll<number>().as('count'))
        .executeTakeFirstOrThrow();
      return Number(count);
    },
    /** Queues a batch for charging. */
    open: async (batchId: string, nextCheckAt: number): Promise<void> => {
      await tables().insertInto('open_batches').values({ batch_id: batchId, next_check_at: nextCheckAt }).execute();
    },
    isOpen: async (batchId: string): Promise<boolean> => {
      const row = await tables()
        .selectFrom('open_batches')
        .select('batch_id')
        .where('batch_id', '=', batchId)
        .executeTakeFirst();
      return row !== undefined;
    },
    close: async (batchId: string): Promise<void> => {
      await tables().deleteFrom('open_batches').where('batch_id', '=', batchId).execute();
    },
    listDue: async (
      now: number,
      limit: number,
    ): Promise<readonly (UpstreamObject & { readonly next_check_at: number })[]> =>
      tables()
        .selectFrom('open_batches')
        .innerJoin('upstream_objects', 'upstream_objects.id', 'open_batches.batch_id')
        .selectAll('upstream_objects')
        .select('open_batches.next_check_at')
        .where('next_check_at', '<=', now)
        .orderBy('next_check_at')
        .limit(limit)
        .execute(),
    /** Moves the next check from where the caller saw it; false when another node was quicker. */
    postpone: async (batchId: string, from: number, to: number): Promise<boolean> => {
      const { numUpdatedRows } = await tables()
        .updateTable('open_batches')
        .set({ next_check_at: to })
        .where('batch_id', '=', batchId)
        .where('next_check_at', '=', from)
        .executeTakeFirst();
      return numUpdatedRows > 0n;
    },
  };
};
