import type { Insertable, Selectable, Updateable } from 'kysely';
import type { OrganisationRole } from '../../kernel/index.ts';
import type { Sql } from '../../platform/index.ts';
import { emailKey } from '../members/store.ts';
import type { DirectoryTables } from '../tables.ts';
import type { InviteStatus } from './rules/invite-status.ts';

export type StoredInvite = Readonly<Selectable<DirectoryTables['invites']>>;

export type InviteFilter = {
  readonly email?: string | undefined;
  readonly roles: readonly OrganisationRole[];
  readonly statuses: readonly InviteStatus[];
  readonly limit: number;
  readonly afterId?: string | undefined;
  readonly beforeId?: string | undefined;
};

const ROWS_AT_ONCE = 500;

/** Where invites live; of the link only a hash. Invites are kept when they end, so that the list tells what became of them. */
export const inviteStore = (sql: Sql) => {
  const tables = sql.tables<DirectoryTables>();
  const all = () => tables.selectFrom('invites').selectAll();
  const pending = (now: number) =>
    all().where('accepted_at', 'is', null).where('deleted_at', 'is', null).where('expires_at', '>', now);
  return {
    insert: async (invites: readonly Insertable<DirectoryTables['invites']>[]): Promise<void> => {
      for (let at = 0; at < invites.length; at += ROWS_AT_ONCE)
        await tables
          .insertInto('invites')
          .values(invites.slice(at, at + ROWS_AT_ONCE))
          .execute();
    },
    update: async (id: string, changes: Updateable<DirectoryTables['invites']>): Promise<void> => {
      await tables.updateTable('invites').set(changes).where('id', '=', id).execute();
    },
    /** Ids of the pending invites to some addresses, by folded address. */
    pendingIds: async (emailKeys: readonly string[], now: number): Promise<Map<string, string>> => {
      const rows = await pending(now)
        .where('email_key', 'in', [...emailKeys])
        .execute();
      return new Map(rows.map(({ email_key, id }) => [email_key, id]));
    },
    find: (id: string): Promise<StoredInvite | undefined> => all().where('id', '=', id).executeTakeFirst(),
    findPendingByHash: (hash: string, now: number): Promise<StoredInvite | undefined> =>
      pending(now).where('secret_hash', '=', hash).executeTakeFirst(),
    findPendingByEmail: (email: string, now: number): Promise<StoredInvite | undefined> =>
      pending(now).where('email_key', '=', emailKey(email)).orderBy('id', 'desc').executeTakeFirst(),
    countPending: async (now: number): Promise<number> => {
      const counted = pending(now)
        .clearSelect()
        .select((row) => row.fn.countAll<number | string>().as('count'));
      return Number((await counted.executeTakeFirstOrThrow()).count);
    },
    /** Newest first, with `beforeId` the nearest first; one row more than `limit` tells that there are more. */
    list: async (filter: InviteFilter, now: number): Promise<readonly StoredInvite[]> => {
      let query = all().limit(filter.limit + 1);
      if (filter.email !== undefined)
        query = query.where('email_key', '=', emailKey(filter.email).replaceAll(' ', '+'));
      if (filter.roles.length > 0) query = query.where('role', 'in', [...filter.roles]);
      query = query.where(({ and, eb, or }) => {
        const isOpen = and([eb('accepted_at', 'is', null), eb('deleted_at', 'is', null)]);
        const has = {
          accepted: eb('accepted_at', 'is not', null),
          deleted: eb('deleted_at', 'is not', null),
          pending: and([isOpen, eb('expires_at', '>', now)]),
          expired: and([isOpen, eb('expires_at', '<=', now)]),
        };
        return or(filter.statuses.map((status) => has[status]));
      });
      if (filter.beforeId !== undefined) return query.where('id', '>', filter.beforeId).orderBy('id').execute();
      if (filter.afterId !== undefined) query = query.where('id', '<', filter.afterId);
      return query.orderBy('id', 'desc').execute();
    },
  };
};
