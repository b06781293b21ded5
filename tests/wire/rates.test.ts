import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { begin, send } from '../support/http.ts';
import { answerWell, beginStream, bodyOf, END, MODEL } from '../support/messages.ts';
import { type PostgresServer, startPostgres } from '../support/postgres.ts';
import { directory, type Member, type Remit, spend, startRemit, startWithMember } from '../support/remit.ts';
import { openUpstreamServer, type TestUpstream } from '../support/upstreams.ts';
import { waitFor } from '../support/wait.ts';

/** Rate limits as clients meet them: headers, refusals that say when to come again, and several nodes that are one Remit. */

const POOL = 'rlg_claude_sonnet_5_5';

type Stage = Awaited<ReturnType<typeof startWithMember>>;
let stage: Stage;
let upstreamStatus = 200;
let isHeld = false;
let goOn: (() => void) | undefined;

beforeAll(async () => {
  stage = await startWithMember({
    answer: (request, response) => {
      if (upstreamStatus !== 200) {
        response.writeHead(upstreamStatus, { 'content-type': 'application/json' });
        response.end('{"type":"error","error":{"type":"overloaded_error","message":"Busy"}}');
      } else if (isHeld) {
        beginStream(response);
        goOn = () => response.end(END);
      } else answerWell(request, response);
    },
  });
});
afterAll(() => stage.stop());

type Limits = Parameters<typeof limitKey>[1];
type Limiter = 'requests_per_minute' | 'input_tokens_per_minute_cache_aware' | 'output_tokens_per_minute';

const limitKey = (remit: Remit, limits: Readonly<{ [L in Limiter]?: number }>, keyId: string) =>
  remit.call(spend.setRateLimitOverride, {
    body: {
      scope: { type: 'api_key', api_key_id: keyId },
      rate_limit_id: POOL,
      limits: Object.entries(limits).map(([type, value]) => ({ type: type as Limiter, value })),
    },
  });

/** A member whose key has limits of its own. */
const limited = async (limits: Limits): Promise<Member> => {
  const member = await stage.remit.newMember();
  await limitKey(stage.remit, limits, member.keyId);
  return member;
};

const post = ({ key }: Pick<Member, 'key'>, extra = {}, headers = {}) =>
  send({ url: stage.remit.url, key, body: bodyOf(extra), headers });

const setTier = (tier: 'unlimited' | 'start' | 'custom') => stage.remit.call(spend.setRateTier, { body: { tier } });

test('where nothing is set, nothing is said and the provider’s own limits stay its own', async () => {
  const { status, headers } = await post(stage.member);
  expect(status).toBe(200);
  expect(Object.keys(headers).filter((name) => name.includes('ratelimit'))).toEqual([]);
});

describe('in a tier', () => {
  beforeAll(async () => {
    await setTier('start');
  });
  afterAll(async () => {
    await setTier('unlimited');
  });

  test('every answer says what is left', async () => {
    const { status, headers } = await post(stage.member);
    expect(status).toBe(200);
    expect(headers).toMatchObject({
      'anthropic-ratelimit-requests-limit': '1000',
      'anthropic-ratelimit-requests-remaining': expect.stringMatching(/^(999|1000)$/),
      'anthropic-ratelimit-input-tokens-limit': '2000000',
      'anthropic-ratelimit-input-tokens-remaining': '2000000',
      'anthropic-ratelimit-output-tokens-limit': '400000',
      'anthropic-ratelimit-tokens-limit': '2400000',
    });
    expect(headers['anthropic-ratelimit-requests-reset']).toMatch(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ$/);
  });

  test('a stream says it too, and counting tokens has a limit of its own', async () => {
    const stream = await post(stage.member, { stream: true });
    expect(stream.headers['anthropic-ratelimit-output-tokens-limit']).toBe('400000');
    const counted = await send({
      url: stage.remit.url,
      key: stage.member.key,
      path: '/v1/messages/count_tokens',
      body: bodyOf(),
    });
    expect(counted.headers['anthropic-ratelimit-requests-limit']).toBe('2000');
    expect(counted.headers).not.toHaveProperty('anthropic-ratelimit-output-tokens-limit');
  });
});

test('beyond a limit a request is refused with when to come again; it is recorded, reaches nobody, and then gets in', async () => {
  const member = await limited({ requests_per_minute: 60 });
  const answers = await Promise.all(Array.from({ length: 70 }, () => post(member)));
  const refused = answers.filter(({ status }) => status === 429);
  expect(refused.length).toBeGreaterThan(5);
  const metrics = await (await fetch(`${stage.remit.url}/metrics`)).text();
  expect(metrics).toMatch(/^remit_rate_refusals_total\{limiter="requests_per_minute"\} [1-9]/m);
  const [first] = refused;
  expect(first?.headers).toMatchObject({ 'retry-after': '1', 'anthropic-ratelimit-requests-limit': '60' });
  // A client may try again by itself.
  expect(first?.headers).not.toHaveProperty('x-should-retry');
  expect(JSON.parse(first?.text ?? '')).toMatchObject({
    error: {
      type: 'rate_limit_error',
      message: 'Claude Sonnet 5.5: the limit of this key of 60 requests per minute is used up. Try again in a second.',
      details: { error_code: 'rate_limit_reached', limiter: 'requests_per_minute', scope: 'api_key', limit: 60 },
    },
  });
  const decision = await stage.remit.decision(String(first?.headers['request-id']));
  expect(decision).toMatchObject({ effect: 'deny', reason: 'rate-limit-reached', outcome: 'refused' });
  await new Promise((resolve) => setTimeout(resolve, 1100));
  expect((await post(member)).status).toBe(200);
});

test('a workspace’s lower limit holds for requests that count for it, and for no others', async () => {
  const { remit } = stage;
  const member = await remit.newMember({ role: 'owner' });
  const { id } = await remit.call(directory.createWorkspace, { body: { name: 'Lab' } });
  await remit.call(spend.setWorkspaceRateLimit, {
    params: { workspace_id: id, rate_limit_id: POOL },
    body: { limits: [{ type: 'requests_per_minute', value: 2 }] },
  });
  const inside = async () => (await post(member, {}, { 'anthropic-workspace-id': id })).status;
  expect([await inside(), await inside(), await inside()]).toEqual([200, 200, 429]);
  expect((await post(member)).status).toBe(200);
});

test('output counts while it streams: what comes meanwhile waits, the stream itself goes on', async () => {
  const member = await limited({ output_tokens_per_minute: 10 });
  isHeld = true;
  const stream = await begin({ url: stage.remit.url, key: member.key, body: bodyOf({ stream: true }) });
  await stream.until('goes on');
  isHeld = false;
  const meanwhile = await post(member);
  expect(meanwhile.status).toBe(429);
  expect(meanwhile.text).toContain('10 output tokens per minute');
  goOn?.();
  expect((await stream.whole).text).toContain('message_stop');
  // The provider counted 57 tokens in the end, almost six minutes' worth.
  const after = await post(member);
  expect(Number(after.headers['retry-after'])).toBeGreaterThan(240);
});

test('a prompt is reckoned from its bytes and counted as the provider counts it, without what was read from a cache', async () => {
  const member = await limited({ input_tokens_per_minute_cache_aware: 1000 });
  const long = { messages: [{ role: 'user', content: 'x'.repeat(3600) }] };
  // Each seems to be over 900 tokens and is 51: were the reckoning to stand, the second would have to wait.
  for (let i = 0; i < 2; i++) {
    const answer = await post(member, long);
    expect(answer.status).toBe(200);
    await stage.remit.decision(String(answer.headers['request-id']));
  }
});

test('what the provider refuses costs no tokens', async () => {
  const member = await limited({ input_tokens_per_minute_cache_aware: 1000 });
  const long = { messages: [{ role: 'user', content: 'x'.repeat(3600) }] };
  upstreamStatus = 529;
  for (let i = 0; i < 3; i++) {
    const answer = await post(member, long);
    expect(answer.status).toBe(529);
    await stage.remit.decision(String(answer.headers['request-id']));
  }
  upstreamStatus = 200;
  expect((await post(member, long)).status).toBe(200);
});

test('a limit of nothing lets nothing in, and nobody is told to wait', async () => {
  const member = await limited({ requests_per_minute: 0 });
  const { status, headers, text } = await post(member);
  expect(status).toBe(429);
  expect(headers).not.toHaveProperty('retry-after');
  expect(headers['x-should-retry']).toBe('false');
  expect(text).toContain('Waiting does not help');
});

test('a request that a spend limit refuses has taken nothing of the rates', async () => {
  const member = await limited({ requests_per_minute: 1 });
  const scope = { type: 'user' as const, user_id: member.id };
  await stage.remit.call(spend.setSpendLimit, { body: { scope, amount: '0', period: 'daily' } });
  for (let i = 0; i < 3; i++) expect((await post(member)).text).toContain('billing_error');
  await stage.remit.call(spend.setSpendLimit, { body: { scope, amount: null, period: 'daily' } });
  expect((await post(member)).status).toBe(200);
});

test('a batch larger than the queue is refused whole, and files and batches have limits of their own', async () => {
  const { remit, member } = stage;
  await setTier('custom');
  const set = (rate_limit_id: string, type: 'requests_per_minute' | 'enqueued_batch_requests', value: number) =>
    remit.call(spend.setRateLimit, { params: { rate_limit_id }, body: { limits: [{ type, value }] } });
  await set('rlg_batch', 'enqueued_batch_requests', 1);
  await set('rlg_files', 'requests_per_minute', 1);
  const entry = (custom_id: string) => ({ custom_id, params: JSON.parse(bodyOf()) as object });
  const body = JSON.stringify({ requests: [entry('a'), entry('b')] });
  const batch = await send({ url: remit.url, key: member.key, path: '/v1/messages/batches', body });
  expect(batch.status).toBe(429);
  expect(batch.text).toContain('1 requests waiting in batches');
  const files = () => send({ url: remit.url, key: member.key, path: '/v1/files', method: 'GET' });
  expect((await files()).status).toBe(200);
  await set('rlg_batch', 'requests_per_minute', 1);
  const batches = () => send({ url: remit.url, key: member.key, path: '/v1/messages/batches', method: 'GET' });
  expect((await batches()).status).toBe(200);
  // Refused, they stand among the requests like all others, each under the id the client was told.
  for (const [ask, endpoint] of [
    [files, 'files'],
    [batches, 'batch'],
  ] as const) {
    const refused = await ask();
    expect(refused.status).toBe(429);
    expect(await remit.decision(String(refused.headers['request-id']))).toMatchObject({
      endpoint,
      effect: 'deny',
      reason: 'rate-limit-reached',
      outcome: 'refused',
      user: { id: member.id },
      findings: [{ rule: 'rate-limit', because: { limiter: 'requests_per_minute', limit: 1 } }],
    });
  }
  await setTier('unlimited');
});

describe('two nodes on one PostgreSQL', () => {
  let server: PostgresServer;
  let upstream: TestUpstream;
  let nodes: readonly Remit[] = [];
  beforeAll(async () => {
    server = await startPostgres();
    upstream = await openUpstreamServer(answerWell);
    const databaseUrl = await server.createDatabase();
    const start = (name: string) =>
      startRemit({ upstreamUrl: upstream.url, databaseUrl, env: { REMIT_NODE_NAME: name } });
    nodes = [await start('one'), await start('two')];
  });
  afterAll(async () => {
    for (const node of nodes) await node.stop();
    await upstream.close();
    await server.stop();
  });

  test('let in one limit between them, not one each', async () => {
    const [one, two] = nodes;
    if (one === undefined || two === undefined) throw new Error('two nodes were started');
    await one.allowAll();
    const member = await one.newMember();
    await limitKey(one, { requests_per_minute: 30 }, member.keyId);
    const statusOn = async (node: Remit) => (await send({ url: node.url, key: member.key, body: bodyOf() })).status;
    await waitFor('the key on the other node', async () => (await statusOn(two)) === 200, 2000);
    const startedAt = performance.now();
    const onOne = await Promise.all(Array.from({ length: 20 }, () => statusOn(one)));
    expect(onOne.every((status) => status === 200)).toBe(true);
    await new Promise((resolve) => setTimeout(resolve, 2500));
    const onTwo = await Promise.all(Array.from({ length: 30 }, () => statusOn(two)));
    const let_in = onTwo.filter((status) => status === 200).length;
    const cameBack = (performance.now() - startedAt) / 2000;
    expect(let_in).toBeGreaterThan(0);
    expect(20 + let_in).toBeLessThanOrEqual(30 + Math.ceil(cameBack));
  });
});

test('the models of the tests are in the pool that is limited here', async () => {
  const { data } = await stage.remit.call(spend.listRateLimits, { query: { model: MODEL } });
  expect(data.map(({ id }) => id)).toEqual([POOL]);
});
