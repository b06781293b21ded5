import { expect, it, onTestFinished } from 'vitest';
import { forEachDatabase } from '../../../tests/support/databases.ts';
import type { ActivityTables } from '../../activity/tables.ts';
import { createGroup } from '../../directory/groups/change-group.ts';
import { addGroupMember } from '../../directory/groups/change-membership.ts';
import { removeMember } from '../../directory/members/remove-member.ts';
import { BY_ADMIN, BY_TEST } from '../../directory/testing/open-directory.ts';
import { dayOf } from '../../kernel/index.ts';
import type { Database } from '../../platform/index.ts';
import { setLimit } from '../limits/set-limit.ts';
import { openReports, usd } from './testing/open-reports.ts';

// The clock of the tests stands at Monday, 2 November 2026.
const TODAY = dayOf(Date.UTC(2026, 10, 2));
const DOLLAR = 1_000_000;

/** Two groups that share a member, a service key's spend, and somebody who has left. */
const openMonth = async (database: Database) => {
  const at = await openReports(database);
  onTestFinished(() => at.close());
  const key = await at.keyOf(await at.add('owner', 'owner'));
  const [ada, bea, cyd] = [await at.add('ada'), await at.add('bea'), await at.add('cyd')];
  const builders = await createGroup(at.deps)('Builders', BY_TEST);
  const writers = await createGroup(at.deps)('Writers', BY_TEST);
  for (const user of [ada, bea]) await addGroupMember(at.deps)(builders.id, user.id, BY_TEST);
  await addGroupMember(at.deps)(writers.id, ada.id, BY_TEST);
  await removeMember(at.deps)(cyd.id, BY_ADMIN);
  await at.count(
    ['organization', TODAY, 10 * DOLLAR, DOLLAR],
    ['organization', TODAY - 1, 20 * DOLLAR],
    ['organization', TODAY - 2, 5 * DOLLAR],
    [`user:${ada.id}`, TODAY, 6 * DOLLAR],
    [`user:${ada.id}`, TODAY - 1, 8 * DOLLAR],
    [`user:${bea.id}`, TODAY - 1, 7 * DOLLAR],
    [`user:${cyd.id}`, TODAY, DOLLAR],
    [`service:${builders.id}`, TODAY, 3 * DOLLAR],
    ['model:claude-opus-5-5', TODAY, 10 * DOLLAR],
    ['model:claude-haiku-5-5', TODAY - 1, 15 * DOLLAR],
    ['workspace:wrkspc_1', TODAY, 4 * DOLLAR],
    ['session:sesn_1', 0, 99 * DOLLAR],
  );
  await at.policy.refresh();
  const get = async (path: string) => at.send(`GET ${path}`, { key });
  return { ...at, get, key, ada, bea, cyd, builders, writers };
};

forEachDatabase((_engine, open) => {
  it('sums this month up to today, day by day, beside the days before it', async () => {
    const { get } = await openMonth(await open());
    const { body } = await get('/v1/organizations/spend');
    expect(body).toEqual({
      type: 'spend',
      starting_date: '2026-11-01',
      ending_date: '2026-11-03',
      currency: 'USD',
      amount: usd(30),
      open_amount: usd(1),
      previous_amount: usd(5),
      by_day: [
        { date: '2026-11-01', amount: usd(20) },
        { date: '2026-11-02', amount: usd(10) },
      ],
    });
  });

  it('sums for one member, group, model or key, and refuses two of them at once', async () => {
    const { get, ada, builders, key, send } = await openMonth(await open());
    const amountOf = async (query: string) => (await get(`/v1/organizations/spend?${query}`)).body.amount;
    expect(await amountOf(`user_id=${ada.id}`)).toBe(usd(14));
    expect(await amountOf(`rbac_group_id=${builders.id}`)).toBe(usd(24));
    expect(await amountOf('model=opus-none')).toBe('0');
    expect(await amountOf('model=claude-opus-5-5')).toBe(usd(10));
    expect(await amountOf('workspace_id=wrkspc_1')).toBe(usd(4));
    const both = await send(`GET /v1/organizations/spend?model=a&user_id=${ada.id}`, { key });
    expect(both.status).toBe(400);
  });

  it('refuses a range that is none, or longer than a year', async () => {
    const { get } = await openMonth(await open());
    const statusOf = async (query: string) => (await get(`/v1/organizations/spend?${query}`)).status;
    expect(await statusOf('starting_date=2026-11-02&ending_date=2026-11-02')).toBe(400);
    expect(await statusOf('starting_date=2025-01-01&ending_date=2026-11-02')).toBe(400);
    expect(await statusOf('starting_date=yesterday')).toBe(400);
    expect(await statusOf('starting_date=2025-11-02&ending_date=2026-11-02')).toBe(200);
  });

  it('lists members by what they spent, page by page, those who have left too', async () => {
    const { get, ada, bea, cyd } = await openMonth(await open());
    const first = (await get('/v1/organizations/spend/lines?by=member&limit=2')).body;
    expect(first).toMatchObject({ count: 3, has_more: true, total_amount: usd(30), other_amount: usd(8) });
    expect(first.data).toMatchObject([
      { id: ada.id, name: 'ada', email: 'ada@example.com', amount: usd(14), share: 0.466667, service_amount: null },
      { id: bea.id, amount: usd(7) },
    ]);
    const second = (await get(`/v1/organizations/spend/lines?by=member&limit=2&page=${first.next_page}`)).body;
    expect(second).toMatchObject({ data: [{ id: cyd.id, name: 'cyd', amount: usd(1) }], has_more: false });
  });

  it("counts a member in each of their groups, with what the groups' service keys spent", async () => {
    const { get, builders, writers } = await openMonth(await open());
    const { body } = await get('/v1/organizations/spend/lines?by=group');
    expect(body).toMatchObject({ total_amount: usd(30), other_amount: null });
    expect(body.data).toMatchObject([
      { id: builders.id, name: 'Builders', amount: usd(24), service_amount: usd(3) },
      { id: writers.id, name: 'Writers', amount: usd(14), service_amount: '0' },
    ]);
  });

  it('gives the default workspace what no other workspace spent', async () => {
    const { get } = await openMonth(await open());
    const { body } = await get('/v1/organizations/spend/lines?by=workspace');
    expect(body).toMatchObject({ other_amount: '0', data: [{ amount: usd(26) }, { id: 'wrkspc_1', amount: usd(4) }] });
  });

  it('names models as people do, and finds lines by name, address and group', async () => {
    const { get, bea, writers, ada } = await openMonth(await open());
    const idsOf = async (query: string) =>
      ((await get(`/v1/organizations/spend/lines?${query}`)).body.data as { id: string }[]).map(({ id }) => id);
    const models = (await get('/v1/organizations/spend/lines?by=model')).body;
    expect(models).toMatchObject({ other_amount: usd(5), data: [{ name: 'Claude Haiku 5.5' }, { amount: usd(10) }] });
    expect(await idsOf('by=model&search=OPUS')).toEqual(['claude-opus-5-5']);
    expect(await idsOf('by=member&search=BEA@')).toEqual([bea.id]);
    expect(await idsOf('by=member&search=100%25')).toEqual([]);
    expect(await idsOf(`by=member&rbac_group_id=${writers.id}`)).toEqual([ada.id]);
  });

  it("answers a member with their own spend, and nobody else with the organisation's", async () => {
    const { send, keyOf, ada } = await openMonth(await open());
    const key = await keyOf(ada);
    expect((await send('GET /v1/me/spend', { key })).body.amount).toBe(usd(14));
    for (const path of ['spend', 'spend/lines?by=member', 'spend/forecast', 'spend/near_limits', 'spend/export?by=day'])
      expect((await send(`GET /v1/organizations/${path}`, { key })).status).toBe(403);
  });

  it('writes every report as a CSV file and records that it did', async () => {
    const { app, key, builders, database } = await openMonth(await open());
    const read = async (by: string) => {
      const response = await app.request(`https://remit.test/v1/organizations/spend/export?by=${by}`, {
        headers: { 'x-api-key': key },
      });
      expect(response.headers.get('content-disposition')).toBe(`attachment; filename="spend-by-${by}-2026-11-02.csv"`);
      return Buffer.from(await response.arrayBuffer())
        .toString()
        .split('\r\n');
    };
    expect(await read('day')).toEqual(['\uFEFFdate,amount_usd', '2026-11-01,20', '2026-11-02,10', '']);
    expect(await read('group')).toContain(`${builders.id},Builders,,24,0.8,3`);
    expect(await read('member')).toHaveLength(5);
    expect((await read('forecast'))[1]).toBe('2026-11-01,20,');
    expect(await read('near_limits')).toHaveLength(2);
    const feed = await database.tables<ActivityTables>().selectFrom('activities').select('type').execute();
    expect(feed.filter(({ type }) => type === 'platform_cost_report_viewed')).toHaveLength(5);
  });

  it('says nothing of the end of the month before there are three whole days', async () => {
    const { get } = await openMonth(await open());
    expect((await get('/v1/organizations/spend/forecast')).body).toMatchObject({ forecast: null, amount: usd(30) });
  });

  it('foretells the month by its weekdays', async () => {
    const { get, count } = await openMonth(await open());
    await count(...Array.from({ length: 26 }, (_, at) => ['organization', TODAY - 3 - at, 7 * DOLLAR] as const));
    const { body } = await get('/v1/organizations/spend/forecast');
    expect(body).toMatchObject({ starting_date: '2026-11-01', ending_date: '2026-12-01', amount: usd(30) });
    expect(body.by_day).toHaveLength(30);
    expect(body.method).toContain('weekday');
  });

  it('lists who is near a limit, each period on its own, the nearest first', async () => {
    const { get, ada, spend } = await openMonth(await open());
    const limit = async (type: 'organization' | 'organization_total', period: 'daily' | 'monthly', dollars: number) =>
      setLimit(spend)({ scope: { type }, period, amountMicros: dollars * DOLLAR }, BY_TEST);
    await limit('organization_total', 'monthly', 1000);
    await limit('organization', 'monthly', 15);
    await limit('organization', 'daily', 6);
    await spend.spendPolicy.refresh();
    const { body } = await get('/v1/organizations/spend/near_limits?percent=80');
    expect(body).toMatchObject({ count: 2, has_more: false });
    expect(body.data).toMatchObject([
      {
        percent: 100,
        period: 'daily',
        used_amount: usd(6),
        limit_amount: usd(6),
        resets_at: '2026-11-03T00:00:00.000Z',
      },
      { percent: 93, period: 'monthly', subject: { type: 'user', id: ada.id, email: 'ada@example.com' } },
    ]);
    const first = (await get('/v1/organizations/spend/near_limits?percent=80&limit=1')).body;
    const second = (await get(`/v1/organizations/spend/near_limits?percent=80&limit=1&page=${first.next_page}`)).body;
    expect(second).toMatchObject({ data: [{ percent: 93 }], has_more: false });
    const all = (await get('/v1/organizations/spend/near_limits?percent=3')).body.data as { scope_type: string }[];
    expect(all).toHaveLength(4);
  });
});
