import { createHmac } from 'node:crypto';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { startWebhookReceiver, type WebhookReceiver } from '../../../tests/support/webhook-receiver.ts';
import { createGuardedFetch } from './guarded-fetch.ts';
import { createPostWebhook } from './post-webhook.ts';

let receiver: WebhookReceiver;
beforeAll(async () => {
  receiver = await startWebhookReceiver();
});
afterAll(() => receiver.close());

const AT = Date.UTC(2026, 10, 2, 8);
const post = (allowed: readonly string[]) => createPostWebhook(createGuardedFetch(allowed), () => AT);
const body = JSON.stringify({ hello: 'wörld' });

it('what arrives can be checked with the secret, and names its delivery', async () => {
  const url = `${receiver.url}/hook`;
  expect(await post([receiver.url])({ id: 'ndlv_1', url, secret: 'whsec', body })).toContain('answered 200: ok');
  const got = receiver.posted.at(-1);
  expect(got?.headers).toMatchObject({ 'remit-delivery': 'ndlv_1', 'remit-timestamp': String(AT / 1000) });
  const wanted = createHmac('sha256', 'whsec')
    .update(`${AT / 1000}.${got?.text}`)
    .digest('hex');
  expect(got?.headers['remit-signature']).toBe(`v1=${wanted}`);
});

it('without a secret there is no signature; an answer other than 2xx is a failure that may be tried again', async () => {
  receiver.failNext(1, 503);
  const failed = post([receiver.url])({ id: 'ndlv_2', url: receiver.url, secret: null, body });
  await expect(failed).rejects.toMatchObject({ isFinal: false, message: expect.stringContaining('answered 503: no') });
  expect(receiver.posted.at(-1)?.headers['remit-signature']).toBeUndefined();
});

it('nothing inside the network is posted to, and the reason is said', async () => {
  const before = receiver.posted.length;
  const { port } = new URL(receiver.url);
  const send = (url: string) => post([])({ id: 'ndlv_3', url, secret: null, body });
  await expect(send(receiver.url)).rejects.toMatchObject({ message: expect.stringContaining('not on https') });
  await expect(send(`https://localhost:${port}/`)).rejects.toMatchObject({
    message: expect.stringContaining('inside the network'),
  });
  await expect(send('https://169.254.169.254/')).rejects.toMatchObject({
    message: expect.stringContaining('inside the network'),
  });
  expect(receiver.posted.length).toBe(before);
});
