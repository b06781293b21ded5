import type { Caller } from '../../access/index.ts';
import { Refusal } from '../../kernel/index.ts';
import type { Sql } from '../../platform/index.ts';
import type { GatewayTables, ObjectKind, UpstreamObject } from '../tables.ts';
import type { Anchor } from './read-page.ts';

/** Whose objects are meant: a member's own, or those of the group a service key belongs to. */
type Owner = Pick<Caller, 'userId' | 'groupId'>;

/** One kind of objects of one owner. */
export type Belongings = { readonly kind: ObjectKind; readonly owner: Owner };

/** What to list: after or before one object in the order newest first, perhaps only some ids. */
export type ObjectFilter = {
  readonly now: number;
  readonly limit: number;
  readonly after?: Anchor | undefined;
  readonly before?: Anchor | undefined;
  readonly ids?: readonly string[];
};

/** SQL takes so many values of one list. */
const IDS_AT_ONCE = 500;

/**
 * Who made which object at which provider. Every reading method sees only what the given owner made and has not
 * deleted, so that members who share one provider account cannot see each other's.
 */
export const objectStore = (sql: Sql) => {
  const tables = () => sql.tables<GatewayTables>();
  const ownedBy = ({ kind, owner }: Belongings) => {
    const visible = tables()
      .selectFrom('upstream_objects')
      .selectAll()
      .where('kind', '=', kind)
      .where('deleted_at', 'is', null);
    if (owner.userId !== null) return visible.where('user_id', '=', owner.userId);
    // A caller is a member or a group; one that were neither would own nothing.
    return visible.where('group_id', '=', owner.groupId ?? '');
  };
  return {
    add: async (object: UpstreamObject): Promise<void> => {
      await tables().insertInto('upstream_objects').values(object).execute();
    },
    /** Throws the API's own 404 for what is not there or somebody else's: the two look the same. */
    find: async (belongings: Belongings, id: string): Promise<UpstreamObject> => {
      const found = await ownedBy(belongings).where('id', '=', id).executeTakeFirst();
      if (found === undefined) throw new Refusal('not_found', `There is no ${belongings.kind} with the id ${id}.`);
      return found;
    },
    /** Which of these are somebody else's, deleted ones too; those that nobody here has made are nobody's. */
    foreign: async ({ kind, owner }: Belongings, ids: readonly string[]): Promise<readonly string[]> => {
      const found: string[] = [];
      for (let at = 0; at < ids.length; at += IDS_AT_ONCE) {
        const rows = await tables()
          .selectFrom('upstream_objects')
          .select(['id', 'user_id', 'group_id'])
          .where('kind', '=', kind)
          .where('id', 'in', ids.slice(at, at + IDS_AT_ONCE))
          .execute();
        const isMine = (row: (typeof rows)[number]) =>
          owner.userId !== null ? row.user_id === owner.userId : row.group_id === (owner.groupId ?? '');
        found.push(...rows.filter((row) => !isMine(row)).map(({ id }) => id));
      }
      return found;
    },
    /** Newest first, with `before` the nearest first; one row more than `limit` tells that there are more. */
    list: async (belongings: Belongings, filter: ObjectFilter): Promise<readonly UpstreamObject[]> => {
      const { after, before, ids, limit, now } = filter;
      const mine = ownedBy(belongings)
        .where((row) => row.or([row('expires_at', 'is', null), row('expires_at', '>', now)]))
        .where((row) => (ids === undefined || ids.length === 0 ? row.lit(true) : row('id', 'in', ids)))
        .limit(limit + 1);
      if (before !== undefined) {
        return mine
          .where((row) =>
            row.or([
              row('created_at', '>', before.createdAt),
              row.and([row('created_at', '=', before.createdAt), row('id', '>', before.id)]),
            ]),
          )
          .orderBy('created_at')
          .orderBy('id')
          .execute();
      }
      const newestFirst = mine.orderBy('created_at', 'desc').orderBy('id', 'desc');
      if (after === undefined) return newestFirst.execute();
      return newestFirst
        .where((row) =>
          row.or([
            row('created_at', '<', after.createdAt),
            row.and([row('created_at', '=', after.createdAt), row('id', '<', after.id)]),
          ]),
        )
        .execute();
    },
    /** Keeps the object as the provider shows it now. */
    remember: async (id: string, object: string): Promise<void> => {
      await tables().updateTable('upstream_objects').set({ object }).where('id', '=', id).execute();
    },
    markDeleted: async (id: string, at: number): Promise<void> => {
      await tables().updateTable('upstream_objects').set({ deleted_at: at }).where('id', '=', id).execute();
    },
  };
};
