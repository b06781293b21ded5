import type { Period } from '../../kernel/index.ts';
import type { Sql } from '../../platform/index.ts';
import type { IncludedUsage } from './rules/limit.ts';
import { DEFAULT_SETTINGS, type SpendSettings } from './rules/settings.ts';
import type { LimitTables } from './tables.ts';

/** Where the organisation's settings about spend live, and what the seats of each tier include. */
export const spendSettingsStore = (sql: Sql) => {
  const tables = sql.tables<LimitTables>();
  return {
    /** What nobody has set is as shipped. */
    read: async (): Promise<SpendSettings> => {
      const { settings } = await tables.selectFrom('spend_settings').select('settings').executeTakeFirstOrThrow();
      return { ...DEFAULT_SETTINGS, ...(JSON.parse(settings) as Partial<SpendSettings>) };
    },
    write: async (settings: SpendSettings): Promise<void> => {
      await tables
        .updateTable('spend_settings')
        .set({ settings: JSON.stringify(settings) })
        .execute();
    },
    /** By seat tier, in the order of their names. */
    readIncluded: async (): Promise<ReadonlyMap<string, IncludedUsage>> => {
      const rows = await tables.selectFrom('seat_tier_usage').selectAll().orderBy('seat_tier').execute();
      return new Map(
        rows.map(({ seat_tier, period, amount_micros }) => [seat_tier, { period, amountMicros: amount_micros }]),
      );
    },
    writeIncluded: async (seatTier: string, { period, amountMicros }: IncludedUsage): Promise<void> => {
      const values: { period: Period; amount_micros: number } = { period, amount_micros: amountMicros };
      await tables
        .insertInto('seat_tier_usage')
        .values({ seat_tier: seatTier, ...values })
        .onConflict((conflict) => conflict.column('seat_tier').doUpdateSet(values))
        .execute();
    },
    removeIncluded: async (seatTier: string): Promise<void> => {
      await tables.deleteFrom('seat_tier_usage').where('seat_tier', '=', seatTier).execute();
    },
  };
};
