import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import {
  type DeviceTokens,
  fromPage,
  newestDevice,
  postForm,
  renewDevice,
  sessionOf,
  signInDevice,
} from '../support/device-sign-in.ts';
import { begin, send } from '../support/http.ts';
import { answerWell, beginStream, bodyOf } from '../support/messages.ts';
import { type PostgresServer, startPostgres } from '../support/postgres.ts';
import { access, directory, type Member, type Remit, spend, startRemit } from '../support/remit.ts';
import { newDirectory, type ScimClient } from '../support/scim.ts';
import { openUpstreamServer, type TestUpstream } from '../support/upstreams.ts';
import { waitFor } from '../support/wait.ts';

/** Devices that are signed in, on two nodes with one PostgreSQL: what happens on one holds on the other at once. */

let server: PostgresServer;
let upstream: TestUpstream;
let one: Remit;
let two: Remit;
let scim: ScimClient;
let isHeld = false;
beforeAll(async () => {
  server = await startPostgres();
  upstream = await openUpstreamServer((request, response) =>
    isHeld ? beginStream(response) : answerWell(request, response),
  );
  const databaseUrl = await server.createDatabase();
  const env = { REMIT_DEVICE_SIGN_INS_PER_ADDRESS: '1000' };
  const start = (name: string) =>
    startRemit({ upstreamUrl: upstream.url, databaseUrl, env: { ...env, REMIT_NODE_NAME: name } });
  one = await start('one');
  two = await start('two');
  await one.allowAll();
  scim = await newDirectory(one, { name: 'corporate' });
});
afterAll(async () => {
  await one.stop();
  await two.stop();
  await upstream.close();
  await server.stop();
});

type Device = { readonly member: Member; readonly cookie: string; readonly tokens: DeviceTokens };

/** A member with a device that was signed in through node one. */
const newDevice = async (role: 'user' | 'managed' = 'user'): Promise<Device> => {
  const member = await one.newMember({ role });
  const cookie = await sessionOf(one, member);
  return { member, cookie, tokens: await signInDevice(one, cookie) };
};

const CLAUDE_CODE = { 'user-agent': 'claude-cli/2.1.330 (external, cli)', 'x-app': 'cli' };

const bearer = ({ access_token }: DeviceTokens) => ({ authorization: `Bearer ${access_token}`, ...CLAUDE_CODE });

const ask = (node: Remit, tokens: DeviceTokens, extra = {}) =>
  send({ url: node.url, headers: bearer(tokens), body: bodyOf(extra) });

const get = (node: Remit, path: string, tokens: DeviceTokens) =>
  send({ url: node.url, path, method: 'GET', headers: bearer(tokens) });

const streamOn = async (node: Remit, tokens: DeviceTokens) => {
  const stream = await begin({ url: node.url, headers: bearer(tokens), body: bodyOf({ stream: true }) });
  await stream.until('goes on');
  return stream;
};

test('a token is good on the other node at once, and its requests name the device', async () => {
  const { member, cookie, tokens } = await newDevice();
  const answer = await ask(two, tokens);
  expect(answer.status).toBe(200);
  const decision = await one.decision(String(answer.headers['request-id']));
  expect(decision).toMatchObject({
    user: { id: member.id },
    api_key: { id: await newestDevice(one, cookie), name: 'Claude Code 2.1.330' },
  });
});

test('a renewed token is good on the other node at once; the one before goes on; a refresh token counts once', async () => {
  const { tokens } = await newDevice();
  const renewed = (await (await renewDevice(two, tokens.refresh_token)).json()) as DeviceTokens;
  expect((await ask(one, renewed)).status).toBe(200);
  expect((await ask(two, tokens)).status).toBe(200);
  const again = (await (await renewDevice(one, renewed.refresh_token)).json()) as DeviceTokens;
  expect((await renewDevice(two, tokens.refresh_token)).status).toBe(401);
  for (const node of [one, two]) expect((await ask(node, again)).status).toBe(200);
});

type Ending = readonly [how: string, end: (device: Device) => Promise<unknown>, sentence: string];

const ENDED = 'This sign-in has ended. Sign in again with /login.';

const ENDINGS: readonly Ending[] = [
  [
    'the member is removed',
    ({ member }) => one.callNow(directory.removeUser, { params: { user_id: member.id } }),
    'You are no longer a member of this organisation. Ask an administrator if you should be.',
  ],
  [
    'the member is suspended',
    ({ member }) => two.callNow(directory.suspendUser, { params: { user_id: member.id } }),
    'Your access is suspended. Ask an administrator of your organisation to restore it.',
  ],
  [
    'an administrator ends the device',
    async ({ member, cookie }) =>
      two.callNow(directory.endUserDevice, {
        params: { user_id: member.id, device_id: await newestDevice(one, cookie) },
      }),
    ENDED,
  ],
  [
    'the member ends the device',
    async ({ cookie }) =>
      fromPage(two, cookie, { method: 'DELETE', path: `/v1/me/devices/${await newestDevice(one, cookie)}` }),
    ENDED,
  ],
  [
    'the member signs out everywhere',
    ({ cookie }) => fromPage(one, cookie, { path: '/v1/me/sessions/end_all', body: { keep_this: true } }),
    ENDED,
  ],
  ['Claude Code signs out', ({ tokens }) => postForm(one, '/oauth/revoke', { token: tokens.access_token }), ENDED],
];

describe.each(ENDINGS)('when %s', (_, end, sentence) => {
  test('the next request is refused for good and running streams end, on both nodes within a second', async () => {
    const device = await newDevice();
    isHeld = true;
    const streams = await Promise.all([one, two].map((node) => streamOn(node, device.tokens)));
    isHeld = false;
    const startedAt = performance.now();
    await end(device);
    for (const stream of streams) expect((await stream.whole).text).toContain('event: error');
    expect(performance.now() - startedAt).toBeLessThan(1000);
    for (const node of [one, two]) {
      const refused = await ask(node, device.tokens);
      expect([refused.status, refused.headers['x-should-retry']]).toEqual([401, 'false']);
      expect(JSON.parse(refused.text).error).toEqual({ type: 'authentication_error', message: sentence });
      const settings = await get(node, '/managed/settings', device.tokens);
      expect([settings.status, settings.headers['x-should-retry']]).toEqual([401, 'false']);
    }
    expect((await renewDevice(two, device.tokens.refresh_token)).status).toBe(401);
  });
});

test('somebody whom the identity provider deactivates is signed out of their devices; restored, they sign in anew', async () => {
  const userName = 'provisioned@example.com';
  const { id } = await scim.addUser(userName);
  const { data } = await one.call(directory.listUsers, { query: { email: userName } });
  const member = { id: data[0]?.id ?? '', email: userName };
  const tokens = await signInDevice(one, await sessionOf(one, member));
  for (const node of [one, two]) expect((await ask(node, tokens)).status).toBe(200);
  isHeld = true;
  const stream = await streamOn(two, tokens);
  isHeld = false;
  const setActive = (value: string) =>
    scim.send(`PATCH /Users/${id}`, {
      schemas: ['urn:ietf:params:scim:api:messages:2.0:PatchOp'],
      Operations: [{ op: 'Replace', path: 'active', value }],
    });
  const startedAt = performance.now();
  await setActive('False');
  expect((await stream.whole).text).toContain('event: error');
  expect(performance.now() - startedAt).toBeLessThan(1000);
  for (const node of [one, two]) expect((await ask(node, tokens)).status).toBe(401);
  await setActive('True');
  for (const node of [one, two]) {
    const refused = await ask(node, tokens);
    expect(JSON.parse(refused.text).error.message).toBe(ENDED);
  }
});

test('all rules of the member hold: a refused model is a 403 with its sentence, not the 451 of Claude Code with a key', async () => {
  const { member, tokens } = await newDevice('managed');
  const roleId = await one.newRole({ 'claude-sonnet-5-5': null });
  await one.call(directory.attachUserRole, { params: { user_id: member.id }, body: { role_id: roleId } });
  await waitFor('the role', async () => (await ask(two, tokens, { model: 'claude-sonnet-5-5' })).status === 200, 1000);
  const refused = await ask(two, tokens, { model: 'claude-opus-5-5' });
  expect([refused.status, refused.headers['x-should-retry']]).toEqual([403, 'false']);
  expect(JSON.parse(refused.text).error).toMatchObject({
    type: 'permission_error',
    message: expect.stringContaining('Claude Opus 5.5 is not included in your roles'),
  });
  const models = JSON.parse((await get(two, '/v1/models?limit=1000', tokens)).text) as { data: { id: string }[] };
  const ids = models.data.map((model) => model.id);
  expect(ids).toContain('claude-sonnet-5-5');
  expect(ids).not.toContain('claude-opus-5-5');
});

test('settings: none are managed, and a member without Claude Code reads why they may not go on', async () => {
  const { member, tokens } = await newDevice('managed');
  const refused = await get(two, '/managed/settings', tokens);
  expect([refused.status, refused.headers['x-should-retry']]).toEqual([403, 'false']);
  expect(JSON.parse(refused.text).error).toMatchObject({
    type: 'permission_error',
    message: expect.stringContaining('Claude Code'),
  });
  const roleId = await one.newRole({});
  await one.call(directory.attachUserRole, { params: { user_id: member.id }, body: { role_id: roleId } });
  await waitFor('the role', async () => (await get(two, '/managed/settings', tokens)).status === 404, 1000);
  await one.call(access.setRoleCapabilities, {
    params: { role_id: roleId },
    body: { access: 'selected', capabilities: { chat: true } },
  });
  await waitFor('the end', async () => (await get(two, '/managed/settings', tokens)).status === 403, 1000);
  expect((await send({ url: one.url, path: '/managed/settings', method: 'GET' })).status).toBe(401);
});

test('usage: what is spent of the fullest limit in each period, and of nothing when nothing is limited', async () => {
  const { member, tokens } = await newDevice();
  await ask(one, tokens);
  const usage = async () => JSON.parse((await get(two, '/api/oauth/usage', tokens)).text);
  expect(await usage()).toMatchObject({
    extra_usage: { is_enabled: true, monthly_limit: null, utilization: null, currency: 'USD' },
    limits: [],
  });
  await one.callNow(spend.setSpendLimit, {
    body: { scope: { type: 'user', user_id: member.id }, amount: '0', period: 'daily' },
  });
  await waitFor('the limit', async () => (await usage()).limits.length === 1, 1000);
  const { extra_usage, limits } = await usage();
  expect(extra_usage).toMatchObject({ monthly_limit: 0, utilization: 100 });
  expect(limits).toMatchObject([
    { kind: 'spend', group: 'daily', percent: 100, severity: 'critical', is_active: true },
  ]);
  expect(Date.parse(limits[0].resets_at)).toBeGreaterThan(Date.now());
});

test('telemetry is taken from whoever is signed in, and from nobody else', async () => {
  const { tokens } = await newDevice();
  for (const signal of ['metrics', 'logs', 'traces']) {
    const sent = { url: two.url, path: `/v1/${signal}`, body: Buffer.from([10, 0]) };
    const type = { 'content-type': 'application/x-protobuf' };
    const taken = await send({ ...sent, headers: { ...type, authorization: `Bearer ${tokens.access_token}` } });
    expect([taken.status, taken.body.length]).toEqual([200, 0]);
    expect((await send({ ...sent, headers: type })).status).toBe(401);
  }
});

test('a device’s token opens nothing of the console or the Admin API', async () => {
  const { tokens } = await newDevice();
  for (const path of ['/v1/me/api_keys', '/v1/me/devices', '/v1/organizations/users', '/v1/organizations/me'])
    expect((await get(one, path, tokens)).status).toBe(401);
});
