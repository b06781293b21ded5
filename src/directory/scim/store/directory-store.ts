import type { Insertable, Selectable, Updateable } from 'kysely';
import type { Sql } from '../../../platform/index.ts';
import type { Tables } from '../tables.ts';

/** A directory an identity provider pushes into. */
export type Directory = Readonly<Selectable<Tables['scim_directories']>>;

/** A token of a directory, without its secret. */
export type DirectoryToken = Readonly<Selectable<Tables['scim_tokens']>>;

/** A directory as somebody with a token of it finds it. `expiresAt` is the token's end; null for none. */
export type DirectoryOfToken = {
  readonly directory: Directory;
  readonly tokenId: string;
  readonly expiresAt: number | null;
};

/** Where directories and their tokens live; of a token only the hash. */
export const directoryStore = (sql: Sql) => {
  const tables = sql.tables<Tables>();
  return {
    insert: async (directory: Insertable<Tables['scim_directories']>): Promise<void> => {
      await tables.insertInto('scim_directories').values(directory).execute();
    },
    update: async (id: string, changes: Updateable<Tables['scim_directories']>): Promise<void> => {
      await tables.updateTable('scim_directories').set(changes).where('id', '=', id).execute();
    },
    find: (id: string): Promise<Directory | undefined> =>
      tables.selectFrom('scim_directories').selectAll().where('id', '=', id).executeTakeFirst(),
    list: (): Promise<readonly Directory[]> =>
      tables.selectFrom('scim_directories').selectAll().orderBy('name').execute(),
    insertToken: async (token: Insertable<Tables['scim_tokens']>): Promise<void> => {
      await tables.insertInto('scim_tokens').values(token).execute();
    },
    /** Newest first. */
    tokens: (directoryId: string): Promise<readonly DirectoryToken[]> =>
      tables
        .selectFrom('scim_tokens')
        .selectAll()
        .where('directory_id', '=', directoryId)
        .orderBy('id', 'desc')
        .execute(),
    /** The directory of a token, with the token's id and end. */
    findByToken: async (hash: string): Promise<DirectoryOfToken | undefined> => {
      const row = await tables
        .selectFrom('scim_tokens as t')
        .innerJoin('scim_directories as d', 'd.id', 't.directory_id')
        .selectAll('d')
        .select(['t.id as token_id', 't.expires_at as token_expires_at'])
        .where('t.secret_hash', '=', hash)
        .executeTakeFirst();
      if (row === undefined) return undefined;
      const { token_id: tokenId, token_expires_at: expiresAt, ...directory } = row;
      return { directory, tokenId, expiresAt };
    },
    /** Lets a token end at a time, unless it ends before that anyway. */
    endToken: async (id: string, at: number): Promise<void> => {
      await tables
        .updateTable('scim_tokens')
        .set({ expires_at: at })
        .where('id', '=', id)
        .where((row) => row.or([row('expires_at', 'is', null), row('expires_at', '>', at)]))
        .execute();
    },
    touchToken: async (id: string, at: number): Promise<void> => {
      await tables.updateTable('scim_tokens').set({ last_used_at: at }).where('id', '=', id).execute();
    },
    /** Removes the directory with everything that was kept for it; members and their groups are not touched. */
    remove: async (id: string): Promise<void> => {
      const users = tables.selectFrom('scim_users').select('user_id').where('directory_id', '=', id);
      await tables.deleteFrom('scim_user_values').where('user_id', 'in', users).execute();
      for (const table of [
        'scim_users',
        'scim_mappings',
        'scim_groups',
        'scim_tokens',
        'scim_syncs',
        'scim_changes',
        'scim_removals',
        'scim_requests',
      ] as const)
        await tables.deleteFrom(table).where('directory_id', '=', id).execute();
      await tables.deleteFrom('scim_directories').where('id', '=', id).execute();
    },
  };
};
