import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { send } from '../support/http.ts';
import { bodyOf, MODEL } from '../support/messages.ts';
import { directory, ENGINES, type Member, type Remit, spend, startRemit } from '../support/remit.ts';

/** What limits do to requests, on both engines: the simulation answers, and its prices are those of the book. */

type Limit = Readonly<Record<string, unknown>>;

describe.each(ENGINES)('on $name', (engine) => {
  const { name } = engine;
  let remit: Remit;
  beforeAll(async () => {
    await engine.start();
    remit = await startRemit({ databaseUrl: await engine.databaseUrl() });
    await remit.allowAll();
  });
  afterAll(async () => {
    await remit.stop();
    await engine.stop();
  });

  const limit = (scope: Limit, cents: string | null, more: Limit = {}) =>
    remit.call(spend.setSpendLimit, { body: { scope, amount: cents, period: 'monthly', ...more } as never });

  const sendJson = async (sent: Parameters<typeof send>[0]) => {
    const received = await send(sent);
    return { ...received, json: JSON.parse(received.text) as Readonly<Record<string, unknown>> };
  };

  const ask = ({ key }: Pick<Member, 'key'>, extra: Limit = {}, headers = {}) =>
    sendJson({ url: remit.url, key, body: bodyOf({ max_tokens: 2000, ...extra }), headers });

  /** A request that costs a few cents: 2,000 tokens of Sonnet 5.5 are 2 cents. */
  const costly = (member: Pick<Member, 'key'>, extra: Limit = {}) =>
    ask(member, { messages: [{ role: 'user', content: '[simulate:tokens 2000]' }], ...extra });

  const settled = async (received: Awaited<ReturnType<typeof ask>>) => {
    await remit.decision(String(received.headers['request-id']));
    return received;
  };

  test('the request that crosses a limit completes, the next is refused with what to do, and is recorded', async () => {
    const member = await remit.newMember();
    const { id } = await limit({ type: 'user', user_id: member.id }, '1');
    expect((await settled(await costly(member))).status).toBe(200);
    const refused = await ask(member);
    expect(refused.status).toBe(429);
    expect(refused.json).toMatchObject({
      error: {
        type: 'billing_error',
        message: expect.stringContaining('You have reached your monthly limit of $0.01'),
        details: { error_code: 'spend_limit_reached', spend_limit_id: id, period: 'monthly', scope: 'user' },
      },
    });
    const inSeconds = Number(refused.headers['retry-after']);
    const now = new Date();
    const monthEnd = Date.UTC(now.getUTCFullYear(), now.getUTCMonth() + 1, 1);
    expect(Math.abs(monthEnd - now.getTime() - inSeconds * 1000)).toBeLessThan(60_000);
    expect(refused.headers).toMatchObject({
      'x-should-retry': 'false',
      'anthropic-ratelimit-unified-status': 'rejected',
      'anthropic-ratelimit-unified-overage-disabled-reason': 'org_spend_cap_reached',
      'anthropic-ratelimit-unified-overage-period': 'monthly',
    });
    expect(refused.headers).not.toHaveProperty('anthropic-ratelimit-unified-representative-claim');
    const recorded = await remit.decision(String(refused.headers['request-id']));
    expect(recorded).toMatchObject({
      effect: 'deny',
      findings: expect.arrayContaining([expect.objectContaining({ reason: 'spend-limit-reached' })]),
    });
  });

  test('a raised limit counts from the next request on, and so do nothing and unlimited', async () => {
    const member = await remit.newMember();
    const scope = { type: 'user', user_id: member.id };
    await limit(scope, '0');
    expect((await ask(member)).status).toBe(429);
    await limit(scope, '500');
    expect((await ask(member)).status).toBe(200);
    await limit(scope, '0');
    expect((await ask(member)).status).toBe(429);
    await limit(scope, null);
    expect((await ask(member)).status).toBe(200);
  });

  test('counting tokens is never refused for money', async () => {
    const member = await remit.newMember();
    await limit({ type: 'user', user_id: member.id }, '0');
    const counted = await send({
      url: remit.url,
      path: '/v1/messages/count_tokens',
      key: member.key,
      body: JSON.stringify({ model: MODEL, messages: [{ role: 'user', content: 'Hello' }] }),
    });
    expect(counted.status).toBe(200);
  });

  test('answers tell Claude Code how full the fullest limit is, with a warning at 75 percent', async () => {
    const member = await remit.newMember();
    expect(Object.keys((await ask(member)).headers).filter((header) => header.includes('unified'))).toEqual([]);
    await limit({ type: 'user', user_id: member.id }, '2.5');
    const first = await settled(await costly(member));
    expect(first.headers['anthropic-ratelimit-unified-status']).toBe('allowed');
    const second = await settled(await ask(member));
    expect(second.headers).toMatchObject({
      'anthropic-ratelimit-unified-status': 'allowed_warning',
      'anthropic-ratelimit-unified-representative-claim': 'overage',
      'anthropic-ratelimit-unified-overage-surpassed-threshold': '0.75',
    });
  });

  test('a strict limit lowers max_tokens to what the remainder buys, and says so', async () => {
    const member = await remit.newMember();
    await limit({ type: 'user', user_id: member.id }, '1', { mode: 'strict' });
    const received = await settled(await costly(member));
    expect(received.status).toBe(200);
    const granted = Number(received.headers['remit-max-tokens']);
    expect(granted).toBeGreaterThan(0);
    expect(granted).toBeLessThan(1000);
    expect((received.json as unknown as { usage: { output_tokens: number } }).usage.output_tokens).toBeLessThanOrEqual(
      granted,
    );
    const { findings, effect } = await remit.decision(String(received.headers['request-id']));
    expect(effect).toBe('clamp');
    expect(findings.map(({ reason }) => reason)).toContain('spend-max-tokens-lowered');
  });

  test('a strict limit refuses what nobody can price beforehand', async () => {
    const member = await remit.newMember();
    await limit({ type: 'user', user_id: member.id }, '10000', { mode: 'strict' });
    const refused = await ask(member, { tools: [{ type: 'web_search_20250305', name: 'web_search' }] });
    expect(refused.json).toMatchObject({
      error: { type: 'billing_error', details: { error_code: 'spend_cost_unbounded' } },
    });
  });

  test('members of a group share its pool, and the limit per member is each one’s own', async () => {
    const [one, other] = [await remit.newMember(), await remit.newMember()];
    const group = await remit.call(directory.createGroup, { body: { name: `pool ${name} ${Date.now()}` } });
    for (const { id } of [one, other])
      await remit.call(directory.addGroupMember, { params: { group_id: group.id }, body: { user_id: id } });
    const each = await limit({ type: 'rbac_group', rbac_group_id: group.id }, '1');
    await settled(await costly(one));
    expect((await ask(one)).json).toMatchObject({
      error: { details: { spend_limit_id: each.id, scope: 'rbac_group' } },
    });
    expect((await ask(other)).status).toBe(200);
    await limit({ type: 'rbac_group', rbac_group_id: group.id }, null);
    const pool = await limit({ type: 'rbac_group_pool', rbac_group_id: group.id }, '1');
    await settled(await costly(one));
    const refused = await ask(other);
    expect(refused.json).toMatchObject({ error: { details: { spend_limit_id: pool.id } } });
    expect(refused.headers['anthropic-ratelimit-unified-overage-scope']).toBe('group_pool');
  });

  test('a key and a session have limits of their own', async () => {
    const member = await remit.newMember();
    const { id } = await limit({ type: 'api_key', api_key_id: member.keyId }, '0');
    expect((await ask(member)).json).toMatchObject({ error: { details: { spend_limit_id: id, scope: 'api_key' } } });
    const worker = await remit.newMember();
    const ofSession = await limit({ type: 'session' }, '1', { period: null });
    const session = { 'x-claude-code-session-id': 'aaaaaaaa-0000-4000-8000-000000000001' };
    const other = { 'x-claude-code-session-id': 'aaaaaaaa-0000-4000-8000-000000000002' };
    const long = { messages: [{ role: 'user', content: '[simulate:tokens 2000]' }] };
    await settled(await ask(worker, long, session));
    expect((await ask(worker, {}, session)).status).toBe(429);
    expect((await ask(worker, {}, other)).status).toBe(200);
    await remit.call(spend.deleteSpendLimit, { params: { spend_limit_id: ofSession.id } });
  });

  test('the ladder lowers effort and closes dear models before the limit is reached', async () => {
    const member = await remit.newMember();
    await limit({ type: 'user', user_id: member.id }, '10', {
      ladder: [
        { at_percent: 10, action: 'lower_effort', effort: 'low' },
        { at_percent: 30, action: 'restrict_models', families: ['haiku'] },
      ],
    });
    await settled(await costly(member));
    const lowered = await settled(await costly(member, { output_config: { effort: 'high' } }));
    expect(lowered.headers['remit-effort']).toBe('low');
    const closed = await ask(member);
    expect(closed.status).toBe(403);
    expect(closed.json).toMatchObject({ error: { details: { error_code: 'model-closed-by-spend' } } });
    expect((await ask(member, { model: 'claude-haiku-4-5-20251001' })).status).toBe(200);
  });

  test('what a seat includes is spent first, and goes on when the limit is reached', async () => {
    const member = await remit.newMember();
    const seat_tier = `premium-${name}`;
    await remit.call(spend.setSeatTierUsage, { body: { seat_tier, amount: '3', period: 'monthly' } as never });
    await remit.call(directory.updateUser, { params: { user_id: member.id }, body: { seat_tier } as never });
    await limit({ type: 'user', user_id: member.id }, '0');
    expect((await settled(await costly(member))).status).toBe(200);
    expect((await settled(await costly(member))).status).toBe(200);
    expect((await ask(member)).status).toBe(429);
  });

  test('a batch is held entry by entry, and one that does not fit is not sent at all', async () => {
    const member = await remit.newMember();
    await limit({ type: 'user', user_id: member.id }, '0.5', { mode: 'strict' });
    const entry = (custom_id: string) => ({
      custom_id,
      params: { model: MODEL, max_tokens: 400, messages: [{ role: 'user', content: 'Hi' }] },
    });
    const send2 = (entries: readonly unknown[]) =>
      sendJson({
        url: remit.url,
        path: '/v1/messages/batches',
        key: member.key,
        body: JSON.stringify({ requests: entries }),
      });
    const refused = await send2(['a', 'b', 'c', 'd'].map(entry));
    expect(refused.status).toBe(429);
    expect(refused.json).toMatchObject({ error: { type: 'billing_error' } });
    expect((await send2([entry('a')])).status).toBe(200);
    const found = await remit.call(spend.verifySpendLedger, { query: {} });
    expect(found.adds_up).toBe(true);
  });

  test('the organisation’s total stops everybody', async () => {
    const member = await remit.newMember();
    const total = await limit({ type: 'organization_total' }, '0');
    expect((await ask(member)).json).toMatchObject({ error: { details: { spend_limit_id: total.id } } });
    await remit.call(spend.deleteSpendLimit, { params: { spend_limit_id: total.id } });
    expect((await ask(member)).status).toBe(200);
  });

  test('the cap of a rate tier ends spending for the month as the provider would say it', async () => {
    const member = await remit.newMember();
    await remit.call(spend.setRateTier, { body: { tier: 'start' } });
    expect((await ask(member)).status).toBe(200);
    // A dear model of the organisation's own, so that five hundred dollars are gone with one answer.
    const dear = { kind: 'price', model: 'claude-opus-5', prices: { input: '100', output: '999999' } };
    const starting_date = new Date().toISOString().slice(0, 10);
    await remit.call(spend.createPriceRule, { body: { rule: { ...dear, starting_date } } as never });
    await settled(await costly(member, { model: 'claude-opus-5' }));
    const refused = await ask(await remit.newMember());
    expect(refused.status).toBe(429);
    expect(refused.json).toMatchObject({
      error: { type: 'rate_limit_error', details: { error_code: 'enforced_spend_limit_reached' } },
    });
    expect(refused.headers).not.toHaveProperty('retry-after');
    await remit.call(spend.setRateTier, { body: { tier: 'unlimited' } });
  });

  test('the ledger adds up after all of this, and with nothing held', async () => {
    await expect.poll(remit.running).toBe(0);
    await expect
      .poll(async () => await remit.call(spend.verifySpendLedger, { query: { all: true } }), { timeout: 5000 })
      .toMatchObject({ adds_up: true, drifts: [] });
  });
});
