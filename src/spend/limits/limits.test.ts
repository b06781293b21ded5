import { expect, it, onTestFinished } from 'vitest';
import { forEachDatabase } from '../../../tests/support/databases.ts';
import { removeMember } from '../../directory/members/remove-member.ts';
import { BY_TEST } from '../../directory/testing/open-directory.ts';
import { openSpend } from '../testing/open-spend.ts';

const CENT = 10_000;

forEachDatabase((_engine, open) => {
  const start = async () => {
    const at = await openSpend(await open());
    onTestFinished(() => at.spendPolicy.close());
    const owner = await at.add('owner', 'owner');
    const headers = await at.consoleOf(owner);
    const ask = (line: string, body?: unknown) => at.send(line, { headers, ...(body === undefined ? {} : { body }) });
    return { ...at, owner, ask };
  };
  type Rows = readonly Record<string, unknown>[];
  const rowsOf = (body: Record<string, unknown>): Rows => body.data as Rows;

  it('sets a limit once for each scope and period and overwrites it in place', async () => {
    const { ask, add } = await start();
    const { id: user_id } = await add('ada');
    const scope = { type: 'user', user_id };
    const made = await ask('POST /v1/organizations/spend_limits', { scope, amount: '50000' });
    expect(made.body).toMatchObject({
      type: 'spend_limit',
      scope,
      amount: '50000',
      currency: 'USD',
      period: 'monthly',
      is_enabled: true,
      mode: 'standard',
      ladder: [],
    });
    const ladder = [
      { at_percent: 90, action: 'restrict_models', families: ['haiku'] },
      { at_percent: 80, action: 'lower_effort', effort: 'low' },
    ];
    const again = await ask('POST /v1/organizations/spend_limits', { scope, amount: '0.5', mode: 'strict', ladder });
    expect(again.body).toMatchObject({ id: made.body.id, amount: '0.5', mode: 'strict', ladder: ladder.toReversed() });
    const kept = await ask('POST /v1/organizations/spend_limits', { scope, amount: null, is_enabled: false });
    expect(kept.body).toMatchObject({ id: made.body.id, amount: null, mode: 'strict', is_enabled: false });
    expect(
      (await ask('POST /v1/organizations/spend_limits', { scope, amount: '1', period: 'daily' })).body.id,
    ).not.toBe(made.body.id);
    expect((await ask(`GET /v1/organizations/spend_limits/${made.body.id}`)).body).toEqual(kept.body);
    expect((await ask(`DELETE /v1/organizations/spend_limits/${made.body.id}`)).body).toEqual({
      id: made.body.id,
      type: 'spend_limit_deleted',
    });
    expect((await ask(`GET /v1/organizations/spend_limits/${made.body.id}`)).status).toBe(404);
  });

  it('refuses what is no limit, and nothing is set', async () => {
    const { ask } = await start();
    const refused: readonly (readonly [number, unknown])[] = [
      [404, { scope: { type: 'user', user_id: 'user_nobody' }, amount: '1' }],
      [404, { scope: { type: 'rbac_group_pool', rbac_group_id: 'rbac_group_none' }, amount: '1' }],
      [404, { scope: { type: 'workspace', workspace_id: 'wrkspc_none' }, amount: '1' }],
      [404, { scope: { type: 'api_key', api_key_id: 'apikey_none' }, amount: '1' }],
      [400, { scope: { type: 'usage_tier' }, amount: '1' }],
      [400, { scope: { type: 'organization' }, amount: '-1' }],
      [400, { scope: { type: 'organization' }, amount: '1.2345' }],
      [400, { scope: { type: 'organization' }, amount: 5 }],
      [400, { scope: { type: 'organization' } }],
      [400, { scope: { type: 'organization' }, amount: '1', period: 'yearly' }],
      [400, { scope: { type: 'session' }, amount: '1', period: 'daily' }],
      [400, { scope: { type: 'organization' }, amount: '1', ladder: [{ at_percent: 100, action: 'notify' }] }],
      [
        400,
        {
          scope: { type: 'organization' },
          amount: '1',
          ladder: [{ at_percent: 80, action: 'restrict_models', families: ['gpt'] }],
        },
      ],
    ];
    for (const [status, body] of refused)
      expect([body, (await ask('POST /v1/organizations/spend_limits', body)).status]).toEqual([body, status]);
    expect(rowsOf((await ask('GET /v1/organizations/spend_limits')).body)).toEqual([]);
  });

  it('lists limits by their scopes in a fixed order, in pages that hold together', async () => {
    const { ask, add, group, limit } = await start();
    const [ada, bob] = [await add('ada'), await add('bob')];
    const groupId = await group('engineers', ada);
    await limit({ scope: { type: 'organization_total' }, amountMicros: 9 * CENT });
    await limit({ scope: { type: 'user', userId: ada.id }, amountMicros: CENT });
    await limit({ scope: { type: 'user', userId: bob.id }, amountMicros: CENT });
    await limit({ scope: { type: 'rbac_group', groupId }, amountMicros: CENT });
    await limit({ scope: { type: 'rbac_group_pool', groupId }, amountMicros: CENT });
    await limit({ scope: { type: 'organization' }, amountMicros: CENT });
    await limit({ scope: { type: 'session' }, amountMicros: CENT, period: null });
    const types: unknown[] = [];
    for (let page: unknown = ''; page !== null; ) {
      const { body } = await ask(`GET /v1/organizations/spend_limits?limit=2&page=${page}`);
      types.push(...rowsOf(body).map(({ scope }) => (scope as { type: string }).type));
      page = body.next_page;
    }
    expect(types).toEqual([
      'organization',
      'rbac_group',
      'user',
      'user',
      'organization_total',
      'rbac_group_pool',
      'session',
    ]);
    const listed = async (query: string) =>
      rowsOf((await ask(`GET /v1/organizations/spend_limits?${query}`)).body).map(({ scope }) => scope);
    expect(await listed(`rbac_group_id=${groupId}`)).toEqual([
      { type: 'rbac_group', rbac_group_id: groupId },
      { type: 'rbac_group_pool', rbac_group_id: groupId },
    ]);
    expect(await listed(`user_id=${bob.id}`)).toEqual([{ type: 'user', user_id: bob.id }]);
    expect(await listed('scope_type[]=organization&scope_type[]=usage_tier')).toEqual([{ type: 'organization' }]);
    const { body } = await ask('GET /v1/organizations/spend_limits?limit=1');
    const elsewhere = await ask(`GET /v1/organizations/spend_limits?scope_type[]=user&page=${body.next_page}`);
    expect(elsewhere.status).toBe(400);
  });

  it('lists limits by amount, unlimited being the most, or from the whole organisation down, in pages that hold together', async () => {
    const { ask, add, limit } = await start();
    const [ada, bob] = [await add('ada'), await add('bob')];
    await limit({ scope: { type: 'user', userId: ada.id }, amountMicros: null });
    await limit({ scope: { type: 'user', userId: bob.id }, amountMicros: 2 * CENT });
    await limit({ scope: { type: 'organization' }, amountMicros: 3 * CENT });
    await limit({ scope: { type: 'organization_total' }, amountMicros: 2 * CENT });
    const all = async (query: string) => {
      const found: unknown[] = [];
      for (let page = ''; ; ) {
        const { body } = await ask(`GET /v1/organizations/spend_limits?limit=1&${query}${page}`);
        found.push(...rowsOf(body));
        if (body.next_page === null) return found as { amount: string | null; scope: { type: string } }[];
        page = `&page=${body.next_page}`;
      }
    };
    const amountsOf = async (query: string) => (await all(query)).map(({ amount }) => amount);
    expect(await amountsOf('sort_by=amount')).toEqual([null, '3', '2', '2']);
    expect(await amountsOf('sort_by=amount&sort_order=asc')).toEqual(['2', '2', '3', null]);
    expect(await amountsOf('sort_by=amount&scope_type[]=user')).toEqual([null, '2']);
    expect((await all('sort_by=reach')).map(({ scope }) => scope.type)).toEqual([
      ...['organization_total', 'organization', 'user', 'user'],
    ]);
  });

  it('shows what holds for each member, from where, and what they have spent', async () => {
    const { ask, add, group, limit, seat, spent, owner } = await start();
    const [ada, bob, cyd, dan] = [await add('ada'), await add('bob'), await add('cyd'), await add('dan')];
    const groupId = await group('engineers', ada, bob);
    await seat(cyd, 'premium');
    await limit({ scope: { type: 'user', userId: ada.id }, amountMicros: 700 * CENT });
    await limit({ scope: { type: 'user', userId: ada.id }, amountMicros: null, period: 'daily' });
    await limit({ scope: { type: 'rbac_group', groupId }, amountMicros: 600 * CENT });
    await limit({ scope: { type: 'seat_tier', seatTier: 'premium' }, amountMicros: 500 * CENT });
    await spent(`user:${ada.id}`, 12_345);
    const { body } = await ask('GET /v1/organizations/spend_limits/effective');
    expect(rowsOf(body)).toHaveLength(4);
    expect(rowsOf(body)[0]).toMatchObject({
      actor: { type: 'user_actor', user_id: ada.id, name: 'ada', email_address: 'ada@example.com', deleted: false },
      amount: null,
      period: 'daily',
      period_to_date_spend: '1.235',
      source: { type: 'user', user_id: ada.id },
    });
    const shown = rowsOf(body).map(({ scope, source, amount, period }) => [
      (scope as { user_id: string }).user_id,
      (source as { type: string }).type,
      amount,
      period,
    ]);
    expect(shown).toEqual([
      [ada.id, 'user', null, 'daily'],
      [ada.id, 'user', '700', 'monthly'],
      [bob.id, 'rbac_group', '600', 'monthly'],
      [cyd.id, 'seat_tier', '500', 'monthly'],
    ]);
    const only = await ask(
      `GET /v1/organizations/spend_limits/effective?user_ids[]=${bob.id}&user_ids[]=${dan.id}&period[]=monthly`,
    );
    expect(rowsOf(only.body).map(({ amount }) => amount)).toEqual(['600']);
    await limit({ scope: { type: 'organization' }, amountMicros: CENT });
    const everybody: unknown[] = [];
    for (let page: unknown = ''; page !== null; ) {
      const got = await ask(`GET /v1/organizations/spend_limits/effective?limit=1&page=${page}`);
      expect(rowsOf(got.body).length).toBeGreaterThan(0);
      everybody.push(...rowsOf(got.body).map(({ scope }) => (scope as { user_id: string }).user_id));
      page = got.body.next_page;
    }
    expect(everybody).toEqual([owner.id, ada.id, ada.id, bob.id, cyd.id, dan.id]);
  });

  it('leaves out people who are no longer members', async () => {
    const { ask, add, limit, deps } = await start();
    const ada = await add('ada');
    await limit({ scope: { type: 'user', userId: ada.id }, amountMicros: CENT });
    await removeMember(deps)(ada.id, BY_TEST);
    expect(rowsOf((await ask('GET /v1/organizations/spend_limits/effective')).body)).toEqual([]);
  });

  it('keeps the settings and what seat tiers include', async () => {
    const { ask, add, seat } = await start();
    await seat(await add('ada'), 'premium');
    expect((await ask('GET /v1/organizations/spend_settings')).body).toEqual({
      type: 'spend_settings',
      multi_group_limit: 'lower',
      increase_requests: true,
      store_outage: { mode: 'closed', grace_seconds: 60 },
      thresholds: [50, 75, 90, 95, 100],
      ask_for_more: { url: null, sentence: null },
    });
    const changed = await ask('POST /v1/organizations/spend_settings', {
      multi_group_limit: 'higher',
      ask_for_more: { url: 'https://help.example.com', sentence: 'Ask the desk.' },
    });
    expect(changed.body).toMatchObject({ multi_group_limit: 'higher', increase_requests: true });
    expect((await ask('GET /v1/organizations/spend_settings')).body).toEqual(changed.body);
    const unsafe = { ask_for_more: { url: 'javascript:alert(1)', sentence: null } };
    expect((await ask('POST /v1/organizations/spend_settings', unsafe)).status).toBe(400);
    await ask('POST /v1/organizations/seat_tier_usage', { seat_tier: 'basic', amount: '2000', period: 'weekly' });
    expect((await ask('GET /v1/organizations/seat_tier_usage')).body.data).toMatchObject([
      { seat_tier: 'basic', included: { amount: '2000', period: 'weekly' }, member_count: 0 },
      { seat_tier: 'premium', included: null, member_count: 1 },
    ]);
    const none = await ask('POST /v1/organizations/seat_tier_usage', { seat_tier: 'basic', amount: null });
    expect(none.body).toMatchObject({ seat_tier: 'basic', included: null });
  });
});
