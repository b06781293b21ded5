import type { Selectable } from 'kysely';
import type { Sql } from '../../../platform/index.ts';
import type { SignInTables } from '../tables.ts';

export type StoredSecondFactor = Readonly<Selectable<SignInTables['second_factors']>>;

/** Where passwords and second factors of local accounts live: hashed, and the seeds of one-time codes sealed. */
export const accountStore = (sql: Sql) => {
  const tables = sql.tables<SignInTables>();
  return {
    setPassword: async (userId: string, hash: string, now: number): Promise<void> => {
      await tables
        .insertInto('passwords')
        .values({ user_id: userId, hash, updated_at: now })
        .onConflict((conflict) => conflict.column('user_id').doUpdateSet({ hash, updated_at: now }))
        .execute();
    },
    findPassword: async (userId: string): Promise<string | undefined> => {
      const row = await tables.selectFrom('passwords').select('hash').where('user_id', '=', userId).executeTakeFirst();
      return row?.hash;
    },
    /** A second factor, also one that has not been confirmed. */
    findFactor: (userId: string): Promise<StoredSecondFactor | undefined> =>
      tables.selectFrom('second_factors').selectAll().where('user_id', '=', userId).executeTakeFirst(),
    /** Begins anew with a secret that is not confirmed. */
    putFactor: async (factor: StoredSecondFactor): Promise<void> => {
      await tables.deleteFrom('second_factors').where('user_id', '=', factor.user_id).execute();
      await tables.insertInto('second_factors').values(factor).execute();
    },
    confirmFactor: async (userId: string, now: number): Promise<void> => {
      await tables.updateTable('second_factors').set({ confirmed_at: now }).where('user_id', '=', userId).execute();
    },
    /** Takes a code's half minute; false when that or a later one was taken already. */
    takeStep: async (userId: string, step: number): Promise<boolean> => {
      const { numUpdatedRows } = await tables
        .updateTable('second_factors')
        .set({ last_step: step })
        .where('user_id', '=', userId)
        .where('last_step', '<', step)
        .executeTakeFirst();
      return numUpdatedRows > 0n;
    },
    /** Deletes the second factor with its recovery codes; false when there was none. */
    deleteFactor: async (userId: string): Promise<boolean> => {
      await tables.deleteFrom('recovery_codes').where('user_id', '=', userId).execute();
      const { numDeletedRows } = await tables
        .deleteFrom('second_factors')
        .where('user_id', '=', userId)
        .executeTakeFirst();
      return numDeletedRows > 0n;
    },
    putRecoveryCodes: async (userId: string, hashes: readonly string[]): Promise<void> => {
      await tables.deleteFrom('recovery_codes').where('user_id', '=', userId).execute();
      await tables
        .insertInto('recovery_codes')
        .values(hashes.map((code_hash) => ({ user_id: userId, code_hash, used_at: null })))
        .execute();
    },
    /** Uses up a recovery code; false when there is no such code or it has been used. */
    takeRecoveryCode: async (userId: string, hash: string, now: number): Promise<boolean> => {
      const { numUpdatedRows } = await tables
        .updateTable('recovery_codes')
        .set({ used_at: now })
        .where('user_id', '=', userId)
        .where('code_hash', '=', hash)
        .where('used_at', 'is', null)
        .executeTakeFirst();
      return numUpdatedRows > 0n;
    },
    countRecoveryCodes: async (userId: string): Promise<number> => {
      const rows = await tables
        .selectFrom('recovery_codes')
        .select('code_hash')
        .where('user_id', '=', userId)
        .where('used_at', 'is', null)
        .execute();
      return rows.length;
    },
  };
};
