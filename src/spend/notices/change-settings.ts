import type { NewActivity } from '../../activity/index.ts';
import type { Doer } from '../../kernel/index.ts';
import type { NoticeDeps } from './deps.ts';
import { type NoticeSettings, noticeStore } from './store.ts';

export type NoticeSettingsChanges = { readonly [Key in keyof NoticeSettings]?: NoticeSettings[Key] | undefined };

const NAMES: Readonly<Record<keyof NoticeSettings, string>> = {
  digestHour: 'digest_hour',
  notifyMembers: 'notify_members',
  notifyAdministrators: 'notify_administrators',
  alertEmails: 'alert_emails',
};

const isSame = (a: unknown, b: unknown): boolean => JSON.stringify(a) === JSON.stringify(b);

const activitiesOf = (before: NoticeSettings, after: NoticeSettings): readonly NewActivity[] => {
  const keys = (Object.keys(NAMES) as (keyof NoticeSettings)[]).filter((key) => !isSame(before[key], after[key]));
  const updates = keys
    .filter((key) => key !== 'alertEmails')
    .map((key) => ({ type: NAMES[key], previous_value: before[key], current_value: after[key] }));
  return [
    ...(updates.length === 0 ? [] : [{ type: 'remit_notice_settings_updated' as const, updates }]),
    ...(keys.includes('alertEmails')
      ? [
          {
            type: 'platform_spend_limit_alert_emails_updated' as const,
            alert_emails: after.alertEmails,
            alerted_roles: null,
          },
        ]
      : []),
  ];
};

const tidy = (settings: NoticeSettings): NoticeSettings => ({
  ...settings,
  alertEmails: [...new Map(settings.alertEmails.map((address) => [address.toLowerCase(), address])).values()],
});

/** Changes whom the organisation tells what. */
export const changeSettings =
  ({ database, record }: NoticeDeps) =>
  (changes: NoticeSettingsChanges, by: Doer): Promise<void> =>
    database.transaction(async (sql) => {
      await database.lock(sql, 'remit_notice_settings');
      const store = noticeStore(sql);
      const before = await store.readSettings();
      const given = Object.fromEntries(Object.entries(changes).filter(([, value]) => value !== undefined));
      const after = tidy({ ...before, ...given });
      await store.writeSettings(after);
      await record(sql, by, ...activitiesOf(before, after));
    });
