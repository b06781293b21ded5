import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { CLAUDE_CODE, OPUS, odd, SDK, startWithBoundMember } from '../support/bound-member.ts';
import { errorOf, send } from '../support/http.ts';
import { bodyOf } from '../support/messages.ts';
import { ADMIN_KEY, access } from '../support/remit.ts';

/** The rules about models, as a client and the provider meet them. */

let stage: Awaited<ReturnType<typeof startWithBoundMember>>;
beforeAll(async () => {
  stage = await startWithBoundMember();
});
afterAll(() => stage.stop());

describe('a model that is not permitted', () => {
  const refused = bodyOf({ model: 'claude-opus-5' });

  test('is a 403 for the SDK and a 451 for Claude Code, with the same sentence, and reaches no provider', async () => {
    for (const [headers, status] of [
      [SDK, 403],
      [CLAUDE_CODE, 451],
    ] as const) {
      const { received, recorded, forwarded } = await stage.ask({ body: refused, headers });
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
        user: { id: stage.bound.id, email: stage.bound.email },
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
    expect((await stage.ask({ body: refused, path: '/v1/messages/count_tokens' })).received.status).toBe(403);
    const { received, forwarded } = await stage.ask({ body: bodyOf({ model: 'claude-nonsense' }) });
    expect(received.status).toBe(403);
    expect(errorOf(received).message).toMatch(/no model known here/);
    expect(forwarded).toEqual([]);
  });

  test('is refused as a fallback, in a tool and behind an escape', async () => {
    for (const body of [
      bodyOf({ model: OPUS, fallbacks: [{ model: 'claude-opus-5' }] }),
      bodyOf({ model: OPUS, tools: [{ type: 'advisor_20260301', name: 'advisor', model: 'claude-opus-5' }] }),
      refused.replace('claude-opus-5', 'claude-\\u006fpus-5'),
    ]) {
      const { received, forwarded } = await stage.ask({ body });
      expect(received.status, body).toBe(403);
      expect(forwarded).toEqual([]);
    }
  });

  test('is refused to everybody when the organisation has switched it off, owners included', async () => {
    const owner = await stage.remit.newMember({ role: 'membership_admin' });
    await stage.remit.call(access.setModelAccess, { params: { model: 'claude-fable-5' }, body: { enabled: false } });
    const { received } = await stage.ask({ body: bodyOf({ model: 'claude-fable-5' }), key: owner.key });
    expect(received.status).toBe(403);
    expect(errorOf(received).details).toEqual({ error_code: 'model-disabled-by-organisation' });
  });
});

describe('a name that is no model', () => {
  test.each([
    ['opus', OPUS],
    ['claude-opus-latest', OPUS],
    ['sonnet', 'claude-sonnet-5-5'],
    ['haiku', 'claude-haiku-5-5'],
    [`${OPUS}[1m]`, OPUS],
    ['default', OPUS],
  ])('%s leads to the newest model of it that is permitted: %s', async (asked, used) => {
    const { received, recorded, forwarded } = await stage.ask({
      body: odd('"output_config":{"effort":"low"},', asked),
    });
    expect(received.headers['remit-model']).toBe(used);
    expect(forwarded).toEqual([odd('"output_config":{"effort":"low"},', used)]);
    expect(recorded).toMatchObject({ model: { asked, used } });
  });

  test('of a family with no permitted model is refused', async () => {
    const { received, forwarded } = await stage.ask({ body: bodyOf({ model: 'fable' }) });
    expect(received.status).toBe(403);
    expect(errorOf(received).details).toEqual({ error_code: 'family-not-permitted' });
    expect(forwarded).toEqual([]);
  });

  test('an alias of a model goes on as the client wrote it', async () => {
    const body = bodyOf({ model: 'claude-sonnet-4-5' });
    expect((await stage.ask({ body })).forwarded).toEqual([body]);
  });
});

describe('the list of models', () => {
  type Info = { id: string; capabilities?: { effort?: Record<string, unknown> } };
  const list = async (key: string, search = '?limit=1000') => {
    const received = await send({ url: stage.remit.url, path: `/v1/models${search}`, method: 'GET', key });
    return {
      status: received.status,
      ...(JSON.parse(received.text) as { data: Info[]; has_more: boolean; last_id: string }),
    };
  };

  test('holds what the caller may use, with the efforts left; an admin key sees all', async () => {
    const mine = (await list(stage.bound.key)).data.map(({ id }) => id);
    expect(mine.sort()).toEqual(
      [
        OPUS,
        'claude-haiku-4-5-20251001',
        'claude-haiku-5-5',
        'claude-sonnet-4-5-20250929',
        'claude-sonnet-5',
        'claude-sonnet-5-5',
      ].sort(),
    );
    expect((await list(ADMIN_KEY)).data.length).toBeGreaterThan(15);
    const text = JSON.stringify((await list(stage.bound.key)).data.find(({ id }) => id === OPUS));
    expect(text).toMatch(/"medium":\{"supported":true\}/);
    expect(text).toMatch(/"max":\{"supported":false\}/);
  });

  test('agrees with what requests are decided by, model by model', async () => {
    const mine = new Set((await list(stage.bound.key)).data.map(({ id }) => id));
    for (const { id } of (await list(ADMIN_KEY)).data) {
      const { received } = await stage.ask({ body: bodyOf({ model: id }) });
      expect(received.status, id).toBe(mine.has(id) ? 200 : 403);
      const one = await send({ url: stage.remit.url, path: `/v1/models/${id}`, method: 'GET', key: stage.bound.key });
      expect(one.status, id).toBe(mine.has(id) ? 200 : 404);
    }
  });

  test('comes in pages, and an id that is not percent-encoded as it should be is a 404', async () => {
    const first = await list(stage.bound.key, '?limit=4');
    expect(first).toMatchObject({ status: 200, has_more: true });
    const second = await list(stage.bound.key, `?limit=4&after_id=${first.last_id}`);
    expect([...first.data, ...second.data]).toHaveLength(6);
    for (const path of ['/v1/models/%E0%A4%A', '/v1/models/nonsense', '/v1/models/%00'])
      expect((await send({ url: stage.remit.url, path, method: 'GET', key: stage.bound.key })).status).toBe(404);
    for (const search of ['?limit=0', '?limit=x', '?after_id=nobody'])
      expect((await list(stage.bound.key, search)).status).toBe(400);
    expect((await list('wrong')).status).toBe(401);
  });
});
