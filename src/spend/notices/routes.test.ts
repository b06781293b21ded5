import { createHmac } from 'node:crypto';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { forEachDatabase } from '../../../tests/support/databases.ts';
import { startMailServer, type TestMailServer } from '../../../tests/support/mail-server.ts';
import { startWebhookReceiver, type WebhookReceiver } from '../../../tests/support/webhook-receiver.ts';
import type { Got } from '../../directory/testing/open-directory.ts';
import type { NoticeTables } from './tables.ts';
import { ceilingOf, openNoticeStage } from './testing/open-stage.ts';

let mail: TestMailServer;
let receiver: WebhookReceiver;
beforeAll(async () => {
  mail = await startMailServer();
  receiver = await startWebhookReceiver();
});
afterAll(async () => {
  await mail.close();
  await receiver.close();
});

const CHANNELS = '/v1/organizations/notice_channels';
const SETTINGS = '/v1/organizations/notice_settings';

type Notice = {
  kind: string;
  subject: string;
  deliveries: { channel: string; target: string; state: string; answer: string | null; attempts: number }[];
};

forEachDatabase((_, open) => {
  const start = async (options: { smtpUrl?: string } = { smtpUrl: mail.url }) => {
    const stage = await openNoticeStage(await open(), { ...options, privateWebhooks: [receiver.url] });
    const owner = await stage.add('owner', 'owner');
    const key = await stage.keyOf(owner);
    const call = (line: string, body?: unknown): Promise<Got> =>
      stage.send(line, { key, ...(body === undefined ? {} : { body }) });
    const cross = async () => {
      const node = stage.node();
      node.crossed(stage.standing(ceilingOf({ type: 'organization_total' }, 'organization'), 75));
      await node.close();
    };
    const notices = async () => (await call('GET /v1/organizations/notices')).body.data as Notice[];
    return { ...stage, owner, call, cross, notices };
  };

  it('keeps what each of several administrators changed of a channel at the same moment, and removes it once', async () => {
    const { call } = await start();
    const { body } = await call(`POST ${CHANNELS}`, { kind: 'webhook', name: 'Ledger', url: `${receiver.url}/in` });
    const at = `${CHANNELS}/${body.id}`;
    for (let round = 0; round < 5; round++) {
      const name = `Ledger ${round}`;
      const is_enabled = round % 2 === 1;
      const about_members = !is_enabled;
      await Promise.all([{ name }, { is_enabled }, { about_members }].map((change) => call(`POST ${at}`, change)));
      const [now] = (await call(`GET ${CHANNELS}`)).body.data as Record<string, unknown>[];
      expect(now).toMatchObject({ name, is_enabled, about_members });
    }
    const removed = await Promise.all([1, 2, 3].map(() => call(`DELETE ${at}`)));
    expect(removed.map(({ status }) => status).sort()).toEqual([200, 404, 404]);
  });

  it('a webhook that is down for a while gets its post afterwards, signed, under the id it had', async () => {
    const { call, cross, deliver, notices, clock } = await start();
    const { body } = await call(`POST ${CHANNELS}`, { kind: 'webhook', name: 'Ledger', url: `${receiver.url}/in` });
    const before = receiver.posted.length;
    receiver.failNext(2, 503);
    await cross();
    for (const waitedMs of [0, 30_000, 60_000]) {
      clock.ms += waitedMs;
      await deliver();
      await deliver();
    }
    const posted = receiver.posted.slice(before);
    expect(posted.map(({ path }) => path)).toEqual(['/in', '/in', '/in']);
    expect(new Set(posted.map(({ body: sent }) => sent.id)).size).toBe(1);
    const [last] = posted.slice(-1);
    expect(last?.body).toMatchObject({
      type: 'spend.threshold_crossed',
      data: { percent: 75, amount_micros: 100_000_000 },
    });
    expect(last?.headers['remit-delivery']).toBe(last?.body.id);
    const wanted = createHmac('sha256', String(body.secret)).update(
      `${last?.headers['remit-timestamp']}.${last?.text}`,
    );
    expect(last?.headers['remit-signature']).toBe(`v1=${wanted.digest('hex')}`);
    const [notice] = await notices();
    const delivery = notice?.deliveries.find(({ channel }) => channel === 'webhook');
    expect(delivery).toMatchObject({
      target: 'Ledger',
      state: 'delivered',
      attempts: 3,
      answer: expect.stringContaining('answered 200'),
    });
  });

  it('a Slack-compatible channel gets a text with blocks, and no signature', async () => {
    const { call, cross, deliver } = await start();
    await call(`POST ${CHANNELS}`, { kind: 'slack', name: 'Money', url: `${receiver.url}/services/T/B/secret` });
    await cross();
    await deliver();
    const posted = receiver.posted.at(-1);
    expect(posted?.body).toMatchObject({ text: expect.stringContaining('is used to 75%'), blocks: expect.any(Array) });
    expect(posted?.headers['remit-signature']).toBeUndefined();
  });

  it('addresses and secrets are sealed, and shown no more; the feed does not tell them', async () => {
    const { call, database } = await start();
    const url = `${receiver.url}/services/very-secret`;
    const { body } = await call(`POST ${CHANNELS}`, { kind: 'webhook', name: 'A', url });
    const rotated = await call(`POST ${CHANNELS}/${body.id}`, { rotate_secret: true, url: `${url}-2` });
    expect(rotated.body.secret).not.toBe(body.secret);
    const listed = JSON.stringify((await call(`GET ${CHANNELS}`)).body);
    const rows = JSON.stringify(
      await database.tables<NoticeTables>().selectFrom('notice_channels').selectAll().execute(),
    );
    const feed = JSON.stringify(
      await database.tables<{ activities: object }>().selectFrom('activities').selectAll().execute(),
    );
    for (const text of [listed, rows, feed])
      for (const secret of ['very-secret', String(body.secret), String(rotated.body.secret)])
        expect(text).not.toContain(secret);
    expect(listed).toContain(new URL(receiver.url).host);
  });

  it.each([
    'http://hooks.example/x',
    'https://127.0.0.1/x',
    'https://[::1]/x',
    'https://169.254.169.254/latest',
    'https://10.0.0.1/',
  ])('an address that nothing is posted to is refused when it is set: %s', async (url) => {
    const { call } = await start();
    expect((await call(`POST ${CHANNELS}`, { kind: 'slack', name: 'A', url })).status).toBe(400);
    expect((await call(`GET ${CHANNELS}`)).body.data).toEqual([]);
  });

  it('a test answers what happened, well or not, and changes nothing', async () => {
    const { call } = await start();
    const { body } = await call(`POST ${CHANNELS}`, { kind: 'webhook', name: 'A', url: receiver.url });
    expect((await call(`POST ${CHANNELS}/${body.id}/test`)).body).toMatchObject({ is_delivered: true });
    receiver.failNext(1, 404);
    const failed = await call(`POST ${CHANNELS}/${body.id}/test`);
    expect(failed.body).toMatchObject({ is_delivered: false, answer: expect.stringContaining('404') });
    expect((await call('POST /v1/organizations/notice_settings/test_mail', {})).body).toMatchObject({
      is_delivered: true,
    });
    expect(mail.received.at(-1)).toMatchObject({ to: ['owner@example.com'], subject: 'A test message from Remit' });
    expect(
      (await call('POST /v1/organizations/notice_settings/test_mail', { to: 'stranger@evil.example' })).status,
    ).toBe(400);
  });

  it('without a mail server nothing is lost in silence: settings say what is missing, and the delivery why', async () => {
    const { call, cross, deliver, notices } = await start({});
    await cross();
    await deliver();
    const { body } = await call(`GET ${SETTINGS}`);
    expect(body).toMatchObject({
      failed_deliveries: 1,
      mail: { is_configured: false, missing: expect.stringContaining('REMIT_SMTP_URL') },
    });
    expect((await notices())[0]?.deliveries).toMatchObject([
      { target: 'owner@example.com', state: 'failed', answer: expect.stringContaining('No mail server') },
    ]);
    const tested = await call('POST /v1/organizations/notice_settings/test_mail', {});
    expect(tested.body).toMatchObject({ is_delivered: false, answer: expect.stringContaining('No mail server') });
  });

  it('settings are kept, tidy, and only who manages billing changes them', async () => {
    const { call, send, add, keyOf } = await start();
    const wanted = { digest_hour: 6, alert_emails: ['a@example.com', 'A@example.com'] };
    const { body } = await call(`POST ${SETTINGS}`, wanted);
    expect(body).toMatchObject({
      digest_hour: 6,
      alert_emails: ['A@example.com'],
      notify_members: true,
    });
    for (const bad of [{ digest_hour: 24 }, { alert_emails: ['nobody'] }])
      expect((await call(`POST ${SETTINGS}`, bad)).status).toBe(400);
    const member = { key: await keyOf(await add('member')) };
    for (const line of [`GET ${SETTINGS}`, `GET ${CHANNELS}`, 'GET /v1/organizations/notices'])
      expect((await send(line, member)).status).toBe(403);
    expect((await send(`POST ${SETTINGS}`, { ...member, body: { digest_hour: 1 } })).status).toBe(403);
    expect((await call(`GET ${SETTINGS}`)).body).toMatchObject({ digest_hour: 6 });
  });
});
