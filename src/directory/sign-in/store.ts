import type { Insertable, Selectable } from 'kysely';
import type { Sql } from '../../platform/index.ts';
import type { DirectoryTables } from '../tables.ts';

export type StoredSession = Readonly<Selectable<DirectoryTables['sessions']>>;
export type StoredLink = Readonly<Selectable<DirectoryTables['sign_in_links']>>;

/** Where sessions, one-time links and passwords live; secrets only as hashes. */
export const signInStore = (sql: Sql) => {
  const tables = sql.tables<DirectoryTables>();
  return {
    insertSession: async (session: Insertable<DirectoryTables['sessions']>): Promise<void> => {
      await tables.insertInto('sessions').values(session).execute();
    },
    findSession: (hash: string, now: number): Promise<StoredSession | undefined> =>
      tables
        .selectFrom('sessions')
        .selectAll()
        .where('secret_hash', '=', hash)
        .where('expires_at', '>', now)
        .executeTakeFirst(),
    endSession: async (id: string): Promise<void> => {
      await tables.deleteFrom('sessions').where('id', '=', id).execute();
    },
    endSessionsOf: async (userId: string): Promise<void> => {
      await tables.deleteFrom('sessions').where('user_id', '=', userId).execute();
    },
    deleteExpired: async (now: number): Promise<void> => {
      await tables.deleteFrom('sessions').where('expires_at', '<=', now).execute();
      await tables.deleteFrom('sign_in_links').where('expires_at', '<=', now).execute();
    },
    insertLink: async (link: Insertable<DirectoryTables['sign_in_links']>): Promise<void> => {
      await tables.insertInto('sign_in_links').values(link).execute();
    },
    /** A link that is neither used nor expired. */
    findLink: (hash: string, now: number): Promise<StoredLink | undefined> =>
      tables
        .selectFrom('sign_in_links')
        .selectAll()
        .where('secret_hash', '=', hash)
        .where('used_at', 'is', null)
        .where('expires_at', '>', now)
        .executeTakeFirst(),
    /** Marks the link used; false when somebody else was first. */
    useLink: async (id: string, now: number): Promise<boolean> => {
      const { numUpdatedRows } = await tables
        .updateTable('sign_in_links')
        .set({ used_at: now })
        .where('id', '=', id)
        .where('used_at', 'is', null)
        .executeTakeFirst();
      return numUpdatedRows > 0n;
    },
    /** Ends the open links of one member, or of the owner who does not exist yet (null). */
    endLinksOf: async (userId: string | null): Promise<void> => {
      const open = tables.deleteFrom('sign_in_links').where('used_at', 'is', null);
      await (userId === null ? open.where('user_id', 'is', null) : open.where('user_id', '=', userId)).execute();
    },
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
    deletePassword: async (userId: string): Promise<void> => {
      await tables.deleteFrom('passwords').where('user_id', '=', userId).execute();
    },
    readOrganization: () => tables.selectFrom('organization').selectAll().executeTakeFirstOrThrow(),
    renameOrganization: async (name: string): Promise<void> => {
      await tables.updateTable('organization').set({ name }).execute();
    },
  };
};
