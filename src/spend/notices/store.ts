import type { Insertable, Selectable, Updateable } from 'kysely';
import { z } from 'zod';
import type { Sql } from '../../platform/index.ts';
import type { NoticeTables } from './tables.ts';

export type StoredChannel = Readonly<Selectable<NoticeTables['notice_channels']>>;

const Settings = z.object({
  digestHour: z.number().default(8),
  notifyMembers: z.boolean().default(true),
  notifyAdministrators: z.boolean().default(true),
  alertEmails: z.array(z.string()).default([]),
});

/** What an organisation has said about whom to tell what. `digestHour` is in UTC. */
export type NoticeSettings = z.output<typeof Settings>;

/** Where marks, channels and settings of notices live. */
export const noticeStore = (sql: Sql) => {
  const tables = sql.tables<NoticeTables>();
  return {
    /** Raises a mark; answers false if it stands that high already. Of several that try at once, one is answered true. */
    raiseMark: async (key: string, value: number, at: number): Promise<boolean> => {
      const raised = await tables
        .insertInto('notice_marks')
        .values({ key, value, marked_at: at })
        .onConflict((conflict) =>
          conflict
            .column('key')
            .doUpdateSet(({ ref }) => ({ value: ref('excluded.value'), marked_at: ref('excluded.marked_at') }))
            .whereRef('notice_marks.value', '<', 'excluded.value'),
        )
        .returning('key')
        .executeTakeFirst();
      return raised !== undefined;
    },
    forgetMarksBefore: async (time: number): Promise<void> => {
      await tables.deleteFrom('notice_marks').where('marked_at', '<', time).execute();
    },
    readSettings: async (): Promise<NoticeSettings> => {
      const row = await tables.selectFrom('notice_settings').select('settings').executeTakeFirst();
      return Settings.parse(row === undefined ? {} : JSON.parse(row.settings));
    },
    writeSettings: async (settings: NoticeSettings): Promise<void> => {
      const text = JSON.stringify(settings);
      await tables
        .insertInto('notice_settings')
        .values({ singleton: 1, settings: text })
        .onConflict((conflict) => conflict.column('singleton').doUpdateSet({ settings: text }))
        .execute();
    },
    insertChannel: async (channel: Insertable<NoticeTables['notice_channels']>): Promise<void> => {
      await tables.insertInto('notice_channels').values(channel).execute();
    },
    updateChannel: async (id: string, changes: Updateable<NoticeTables['notice_channels']>): Promise<void> => {
      await tables.updateTable('notice_channels').set(changes).where('id', '=', id).execute();
    },
    deleteChannel: async (id: string): Promise<void> => {
      await tables.deleteFrom('notice_channels').where('id', '=', id).execute();
    },
    findChannel: (id: string): Promise<StoredChannel | undefined> =>
      tables.selectFrom('notice_channels').selectAll().where('id', '=', id).executeTakeFirst(),
    /** The oldest first. */
    listChannels: (): Promise<readonly StoredChannel[]> =>
      tables.selectFrom('notice_channels').selectAll().orderBy('id').execute(),
  };
};
