import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { errorOf, send } from '../support/http.ts';
import { answerWell, bodyOf } from '../support/messages.ts';
import { ADMIN_KEY, access, directory, type Member, type Remit, startRemit } from '../support/remit.ts';
import { openUpstreamServer, type TestUpstream } from '../support/upstreams.ts';

/** The rules about models and effort, as a client and the provider meet them. */

const CLAUDE_CODE = { 'user-agent': 'claude-cli/2.1.330 (external, cli)' };
const SDK = { 'user-agent': 'Anthropic/JS 1.12.0' };
const MODEL = 'claude-opus-5-5';

let upstream: TestUpstream;
let remit: Remit;
/** Custom: Opus 5.5 up to medium, Sonnet 5.5 uncapped, Opus 4.5 up to medium, and Haiku. */
let bound: Member;
beforeAll(async () => {
  upstream = await openUpstreamServer(answerWell);
  remit = await startRemit({ upstreamUrl: upstream.url });
  await remit.allowAll();
  bound = await remit.newMember({ role: 'managed' });
  const role_id = await remit.newRole({
    [MODEL]: 'medium',
    'claude-sonnet-5-5': null,
    'claude-sonnet-5': 'low',
    'claude-sonnet-4-5-20250929': 'medium',
  });
  await remit.call(directory.attachUserRole, { params: { user_id: bound.id }, body: { role_id } });
});
afterAll(async () => {
  await remit.stop();
  await upstream.close();
});
const setAction = (effort_action: 'clamp' | 'refuse' | 'observe') =>
  remit.call(access.setModelSettings, { body: { effort_action } });
beforeEach(() => setAction('clamp'));

type Asked = {
  readonly body: string;
  readonly key?: string;
  readonly headers?: Record<string, string>;
  readonly path?: string;
};

const ask = async ({ body, key = bound.key, headers = SDK, path = '/v1/messages' }: Asked) => {
  const before = upstream.received.length;
  const received = await send({ url: remit.url, path, key, headers, body });
  const recorded = await remit.decision(String(received.headers['request-id']));
  return { received, recorded, forwarded: upstream.received.slice(before).map((one) => one.body.toString()) };
};

describe('a model that is not permitted', () => {
  const refused = bodyOf({ model: 'claude-opus-5' });

  test('is a 403 for the SDK and a 451 for Claude Code, with the same sentence, and reaches no provider', async () => {
    for (const [headers, status] of [
      [SDK, 403],
      [CLAUDE_CODE, 451],
    ] as const) {
      const { received, recorded, forwarded } = await ask({ body: refused, headers });
      expect(received.status).toBe(status);
      expect(received.headers).toMatchObject({ 'remit-decision': 'deny', 'x-should-retry': 'false' });
      expect(received.headers).not.toHaveProperty('remit-model');
      const error = errorOf(received);
      expect(error).toMatchObject({ type: 'permission_error', details: { error_code: 'model-not-granted-by-role' } });
      expect(error.message).toMatch(
        /^Claude Opus 5 is not included in your roles .+ ask an administrator to grant it\.$/,
      );
      expect(forwarded).toEqual([]);
      expect(recorded).toMatchObject({
        user: { id: bound.id, email: bound.email },
        client: headers['user-agent'],
        effect: 'deny',
        reason: 'model-not-granted-by-role',
        model: { asked: 'claude-opus-5', used: null },
        outcome: 'refused',
        usage: null,
        cost: null,
        upstream: null,
      });
      expect(recorded.findings).toEqual(
        expect.arrayContaining([
          expect.objectContaining({
            rule: 'model-access',
            effect: 'deny',
            explanation: expect.stringMatching(/None of the roles of the member grants Claude Opus 5/),
          }),
        ]),
      );
    }
  });

  test('is refused for counting tokens as well, and one that does not exist too', async () => {
    expect((await ask({ body: refused, path: '/v1/messages/count_tokens' })).received.status).toBe(403);
    const { received, forwarded } = await ask({ body: bodyOf({ model: 'claude-nonsense' }) });
    expect(received.status).toBe(403);
    expect(errorOf(received).message).toMatch(/no model known here/);
    expect(forwarded).toEqual([]);
  });

  test('is refused as a fallback, in a tool and behind an escape', async () => {
    for (const body of [
      bodyOf({ model: MODEL, fallbacks: [{ model: 'claude-opus-5' }] }),
      bodyOf({ model: MODEL, tools: [{ type: 'advisor_20260301', name: 'advisor', model: 'claude-opus-5' }] }),
      refused.replace('claude-opus-5', 'claude-\\u006fpus-5'),
    ]) {
      const { received, forwarded } = await ask({ body });
      expect(received.status, body).toBe(403);
      expect(forwarded).toEqual([]);
    }
  });

  test('is refused to everybody when the organisation has switched it off, owners included', async () => {
    const owner = await remit.newMember({ role: 'membership_admin' });
    await remit.call(access.setModelAccess, { params: { model: 'claude-fable-5' }, body: { enabled: false } });
    const { received } = await ask({ body: bodyOf({ model: 'claude-fable-5' }), key: owner.key });
    expect(received.status).toBe(403);
    expect(errorOf(received).details).toEqual({ error_code: 'model-disabled-by-organisation' });
  });
});

/** Odd spacing, key order, unicode and numbers that a parser would rewrite. */
const odd = (member: string, model: string = MODEL) =>
  `\n{ "messages" : [ {"role":"user","content":"Zo\\u00eb “x” \\/ \ud83d\ude00 1.0"} ],${member}\t"model": "${model}" ,"max_tokens":6.4e1, "x":[1E400,-0.0,{"model":"inner"}] } `;

describe('too high an effort is lowered, and nothing else is touched', () => {
  test.each([
    {
      site: 'output_config.effort',
      asks: '"output_config":{ "effort" : "max" },',
      sends: '"output_config":{ "effort" : "medium" },',
    },
    {
      site: 'an effort that is not known',
      asks: '"output_config":{"effort":"colossal"},',
      sends: '"output_config":{"effort":"medium"},',
    },
    {
      site: 'an escaped effort',
      asks: '"output_config":{"effort":"m\\u0061x"},',
      sends: '"output_config":{"effort":"medium"},',
    },
  ])('$site', async ({ asks, sends }) => {
    const { received, recorded, forwarded } = await ask({ body: odd(asks) });
    expect(received.status).toBe(200);
    expect(forwarded).toEqual([odd(sends)]);
    expect(received.headers).toMatchObject({
      'remit-decision': 'clamp',
      'remit-model': MODEL,
      'remit-effort': 'medium',
    });
    expect(recorded).toMatchObject({
      effect: 'clamp',
      reason: 'effort-above-cap',
      effort: { used: 'medium', cap: 'medium' },
      model: { asked: MODEL, used: MODEL },
      outcome: 'completed',
    });
    expect(recorded.findings.find(({ effect }) => effect === 'clamp')?.explanation).toMatch(
      /above the limit of medium .* it was lowered/,
    );
  });

  test('every messages[].output_config.effort above the cap, and only those', async () => {
    const of = (...efforts: readonly string[]) =>
      `{"model":"${MODEL}","max_tokens":64,"output_config":{"effort":"low"},"messages":[${efforts
        .map((effort) => `{"role":"user","output_config":{"effort":"${effort}"},"content":"hi"}`)
        .join(', ')}]}`;
    const { recorded, forwarded } = await ask({ body: of('max', 'low', 'medium', 'high') });
    expect(forwarded).toEqual([of('medium', 'low', 'medium', 'medium')]);
    expect(recorded).toMatchObject({ effect: 'clamp', effort: { asked: 'low', used: 'low', cap: 'medium' } });
  });

  test('an effort that is left out, where the model would start above the cap', async () => {
    const plain = '{"model":"claude-sonnet-5","max_tokens":1,"messages":[]}';
    const cases = [
      {
        body: plain,
        sent: '{"output_config":{"effort":"low"},"model":"claude-sonnet-5","max_tokens":1,"messages":[]}',
      },
      {
        body: plain.replace('{', '{"output_config":{},'),
        sent: plain.replace('{', '{"output_config":{"effort":"low"},'),
      },
      {
        body: plain.replace('{', '{"output_config":null,'),
        sent: plain.replace('{', '{"output_config":{"effort":"low"},'),
      },
      {
        body: plain.replace('{', '{"output_config":{"format":{"type":"json_schema"}},'),
        sent: plain.replace('{', '{"output_config":{"effort":"low","format":{"type":"json_schema"}},'),
      },
    ];
    for (const { body, sent } of cases) {
      const { recorded, forwarded, received } = await ask({ body });
      expect(forwarded, body).toEqual([sent]);
      expect(received.headers['remit-effort']).toBe('low');
      expect(recorded).toMatchObject({
        effect: 'clamp',
        reason: 'default-effort-above-cap',
        effort: { asked: null, used: 'low', cap: 'low' },
      });
    }
  });

  test('a thinking budget on an older model', async () => {
    const of = (budget: number) =>
      `{"model":"claude-sonnet-4-5-20250929","max_tokens":64000,"thinking":{"type":"enabled", "budget_tokens": ${budget} },"messages":[]}`;
    const { recorded, forwarded } = await ask({ body: of(50_000) });
    expect(forwarded).toEqual([of(10_000)]);
    expect(recorded).toMatchObject({ effect: 'clamp', reason: 'thinking-budget-above-cap' });
    expect((await ask({ body: of(9_999) })).forwarded).toEqual([of(9_999)]);
  });

  test('in a count of tokens as in the request itself', async () => {
    const { forwarded } = await ask({
      body: odd('"output_config":{"effort":"max"},'),
      path: '/v1/messages/count_tokens',
    });
    expect(forwarded).toEqual([odd('"output_config":{"effort":"medium"},')]);
  });

  test('but not one within the cap: every byte goes on', async () => {
    for (const member of ['"output_config":{"effort":"medium"},', '"output_config":{"effort":"low"},', '']) {
      const { received, recorded, forwarded } = await ask({ body: odd(member) });
      expect(forwarded).toEqual([odd(member)]);
      expect(received.headers['remit-decision']).toBe('allow');
      expect(recorded.effect).toBe('allow');
    }
  });
});

test('too high an effort is refused where the organisation says so', async () => {
  await setAction('refuse');
  const body = odd('"output_config":{"effort":"max"},');
  for (const [headers, status] of [
    [SDK, 403],
    [CLAUDE_CODE, 451],
  ] as const) {
    const { received, recorded, forwarded } = await ask({ body, headers });
    expect(received.status).toBe(status);
    expect(errorOf(received)).toMatchObject({
      type: 'permission_error',
      message: expect.stringMatching(/up to effort medium, and max was asked for\. Choose medium or lower/),
      details: { error_code: 'effort-above-cap' },
    });
    expect(forwarded).toEqual([]);
    expect(recorded).toMatchObject({
      effect: 'deny',
      outcome: 'refused',
      effort: { asked: 'max', used: null, cap: 'medium' },
    });
  }
});

test('too high an effort passes and is noted where the organisation only observes', async () => {
  await setAction('observe');
  const body = odd('"output_config":{"effort":"max"},');
  const { received, recorded, forwarded } = await ask({ body });
  expect(forwarded).toEqual([body]);
  expect(received.headers).toMatchObject({ 'remit-decision': 'allow', 'remit-effort': 'max' });
  expect(recorded).toMatchObject({
    effect: 'allow',
    reason: 'effort-above-cap',
    effort: { asked: 'max', used: 'max', cap: 'medium' },
  });
});

describe('a name that is no model', () => {
  test.each([
    ['opus', MODEL],
    ['claude-opus-latest', MODEL],
    ['sonnet', 'claude-sonnet-5-5'],
    ['haiku', 'claude-haiku-5-5'],
    [`${MODEL}[1m]`, MODEL],
    ['default', MODEL],
  ])('%s leads to the newest model of it that is permitted: %s', async (asked, used) => {
    const { received, recorded, forwarded } = await ask({ body: odd('"output_config":{"effort":"low"},', asked) });
    expect(received.headers['remit-model']).toBe(used);
    expect(forwarded).toEqual([odd('"output_config":{"effort":"low"},', used)]);
    expect(recorded).toMatchObject({ model: { asked, used } });
  });

  test('of a family with no permitted model is refused', async () => {
    const { received, forwarded } = await ask({ body: bodyOf({ model: 'fable' }) });
    expect(received.status).toBe(403);
    expect(errorOf(received).details).toEqual({ error_code: 'family-not-permitted' });
    expect(forwarded).toEqual([]);
  });

  test('an alias of a model goes on as the client wrote it', async () => {
    const body = bodyOf({ model: 'claude-sonnet-4-5' });
    expect((await ask({ body })).forwarded).toEqual([body]);
  });
});

describe('the list of models', () => {
  type Info = { id: string; capabilities?: { effort?: Record<string, unknown> } };
  const list = async (key: string, search = '?limit=1000') => {
    const received = await send({ url: remit.url, path: `/v1/models${search}`, method: 'GET', key });
    return {
      status: received.status,
      ...(JSON.parse(received.text) as { data: Info[]; has_more: boolean; last_id: string }),
    };
  };

  test('holds what the caller may use, with the efforts left; an admin key sees all', async () => {
    const mine = (await list(bound.key)).data.map(({ id }) => id);
    expect(mine.sort()).toEqual(
      [
        MODEL,
        'claude-haiku-4-5-20251001',
        'claude-haiku-5-5',
        'claude-sonnet-4-5-20250929',
        'claude-sonnet-5',
        'claude-sonnet-5-5',
      ].sort(),
    );
    expect((await list(ADMIN_KEY)).data.length).toBeGreaterThan(15);
    const text = JSON.stringify((await list(bound.key)).data.find(({ id }) => id === MODEL));
    expect(text).toMatch(/"medium":\{"supported":true\}/);
    expect(text).toMatch(/"max":\{"supported":false\}/);
  });

  test('agrees with what requests are decided by, model by model', async () => {
    const mine = new Set((await list(bound.key)).data.map(({ id }) => id));
    for (const { id } of (await list(ADMIN_KEY)).data) {
      const { received } = await ask({ body: bodyOf({ model: id }) });
      expect(received.status, id).toBe(mine.has(id) ? 200 : 403);
      const one = await send({ url: remit.url, path: `/v1/models/${id}`, method: 'GET', key: bound.key });
      expect(one.status, id).toBe(mine.has(id) ? 200 : 404);
    }
  });

  test('comes in pages, and an id that is not percent-encoded as it should be is a 404', async () => {
    const first = await list(bound.key, '?limit=4');
    expect(first).toMatchObject({ status: 200, has_more: true });
    const second = await list(bound.key, `?limit=4&after_id=${first.last_id}`);
    expect([...first.data, ...second.data]).toHaveLength(6);
    for (const path of ['/v1/models/%E0%A4%A', '/v1/models/nonsense', '/v1/models/%00'])
      expect((await send({ url: remit.url, path, method: 'GET', key: bound.key })).status).toBe(404);
    for (const search of ['?limit=0', '?limit=x', '?after_id=nobody'])
      expect((await list(bound.key, search)).status).toBe(400);
    expect((await list('wrong')).status).toBe(401);
  });
});
