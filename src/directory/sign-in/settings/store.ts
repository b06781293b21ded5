import type { Selectable } from 'kysely';
import type { Sql } from '../../../platform/index.ts';
import type { SignInTables } from '../tables.ts';

export type StoredSettings = Readonly<Omit<Selectable<SignInTables['sign_in_settings']>, 'singleton'>>;

/** Where the rules of signing in live, and the owners whom no provider can lock out. */
export const settingsStore = (sql: Sql) => {
  const tables = sql.tables<SignInTables>();
  return {
    read: (): Promise<StoredSettings> =>
      tables
        .selectFrom('sign_in_settings')
        .select(['second_factor', 'session_idle_minutes', 'session_hours'])
        .executeTakeFirstOrThrow(),
    update: async (changes: Partial<StoredSettings>): Promise<void> => {
      await tables.updateTable('sign_in_settings').set(changes).execute();
    },
    breakGlassIds: async (): Promise<readonly string[]> => {
      const rows = await tables.selectFrom('break_glass_accounts').select('user_id').orderBy('user_id').execute();
      return rows.map(({ user_id }) => user_id);
    },
    isBreakGlass: async (userId: string): Promise<boolean> => {
      const row = await tables
        .selectFrom('break_glass_accounts')
        .select('user_id')
        .where('user_id', '=', userId)
        .executeTakeFirst();
      return row !== undefined;
    },
    addBreakGlass: async (userId: string, now: number): Promise<void> => {
      await tables
        .insertInto('break_glass_accounts')
        .values({ user_id: userId, added_at: now })
        .onConflict((conflict) => conflict.doNothing())
        .execute();
    },
    removeBreakGlass: async (userId: string): Promise<void> => {
      await tables.deleteFrom('break_glass_accounts').where('user_id', '=', userId).execute();
    },
  };
};
