import { createClient } from '../../src/platform/contract.ts';
import * as spend from '../../src/spend/contract.ts';
import type { MakeChange } from './changes.ts';
import type { Organisation } from './organisation.ts';
import { waitFor } from './wait.ts';

let count = 0;
const name = (): string => {
  count += 1;
  return `channel ${count}`;
};

const newChannelBody = () => ({ kind: 'webhook' as const, name: name(), url: 'https://hooks.example/remit' });

const newChannel = async ({ callNow }: Organisation) =>
  (await callNow(spend.createNoticeChannel, { body: newChannelBody() })).id;

/** A delivery that was given up, because there is no mail server: what a member was told of their denied request. */
const failedDelivery = async (at: Organisation): Promise<string> => {
  const { id, email, key } = await at.newMember();
  await at.call(spend.setSpendLimit, { body: { scope: { type: 'user', user_id: id }, amount: '100' } });
  const as = createClient({ baseUrl: at.url, headers: { 'x-api-key': key } });
  const request_id = (await as(spend.askForIncrease, { body: {} })).requests[0]?.id ?? '';
  await at.callNow(spend.denyIncreaseRequest, { params: { request_id }, body: {} });
  return waitFor('a delivery that is given up', async () => {
    const { data } = await at.call(spend.listNotices, { query: { state: 'failed' } });
    return data.flatMap(({ deliveries }) => deliveries).find(({ target }) => target === email)?.id;
  });
};

/** One call of each change of notices. */
export const NOTICE_CHANGES: Readonly<Record<string, MakeChange>> = {
  'POST /v1/organizations/notice_channels': async () => ({ body: newChannelBody() }),
  'POST /v1/organizations/notice_channels/:channel_id': async (at) => ({
    params: { channel_id: await newChannel(at) },
    body: { name: name(), rotate_secret: true },
  }),
  'DELETE /v1/organizations/notice_channels/:channel_id': async (at) => ({
    params: { channel_id: await newChannel(at) },
  }),
  'POST /v1/organizations/notice_deliveries/:delivery_id/retry': async (at) => ({
    params: { delivery_id: await failedDelivery(at) },
  }),
  'POST /v1/organizations/notice_settings': async (at) => {
    const { digest_hour: hour } = await at.call(spend.getNoticeSettings);
    return { body: { digest_hour: (hour + 1) % 24, alert_emails: [`finance-${hour}@example.com`] } };
  },
};
