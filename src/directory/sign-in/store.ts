import type { Insertable, Selectable } from 'kysely';
import type { Sql } from '../../platform/index.ts';
import type { DirectoryTables } from '../tables.ts';
import { sessionStore } from './sessions/store.ts';

export type StoredLink = Readonly<Selectable<DirectoryTables['sign_in_links']>>;

/** Where one-time links live, and what other parts end of a member's ways in; secrets only as hashes. */
export const signInStore = (sql: Sql) => {
  const tables = sql.tables<DirectoryTables>();
  return {
    /** Ends every session of a member. */
    endSessionsOf: async (userId: string): Promise<void> => {
      await sessionStore(sql).endOf(userId);
    },
    deleteExpired: async (now: number): Promise<void> => {
      await sessionStore(sql).deleteExpired(now);
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
    /** Deletes everything a member signs in with that is kept here. */
    deletePassword: async (userId: string): Promise<void> => {
      await tables.deleteFrom('passwords').where('user_id', '=', userId).execute();
      await tables.deleteFrom('recovery_codes').where('user_id', '=', userId).execute();
      await tables.deleteFrom('second_factors').where('user_id', '=', userId).execute();
      await tables.deleteFrom('break_glass_accounts').where('user_id', '=', userId).execute();
    },
    readOrganization: () => tables.selectFrom('organization').selectAll().executeTakeFirstOrThrow(),
    renameOrganization: async (name: string): Promise<void> => {
      await tables.updateTable('organization').set({ name }).execute();
    },
  };
};
