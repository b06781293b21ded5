import { afterAll, beforeAll, expect, test } from 'vitest';
import { begin, send } from '../support/http.ts';
import { answerWell, beginStream, bodyOf } from '../support/messages.ts';
import { type PostgresServer, startPostgres } from '../support/postgres.ts';
import { access, directory, gateway, type Remit, startRemit } from '../support/remit.ts';
import { openUpstreamServer, type TestUpstream } from '../support/upstreams.ts';
import { waitFor } from '../support/wait.ts';

/** Two nodes on one PostgreSQL are one Remit: what is changed on one holds on the other within a second. */

let server: PostgresServer;
let upstream: TestUpstream;
let one: Remit;
let two: Remit;
let isHeld = false;
beforeAll(async () => {
  server = await startPostgres();
  upstream = await openUpstreamServer((request, response) =>
    isHeld ? beginStream(response) : answerWell(request, response),
  );
  const databaseUrl = await server.createDatabase();
  const start = (name: string) =>
    startRemit({ upstreamUrl: upstream.url, databaseUrl, env: { REMIT_NODE_NAME: name } });
  one = await start('one');
  two = await start('two');
  await one.allowAll();
});
afterAll(async () => {
  await one.stop();
  await two.stop();
  await upstream.close();
  await server.stop();
});

const statusOn = async (node: Remit, key: string, extra = {}) =>
  (await send({ url: node.url, key, body: bodyOf(extra) })).status;

const withinASecond = (what: string, look: () => Promise<boolean>) => waitFor(what, look, 1000);

test('a key made on one node works on the other', async () => {
  const { key } = await one.newMember();
  await withinASecond('the key on the other node', async () => (await statusOn(two, key)) === 200);
});

test('a model switched off on one node is refused on the other', async () => {
  const { key } = await one.newMember();
  await withinASecond('the key', async () => (await statusOn(two, key)) === 200);
  await one.call(access.setModelAccess, { params: { model: 'claude-opus-5' }, body: { enabled: false } });
  await withinASecond('the refusal', async () => (await statusOn(two, key, { model: 'claude-opus-5' })) === 403);
});

test.each(['one', 'two'] as const)('a key revoked on node %s ends streams and requests on both', async (where) => {
  const member = await one.newMember();
  await withinASecond('the key', async () => (await statusOn(two, member.key)) === 200);
  isHeld = true;
  const sent = { key: member.key, body: bodyOf({ stream: true }) };
  const streams = await Promise.all([one, two].map(({ url }) => begin({ ...sent, url })));
  await Promise.all(streams.map((stream) => stream.until('goes on')));
  isHeld = false;
  const startedAt = performance.now();
  const node = where === 'one' ? one : two;
  await node.call(directory.updateApiKey, { params: { api_key_id: member.keyId }, body: { status: 'archived' } });
  for (const stream of streams) expect((await stream.whole).text).toContain('event: error');
  expect(performance.now() - startedAt).toBeLessThan(1000);
  for (const each of [one, two]) expect(await statusOn(each, member.key)).toBe(401);
  // Each node knows what the other has served.
  for (const stream of streams) expect(await one.decision(stream.requestId)).toMatchObject({ outcome: 'revoked' });
});

test('a member suspended on one node has no access on the other, and has it again once restored', async () => {
  const { id, key } = await one.newMember();
  const params = { user_id: id };
  await withinASecond('the key', async () => (await statusOn(two, key)) === 200);
  await one.call(directory.suspendUser, { params });
  await withinASecond('the refusal', async () => (await statusOn(two, key)) === 401);
  await two.call(directory.restoreUser, { params });
  await withinASecond('the key', async () => (await statusOn(one, key)) === 200);
});

test('a node that starts again closes only what it had left open itself', async () => {
  const { key } = await one.newMember();
  await withinASecond('the key', async () => (await statusOn(two, key)) === 200);
  isHeld = true;
  const running = await begin({ url: two.url, key, body: bodyOf({ stream: true }) });
  await running.until('goes on');
  isHeld = false;
  await one.stop();
  const { data } = await two.call(gateway.listDecisions, { query: { limit: 10 } });
  expect(data.find(({ id }) => id === running.requestId)?.outcome).toBe('open');
  running.leave();
  expect(await two.decision(running.requestId)).toMatchObject({ outcome: 'client_left' });
});
