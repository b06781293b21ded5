import { notFound, readHolders } from '../../directory/index.ts';
import { type Doer, idPage, Refusal } from '../../kernel/index.ts';
import { NO_MAIL_SERVER, outboxStore, type Route, route, type StoredDelivery } from '../../platform/index.ts';
import { type ChangedChannel, createChannel, deleteChannel, updateChannel } from './change-channels.ts';
import { changeSettings } from './change-settings.ts';
import * as contract from './contract.ts';
import type { NoticeDeps } from './deps.ts';
import { testChannel, testMail } from './send-test.ts';
import { noticeStore, type StoredChannel } from './store.ts';

const time = (ms: number): string => new Date(ms).toISOString();

const toWire = (channel: StoredChannel): contract.NoticeChannel => ({
  id: channel.id,
  type: 'notice_channel',
  kind: channel.kind,
  name: channel.name,
  host: channel.host,
  is_enabled: channel.is_enabled === 1,
  events: JSON.parse(channel.events) as contract.NoticeEvent[],
  about_members: channel.about_members === 1,
  created_at: time(channel.created_at),
  updated_at: time(channel.updated_at),
});

const withSecret = ({ channel, secret }: ChangedChannel) => ({ ...toWire(channel), secret });

const channelRoutes = (deps: NoticeDeps): readonly Route[] => [
  route(contract.listNoticeChannels, async () => ({
    data: (await noticeStore(deps.database).listChannels()).map(toWire),
  })),
  route(contract.createNoticeChannel, async ({ body, by }) => withSecret(await createChannel(deps)(body, by))),
  route(contract.updateNoticeChannel, async ({ params, body, by }) =>
    withSecret(await updateChannel(deps)(params.channel_id, body, by)),
  ),
  route(contract.deleteNoticeChannel, async ({ params, by }) => {
    await deleteChannel(deps)(params.channel_id, by);
    return { id: params.channel_id, type: 'notice_channel_deleted' as const };
  }),
  route(contract.testNoticeChannel, async ({ params }) => ({
    type: 'notice_test' as const,
    ...(await testChannel(deps)(params.channel_id)),
  })),
];

const describeSettings = async ({ database, mailer, thresholds }: NoticeDeps): Promise<contract.NoticeSettings> => {
  const settings = await noticeStore(database).readSettings();
  return {
    type: 'notice_settings',
    thresholds: [...thresholds()],
    digest_hour: settings.digestHour,
    notify_members: settings.notifyMembers,
    notify_administrators: settings.notifyAdministrators,
    alert_emails: settings.alertEmails,
    administrators: [...(await readHolders(database, 'billing:manage'))],
    mail: {
      is_configured: mailer.server !== null,
      server: mailer.server,
      missing: mailer.server === null ? NO_MAIL_SERVER : null,
    },
    failed_deliveries: await outboxStore(database).countFailed(),
  };
};

const settingsRoutes = (deps: NoticeDeps): readonly Route[] => [
  route(contract.getNoticeSettings, () => describeSettings(deps)),
  route(contract.updateNoticeSettings, async ({ body, by }) => {
    const changes = {
      digestHour: body.digest_hour,
      notifyMembers: body.notify_members,
      notifyAdministrators: body.notify_administrators,
      alertEmails: body.alert_emails,
    };
    await changeSettings(deps)(changes, by);
    return describeSettings(deps);
  }),
  route(contract.testNoticeMail, async ({ body, by }) => ({
    type: 'notice_test' as const,
    ...(await testMail(deps)(body.to, by)),
  })),
];

const wireDelivery = (delivery: StoredDelivery, channels: ReadonlyMap<string, string>) => ({
  id: delivery.id,
  channel: delivery.channel,
  target: delivery.channel === 'mail' ? delivery.target : (channels.get(delivery.target) ?? 'a removed channel'),
  state: delivery.state,
  attempts: delivery.attempts,
  answer: delivery.answer,
  next_try_at: delivery.state === 'due' ? time(delivery.next_try_at) : null,
  delivered_at: delivery.delivered_at === null ? null : time(delivery.delivered_at),
});

/** Makes a delivery that was given up due again. */
const retryDelivery =
  ({ database, record, now }: NoticeDeps) =>
  (id: string, by: Doer): Promise<void> =>
    database.transaction(async (sql) => {
      const store = outboxStore(sql);
      if ((await store.findDelivery(id)) === undefined) throw notFound('delivery', id);
      if (!(await store.reopen(id, now())))
        throw new Refusal('conflict', 'Only what was given up can be sent again; this was not.');
      await record(sql, by, { type: 'remit_notice_delivery_retried', notice_delivery_id: id });
    });

const deliveryRoutes = (deps: NoticeDeps): readonly Route[] => [
  route(contract.listNotices, async ({ query }) => {
    const { limit, state, after_id: afterId, before_id: beforeId } = query;
    const store = outboxStore(deps.database);
    const rows = await store.list({ limit, state, afterId, beforeId, kinds: [] });
    const [channels, deliveries] = await Promise.all([
      noticeStore(deps.database).listChannels(),
      store.deliveriesOf(rows.map(({ id }) => id)),
    ]);
    const names = new Map(channels.map(({ id, name }) => [id, name]));
    const byNotice = Map.groupBy(deliveries, ({ notice_id }) => notice_id);
    const notices = rows.map(({ id, kind, subject, created_at }) => ({
      id,
      type: 'notice' as const,
      kind,
      subject,
      created_at: time(created_at),
      deliveries: (byNotice.get(id) ?? []).map((one) => wireDelivery(one, names)),
    }));
    const page = idPage(notices, limit, beforeId === undefined ? 'forward' : 'backward');
    return { ...page, data: [...page.data] };
  }),
  route(contract.retryNoticeDelivery, async ({ params, by }) => {
    await retryDelivery(deps)(params.delivery_id, by);
    return { id: params.delivery_id, type: 'notice_delivery_retried' as const };
  }),
];

/** Binds the endpoints of notices. */
export const noticeRoutes = (deps: NoticeDeps): readonly Route[] => [
  ...channelRoutes(deps),
  ...settingsRoutes(deps),
  ...deliveryRoutes(deps),
];
