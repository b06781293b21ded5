import type { Sql } from '../../../platform/index.ts';
import type { PriceTables, ReratingRow } from '../tables.ts';

const LISTED_MAX = 100;

/** Where re-ratings live. */
export const reratingStore = (sql: Sql) => {
  const tables = sql.tables<PriceTables>();
  const all = () => tables.selectFrom('reratings').selectAll();
  return {
    insert: async (row: ReratingRow): Promise<void> => {
      await tables.insertInto('reratings').values(row).execute();
    },
    save: async ({ id, ...row }: ReratingRow): Promise<void> => {
      await tables.updateTable('reratings').set(row).where('id', '=', id).execute();
    },
    find: (id: string): Promise<ReratingRow | undefined> => all().where('id', '=', id).executeTakeFirst(),
    /** The one that is under way; there is never a second. */
    findRunning: (): Promise<ReratingRow | undefined> =>
      all().where('ended_at', 'is', null).orderBy('id').executeTakeFirst(),
    list: (): Promise<readonly ReratingRow[]> => all().orderBy('id', 'desc').limit(LISTED_MAX).execute(),
  };
};
