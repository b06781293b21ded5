import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import Anthropic, { APIError } from '@anthropic-ai/sdk';
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import {
  type ReceivedRequest,
  type SimulatedUpstream,
  startSimulatedUpstream,
} from '../../src/gateway/simulated-upstream/index.ts';
import { send } from '../support/http.ts';
import { directory, ENGINES, type Member, type Remit, type ServiceKey, startRemit } from '../support/remit.ts';
import { waitFor } from '../support/wait.ts';

/** Batches through Remit with the official client, on both databases. */

const SONNET = 'claude-sonnet-5-5';
const OPUS = 'claude-opus-5-5';

const entry = (custom_id: string, extra: Readonly<Record<string, unknown>> = {}) => ({
  custom_id,
  params: {
    model: SONNET,
    max_tokens: 64,
    messages: [{ role: 'user' as const, content: `Say ${custom_id}` }],
    ...extra,
  },
});

const clientOf = (remit: Remit, key: string) => new Anthropic({ apiKey: key, baseURL: remit.url, maxRetries: 0 });

/** Resolves once a key is known and may use a model. */
const whenReady = (remit: Remit, key: string): Promise<unknown> =>
  waitFor(`the key to reach ${SONNET}`, async () => {
    const { status } = await send({ url: remit.url, method: 'GET', path: `/v1/models/${SONNET}`, key });
    return status === 200;
  });

const newMember = async (remit: Remit): Promise<Member> => {
  const member = await remit.newMember();
  await whenReady(remit, member.key);
  return member;
};

/** A member with one custom role and nothing else. */
const newRestricted = async (remit: Remit, models: Readonly<Record<string, string | null>>): Promise<Member> => {
  const member = await remit.newMember({ role: 'managed' });
  const role_id = await remit.newRole(models);
  await remit.call(directory.attachUserRole, { params: { user_id: member.id }, body: { role_id } });
  await whenReady(remit, member.key);
  return member;
};

const newServiceKey = async (remit: Remit): Promise<ServiceKey> => {
  const service = await remit.newServiceKey();
  const role_id = await remit.newRole({ [SONNET]: null });
  await remit.call(directory.attachGroupRole, { params: { group_id: service.groupId }, body: { role_id } });
  await whenReady(remit, service.key);
  return service;
};

const errorOf = async (promise: Promise<unknown>): Promise<APIError> => {
  const thrown = await promise.then(
    () => undefined,
    (error: unknown) => error,
  );
  if (!(thrown instanceof APIError)) throw new Error(`not an API error: ${String(thrown)}`);
  return thrown;
};

const linesOf = async <T>(stream: AsyncIterable<T>): Promise<T[]> => {
  const lines: T[] = [];
  for await (const line of stream) lines.push(line);
  return lines;
};

describe.each(ENGINES)('batches on $name', (engine) => {
  let received: ReceivedRequest[] = [];
  let simulated: SimulatedUpstream;
  let remit: Remit;
  beforeAll(async () => {
    await engine.start();
    simulated = await startSimulatedUpstream({ onRequest: (request) => received.push(request) });
    remit = await startRemit({ upstreamUrl: simulated.url, databaseUrl: await engine.databaseUrl() });
    await remit.allowAll();
  });
  afterAll(async () => {
    await remit.stop();
    await simulated.close();
    await engine.stop();
  });
  afterEach(() => {
    received = [];
  });

  const entriesOf = async (userId: string) => (await remit.decisions()).filter(({ user }) => user?.id === userId);

  test('results are charged once, at half the price of single requests, however often they are read', async () => {
    const member = await newMember(remit);
    const client = clientOf(remit, member.key);
    const single = await client.messages.create(entry('one').params).withResponse();
    const singleCost = (await remit.decision(single.request_id ?? '')).cost;

    const batch = await client.messages.batches.create({
      requests: [entry('one'), entry('three')],
    });
    expect(batch).toMatchObject({ type: 'message_batch', processing_status: 'ended' });
    expect((await client.messages.batches.retrieve(batch.id)).results_url).toBe(
      `${remit.url}/v1/messages/batches/${batch.id}/results`,
    );
    const results = await linesOf(await client.messages.batches.results(batch.id));
    expect(results.map(({ custom_id, result }) => [custom_id, result.type])).toEqual([
      ['one', 'succeeded'],
      ['three', 'succeeded'],
    ]);
    await linesOf(await client.messages.batches.results(batch.id));

    const rows = (await entriesOf(member.id)).filter(({ endpoint }) => endpoint === 'batch_item');
    expect(rows).toHaveLength(2);
    for (const row of rows) {
      expect(row).toMatchObject({ outcome: 'completed', status: 200, effect: 'allow', cost: { estimated: false } });
      expect(Number(row.cost?.amount)).toBeCloseTo(Number(singleCost?.amount) / 2, 2);
    }
    const outputOf = ({ result }: (typeof results)[number]) =>
      result.type === 'succeeded' ? result.message.usage.output_tokens : 0;
    expect(rows.map(({ usage }) => usage?.output_tokens).toSorted()).toEqual(results.map(outputOf).toSorted());
  });

  test('entries that fail cost nothing', async () => {
    const member = await newMember(remit);
    const client = clientOf(remit, member.key);
    const failing = { messages: [{ role: 'user' as const, content: '[simulate:error 529]' }] };
    const batch = await client.messages.batches.create({ requests: [entry('good'), entry('bad', failing)] });
    await linesOf(await client.messages.batches.results(batch.id));
    const rows = await entriesOf(member.id);
    expect(rows.find(({ outcome }) => outcome === 'completed')?.cost).not.toMatchObject({ amount: '0' });
    expect(rows.find(({ outcome }) => outcome === 'failed')?.cost).toMatchObject({ amount: '0', estimated: false });
  });

  test('a batch that nobody asks for again is charged all the same', async () => {
    const member = await newMember(remit);
    await clientOf(remit, member.key).messages.batches.create({ requests: [entry('alone')] });
    const [row] = await waitFor(
      'the charge of the batch',
      async () => {
        const rows = await entriesOf(member.id);
        return rows.every(({ outcome }) => outcome === 'completed') && rows;
      },
      20_000,
    );
    expect(Number(row?.cost?.amount)).toBeGreaterThan(0);
  });

  test('other members, and other groups, find no such batch', async () => {
    const [mine, theirs, service] = [await newMember(remit), await newMember(remit), await newServiceKey(remit)];
    const batch = await clientOf(remit, mine.key).messages.batches.create({ requests: [entry('mine')] });
    for (const { key } of [theirs, service]) {
      const { batches } = clientOf(remit, key).messages;
      received = [];
      for (const attempt of ['retrieve', 'cancel', 'delete', 'results'] as const)
        expect(await errorOf(batches[attempt](batch.id))).toMatchObject({
          status: 404,
          type: 'not_found_error',
        });
      const results = await send({
        url: remit.url,
        method: 'GET',
        key,
        path: `/v1/messages/batches/${batch.id}/results`,
      });
      expect(results.status).toBe(404);
      expect((await batches.list()).data).toEqual([]);
      expect(received).toEqual([]);
    }
  });

  test("a group's service keys share its batches", async () => {
    const { groupId, key } = await newServiceKey(remit);
    const other = await remit.call(directory.createApiKey, { body: { name: 'second', rbac_group_id: groupId } });
    await whenReady(remit, other.key);
    const batch = await clientOf(remit, key).messages.batches.create({ requests: [entry('shared')] });
    expect((await clientOf(remit, other.key).messages.batches.retrieve(batch.id)).id).toBe(batch.id);
  });

  test('one entry that is not permitted refuses the whole batch by name, and nothing leaves', async () => {
    const member = await newRestricted(remit, { [SONNET]: null });
    const requests = [entry('fine'), entry('too-dear', { model: OPUS }), entry('also-fine')];
    const error = await errorOf(clientOf(remit, member.key).messages.batches.create({ requests }));
    expect(error).toMatchObject({ status: 403, type: 'permission_error' });
    expect(error.message).toContain('too-dear');
    expect(error.message).not.toContain('also-fine');
    expect(received).toEqual([]);
    const rows = await entriesOf(member.id);
    expect(rows).toHaveLength(1);
    expect(rows[0]).toMatchObject({ id: error.requestID, endpoint: 'batch_item', effect: 'deny', outcome: 'refused' });
  });

  test('an effort above the cap is lowered in its entry, and every other byte stays', async () => {
    const member = await newRestricted(remit, { [SONNET]: 'medium' });
    const parts = ['low', 'max', 'medium'].map((effort) => entry(`e-${effort}`, { output_config: { effort } }));
    const body = JSON.stringify({ requests: parts, extra: { kept: [1, 2] } }, undefined, 1);
    const answer = await send({
      url: remit.url,
      path: '/v1/messages/batches',
      key: member.key,
      headers: { 'anthropic-version': '2023-06-01' },
      body,
    });
    expect(answer.status).toBe(200);
    expect(answer.headers).toMatchObject({ 'remit-decision': 'clamp' });
    // The job that watches over batches asks as well, whenever its time comes.
    const sent = received.filter(({ method }) => method === 'POST').map((one) => one.body.toString());
    expect(sent).toEqual([body.replace('"max"', '"medium"')]);
    expect((await remit.decisions()).find(({ id }) => id === answer.headers['request-id'])).toBeDefined();
    const efforts = (await entriesOf(member.id)).map(({ effort, effect }) => [effort.asked, effort.used, effect]);
    expect(efforts.toSorted()).toEqual([
      ['low', 'low', 'allow'],
      ['max', 'medium', 'clamp'],
      ['medium', 'medium', 'allow'],
    ]);
  });

  test('a batch that the provider refuses comes back as it said, and costs nothing', async () => {
    const member = await newMember(remit);
    const error = await errorOf(
      clientOf(remit, member.key).messages.batches.create({ requests: [entry('twice'), entry('twice')] }),
    );
    expect(error).toMatchObject({ status: 400, type: 'invalid_request_error' });
    expect(error.message).toContain('used twice');
    for (const { id } of await entriesOf(member.id))
      expect(await remit.decision(id)).toMatchObject({ outcome: 'failed', status: 400, cost: { amount: '0' } });
  });

  test('a revoked key creates and reads nothing', async () => {
    const member = await newMember(remit);
    const client = clientOf(remit, member.key);
    const batch = await client.messages.batches.create({ requests: [entry('before')] });
    await remit.call(directory.updateApiKey, { params: { api_key_id: member.keyId }, body: { status: 'archived' } });
    await waitFor('the revocation', async () => {
      const error = await errorOf(client.messages.batches.retrieve(batch.id)).catch(() => undefined);
      return error?.status === 401;
    });
    received = [];
    expect(await errorOf(client.messages.batches.create({ requests: [entry('after')] }))).toMatchObject({
      status: 401,
    });
    expect(received).toEqual([]);
  });

  test("lists one's own batches, newest first, a page at a time in both directions", async () => {
    const member = await newMember(remit);
    const { batches } = clientOf(remit, member.key).messages;
    const ids: string[] = [];
    for (const name of ['a', 'b', 'c', 'd', 'e']) ids.unshift((await batches.create({ requests: [entry(name)] })).id);
    const first = await batches.list({ limit: 2 });
    expect(first).toMatchObject({ has_more: true, first_id: ids[0], last_id: ids[1] });
    expect((await linesOf(batches.list({ limit: 2 }))).map(({ id }) => id)).toEqual(ids);
    const back = await batches.list({ limit: 2, before_id: ids[3] ?? '' });
    expect(back.data.map(({ id }) => id)).toEqual(ids.slice(1, 3));
    expect(back.has_more).toBe(true);
    expect(await errorOf(Promise.resolve(batches.list({ after_id: 'msgbatch_unknown' })))).toMatchObject({
      status: 400,
    });
    expect(await errorOf(Promise.resolve(batches.list({ limit: 0 })))).toMatchObject({ status: 400 });
  });

  test('a deleted batch has been charged, and is gone', async () => {
    const member = await newMember(remit);
    const { batches } = clientOf(remit, member.key).messages;
    const batch = await batches.create({ requests: [entry('short-lived')] });
    expect(await batches.delete(batch.id)).toMatchObject({ id: batch.id, type: 'message_batch_deleted' });
    const [row] = await entriesOf(member.id);
    expect(row).toMatchObject({ outcome: 'completed' });
    expect((await batches.list()).data).toEqual([]);
    expect(await errorOf(batches.retrieve(batch.id))).toMatchObject({ status: 404 });
  });
});

describe('batches over time', () => {
  test('a batch that ends while Remit is down is charged after the next start, and not as interrupted', async () => {
    const simulated = await startSimulatedUpstream({ batchDurationMs: 300 });
    const folder = mkdtempSync(join(tmpdir(), 'remit-test-'));
    const first = await startRemit({ upstreamUrl: simulated.url, folder });
    await first.allowAll();
    const member = await newMember(first);
    const client = clientOf(first, member.key);
    const batch = await client.messages.batches.create({ requests: [entry('x'), entry('y')] });
    expect(batch.processing_status).toBe('in_progress');
    expect((await client.messages.batches.list()).data).toMatchObject([{ processing_status: 'in_progress' }]);
    expect((await first.decisions()).map(({ outcome }) => outcome)).toEqual(['open', 'open']);
    await first.stop();
    const second = await startRemit({ upstreamUrl: simulated.url, folder });
    await waitFor(
      'the charge',
      async () => {
        const rows = await second.decisions();
        return rows.length === 2 && rows.every(({ outcome }) => outcome === 'completed');
      },
      20_000,
    );
    await second.stop();
    rmSync(folder, { recursive: true });
    await simulated.close();
  });

  test('entries of a cancelled batch cost nothing', async () => {
    const simulated = await startSimulatedUpstream({ batchDurationMs: 60_000 });
    const remit = await startRemit({ upstreamUrl: simulated.url });
    await remit.allowAll();
    const member = await newMember(remit);
    const { batches } = clientOf(remit, member.key).messages;
    const batch = await batches.create({ requests: [entry('x')] });
    expect(await errorOf(batches.delete(batch.id))).toMatchObject({ status: 400 });
    await batches.cancel(batch.id);
    await waitFor('the end', async () => (await batches.retrieve(batch.id)).processing_status === 'ended');
    await linesOf(await batches.results(batch.id));
    expect(await remit.decisions()).toMatchObject([{ outcome: 'client_left', cost: { amount: '0' } }]);
    await remit.stop();
    await simulated.close();
  });

  test('a batch stays with the provider it was created at', async () => {
    const [one, two] = [await startSimulatedUpstream(), await startSimulatedUpstream()];
    const dead = await startSimulatedUpstream();
    const entries = (first: string) => [
      { name: 'first', url: first },
      { name: 'second', url: two.url },
    ];
    const folder = mkdtempSync(join(tmpdir(), 'remit-batches-'));
    const remit = await startRemit({ upstreams: entries(dead.url), folder });
    await remit.allowAll();
    const member = await newMember(remit);
    await dead.close();
    const batch = await clientOf(remit, member.key).messages.batches.create({ requests: [entry('x')] });
    await remit.stop();
    const again = await startRemit({ upstreams: entries(one.url), folder });
    expect((await clientOf(again, member.key).messages.batches.retrieve(batch.id)).id).toBe(batch.id);
    await again.stop();
    await Promise.all([one.close(), two.close()]);
    rmSync(folder, { recursive: true, force: true });
  });

  test("a provider that refuses Remit's own key is a 502, and raises an alert", async () => {
    const simulated = await startSimulatedUpstream({ requireKey: 'another-key' });
    const remit = await startRemit({ upstreamUrl: simulated.url });
    await remit.allowAll();
    const member = await newMember(remit);
    const error = await errorOf(clientOf(remit, member.key).messages.batches.create({ requests: [entry('x')] }));
    expect(error.status).toBe(502);
    expect(error.message).toContain('administrator');
    await remit.stop();
    await simulated.close();
  });
});
