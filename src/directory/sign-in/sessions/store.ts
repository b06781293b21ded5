import type { Insertable, Selectable } from 'kysely';
import type { Sql } from '../../../platform/index.ts';
import type { SignInTables } from '../tables.ts';

export type StoredSession = Readonly<Selectable<SignInTables['sessions']>>;

const MINUTE_MS = 60_000;
const HOUR_MS = 60 * MINUTE_MS;

/** Which sessions still count at a time, under the settings in force. */
export type Lifetimes = { readonly session_idle_minutes: number; readonly session_hours: number };

/** How long a session that is being used may last, in milliseconds. */
export const absoluteMs = ({ session_hours }: Lifetimes): number => session_hours * HOUR_MS;

/** Where sessions live; their secrets only as hashes. */
export const sessionStore = (sql: Sql) => {
  const tables = sql.tables<SignInTables>();
  const alive = (now: number, lifetimes: Lifetimes) =>
    tables
      .selectFrom('sessions')
      .selectAll()
      .where('expires_at', '>', now)
      .where('created_at', '>', now - absoluteMs(lifetimes))
      .where('seen_at', '>', now - lifetimes.session_idle_minutes * MINUTE_MS);
  return {
    insert: async (session: Insertable<SignInTables['sessions']>): Promise<void> => {
      await tables.insertInto('sessions').values(session).execute();
    },
    /** A session that still counts. */
    find: (hash: string, now: number, lifetimes: Lifetimes): Promise<StoredSession | undefined> =>
      alive(now, lifetimes).where('secret_hash', '=', hash).executeTakeFirst(),
    findById: (id: string): Promise<StoredSession | undefined> =>
      tables.selectFrom('sessions').selectAll().where('id', '=', id).executeTakeFirst(),
    /** The sessions of one member that still count, the newest first. */
    listOf: (userId: string, now: number, lifetimes: Lifetimes): Promise<readonly StoredSession[]> =>
      alive(now, lifetimes).where('user_id', '=', userId).orderBy('id', 'desc').execute(),
    see: async (id: string, now: number): Promise<void> => {
      await tables.updateTable('sessions').set({ seen_at: now }).where('id', '=', id).execute();
    },
    /** Gives a session another secret; the one before ends. */
    changeSecret: async (id: string, hash: string): Promise<void> => {
      await tables.updateTable('sessions').set({ secret_hash: hash }).where('id', '=', id).execute();
    },
    end: async (id: string): Promise<void> => {
      await tables.deleteFrom('sessions').where('id', '=', id).execute();
    },
    /** Ends a member's sessions, all but one where one is named; answers how many. */
    endOf: async (userId: string, except?: string): Promise<number> => {
      const query = tables.deleteFrom('sessions').where('user_id', '=', userId);
      const { numDeletedRows } = await (except === undefined
        ? query
        : query.where('id', '<>', except)
      ).executeTakeFirst();
      return Number(numDeletedRows);
    },
    deleteExpired: async (now: number): Promise<void> => {
      await tables.deleteFrom('sessions').where('expires_at', '<=', now).execute();
    },
  };
};
