import type { Selectable } from 'kysely';
import type { Micros } from '../../../kernel/index.ts';
import type { Sql } from '../../../platform/index.ts';
import type { LimitMode } from '../../ledger/rules/ceiling.ts';
import type { Prepaid } from '../rules/limit.ts';
import type { AutoReload } from './rules/auto-reload.ts';
import type { PrepaidTables } from './tables.ts';

/** An order of credit. */
export type Order = Readonly<Selectable<PrepaidTables['spend_orders']>>;

/** Whether spend counts against what was paid for, and when more is bought. */
export type PrepaidSettings = {
  readonly isEnabled: boolean;
  readonly mode: LimitMode;
  readonly autoReload: AutoReload;
};

const DEFAULT: PrepaidSettings = {
  isEnabled: false,
  mode: 'standard',
  autoReload: { isOn: false, thresholdMicros: 0, amountMicros: 0, monthlyMaxMicros: null },
};

/** Where orders and the settings of the prepaid balance live; orders are only ever added. */
export const prepaidStore = (sql: Sql) => {
  const tables = sql.tables<PrepaidTables>();
  const sumOf = async (kind?: { readonly autoReloadsSince: number }): Promise<Micros> => {
    let query = tables.selectFrom('spend_orders').select((row) => row.fn.sum<number>('amount_micros').as('sum'));
    if (kind !== undefined)
      query = query.where('kind', '=', 'auto_reload').where('created_at', '>=', kind.autoReloadsSince);
    return Number((await query.executeTakeFirst())?.sum ?? 0);
  };
  const readSettings = async (): Promise<PrepaidSettings> => {
    const { settings } = await tables.selectFrom('prepaid_settings').select('settings').executeTakeFirstOrThrow();
    return { ...DEFAULT, ...(JSON.parse(settings) as Partial<PrepaidSettings>) };
  };
  const readFunded = (): Promise<Micros> => sumOf();
  return {
    readSettings,
    writeSettings: async (settings: PrepaidSettings): Promise<void> => {
      await tables
        .updateTable('prepaid_settings')
        .set({ settings: JSON.stringify(settings) })
        .execute();
    },
    /** What all orders add up to. */
    readFunded,
    /** What was bought by itself since a moment. */
    readReloadedSince: (since: number): Promise<Micros> => sumOf({ autoReloadsSince: since }),
    /** The balance as it bounds spend; null while nothing counts against it. */
    readPrepaid: async (): Promise<Prepaid | null> => {
      const { isEnabled, mode } = await readSettings();
      return isEnabled ? { fundedMicros: await readFunded(), mode } : null;
    },
    insertOrder: async (order: Order): Promise<void> => {
      await tables.insertInto('spend_orders').values(order).execute();
    },
    /** Newest first, one more than asked for. */
    listOrders: (limit: number, beforeId: string | undefined): Promise<readonly Order[]> =>
      tables
        .selectFrom('spend_orders')
        .selectAll()
        .$if(beforeId !== undefined, (query) => query.where('id', '<', beforeId ?? ''))
        .orderBy('id', 'desc')
        .limit(limit + 1)
        .execute(),
  };
};
