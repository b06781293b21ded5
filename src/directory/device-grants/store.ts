import type { Insertable, Selectable, Updateable } from 'kysely';
import type { Sql } from '../../platform/index.ts';
import type { DeviceGrantTables, GrantEnd } from './tables.ts';

export type StoredGrant = Readonly<Selectable<DeviceGrantTables['device_grants']>>;

/** An end and when it came. */
export type Ending = { readonly reason: GrantEnd; readonly at: number };

/**
 * Where devices that are signed in live; their tokens only as hashes. Those that have ended stay, so that requests made
 * with them keep their name.
 */
export const deviceGrantStore = (sql: Sql) => {
  const tables = sql.tables<DeviceGrantTables>();
  const all = () => tables.selectFrom('device_grants').selectAll();
  const ended = ({ reason, at }: Ending) => ({ ended_at: at, end_reason: reason, last_tokens: null });
  return {
    insert: async (grant: Insertable<DeviceGrantTables['device_grants']>): Promise<void> => {
      await tables.insertInto('device_grants').values(grant).execute();
    },
    find: (id: string): Promise<StoredGrant | undefined> => all().where('id', '=', id).executeTakeFirst(),
    findByFamily: (hash: string): Promise<StoredGrant | undefined> =>
      all().where('family_hash', '=', hash).executeTakeFirst(),
    /** The grant whose access token this is or was last. */
    findByAccess: (hash: string): Promise<StoredGrant | undefined> =>
      all()
        .where((row) => row.or([row('access_hash', '=', hash), row('former_access_hash', '=', hash)]))
        .executeTakeFirst(),
    /** The devices a member is signed in on, the newest first. */
    listOf: (userId: string, now: number): Promise<readonly StoredGrant[]> =>
      all()
        .where('user_id', '=', userId)
        .where('ended_at', 'is', null)
        .where('expires_at', '>', now)
        .orderBy('id', 'desc')
        .execute(),
    /** Replaces the tokens of a grant that has not ended and still has this refresh token; false where it is neither. */
    renew: async (
      { id, refresh_hash }: StoredGrant,
      changes: Updateable<DeviceGrantTables['device_grants']>,
    ): Promise<boolean> => {
      const { numUpdatedRows } = await tables
        .updateTable('device_grants')
        .set(changes)
        .where('id', '=', id)
        .where('refresh_hash', '=', refresh_hash)
        .where('ended_at', 'is', null)
        .executeTakeFirst();
      return numUpdatedRows > 0n;
    },
    /** Ends a grant; false where it had ended before. */
    end: async (id: string, ending: Ending): Promise<boolean> => {
      const { numUpdatedRows } = await tables
        .updateTable('device_grants')
        .set(ended(ending))
        .where('id', '=', id)
        .where('ended_at', 'is', null)
        .executeTakeFirst();
      return numUpdatedRows > 0n;
    },
    /** Ends every grant of a member; answers the ids of those that had not ended before. */
    endOf: async (userId: string, ending: Ending): Promise<readonly string[]> => {
      const rows = await tables
        .updateTable('device_grants')
        .set(ended(ending))
        .where('user_id', '=', userId)
        .where('ended_at', 'is', null)
        .returning('id')
        .execute();
      return rows.map(({ id }) => id);
    },
    /** Notes the end of those that nobody has used for too long; they have stopped counting already. */
    endExpired: async (now: number): Promise<void> => {
      await tables
        .updateTable('device_grants')
        .set(ended({ reason: 'expired', at: now }))
        .where('ended_at', 'is', null)
        .where('expires_at', '<=', now)
        .execute();
    },
    /** Forgets the sealed tokens of renewals from before a time. */
    forgetTokens: async (before: number): Promise<void> => {
      await tables
        .updateTable('device_grants')
        .set({ last_tokens: null })
        .where('last_tokens', 'is not', null)
        .where('renewed_at', '<', before)
        .execute();
    },
  };
};
