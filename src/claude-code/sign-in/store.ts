import type { Insertable, Selectable } from 'kysely';
import type { Sql } from '../../platform/index.ts';
import type { DeviceSignInTables, SignInStatus } from './tables.ts';

export type StoredSignIn = Readonly<Selectable<DeviceSignInTables['device_sign_ins']>>;

/** Where sign-ins wait that devices have asked for; the device's code only as a hash. */
export const signInStore = (sql: Sql) => {
  const tables = sql.tables<DeviceSignInTables>();
  const all = () => tables.selectFrom('device_sign_ins').selectAll();
  return {
    insert: async (signIn: Insertable<DeviceSignInTables['device_sign_ins']>): Promise<void> => {
      await tables.insertInto('device_sign_ins').values(signIn).execute();
    },
    isCodeTaken: async (userCode: string): Promise<boolean> =>
      (await all().where('user_code', '=', userCode).executeTakeFirst()) !== undefined,
    /** A sign-in that still counts, by what the device holds. */
    findByDevice: (hash: string, now: number): Promise<StoredSignIn | undefined> =>
      all().where('device_code_hash', '=', hash).where('expires_at', '>', now).executeTakeFirst(),
    /** A sign-in that nobody has decided yet, by what its person types. */
    findPending: (userCode: string, now: number): Promise<StoredSignIn | undefined> =>
      all()
        .where('user_code', '=', userCode)
        .where('status', '=', 'pending')
        .where('expires_at', '>', now)
        .executeTakeFirst(),
    poll: async (hash: string, now: number): Promise<void> => {
      await tables
        .updateTable('device_sign_ins')
        .set({ polled_at: now })
        .where('device_code_hash', '=', hash)
        .execute();
    },
    /** Moves a sign-in on; false when somebody else was first. */
    move: async (
      { device_code_hash, status }: StoredSignIn,
      to: { readonly status: SignInStatus; readonly user_id?: string },
    ): Promise<boolean> => {
      const { numUpdatedRows } = await tables
        .updateTable('device_sign_ins')
        .set(to)
        .where('device_code_hash', '=', device_code_hash)
        .where('status', '=', status)
        .executeTakeFirst();
      return numUpdatedRows > 0n;
    },
    deleteExpired: async (now: number): Promise<void> => {
      await tables.deleteFrom('device_sign_ins').where('expires_at', '<=', now).execute();
    },
  };
};
