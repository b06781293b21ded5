import type { Selectable } from 'kysely';
import type { Sql } from '../../../platform/index.ts';
import type { DirectoryTables } from '../../tables.ts';
import type { SignInTables } from '../tables.ts';

export type StoredSettings = Readonly<Omit<Selectable<SignInTables['sign_in_settings']>, 'singleton'>>;

/**
 * Where the rules of signing in live, and the owners whom no provider can lock out. Somebody who is no owner any more, or
 * suspended, is none of them, whatever they were named as.
 */
export const settingsStore = (sql: Sql) => {
  const tables = sql.tables<SignInTables>();
  const emergencyOwners = () =>
    sql
      .tables<SignInTables & DirectoryTables>()
      .selectFrom('break_glass_accounts')
      .innerJoin('members', 'members.id', 'break_glass_accounts.user_id')
      .select('user_id')
      .where('role', 'in', ['owner', 'primary_owner'])
      .where('status', '=', 'active');
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
      const rows = await emergencyOwners().orderBy('user_id').execute();
      return rows.map(({ user_id }) => user_id);
    },
    isBreakGlass: async (userId: string): Promise<boolean> => {
      const row = await emergencyOwners().where('user_id', '=', userId).executeTakeFirst();
      return row !== undefined;
    },
    addBreakGlass: async (userId: string, now: number): Promise<void> => {
      await tables
        .insertInto('break_glass_accounts')
        .values({ user_id: userId, added_at: now })
        .onConflict((conflict) => conflict.doNothing())
        .execute();
    },
    /** Takes everybody off the list who is not one of these. */
    keepBreakGlass: async (userIds: readonly string[]): Promise<void> => {
      let removal = tables.deleteFrom('break_glass_accounts');
      if (userIds.length > 0) removal = removal.where('user_id', 'not in', [...userIds]);
      await removal.execute();
    },
  };
};
