import { expect, it, onTestFinished } from 'vitest';
import { forEachDatabase } from '../../../tests/support/databases.ts';
import type { ActivityTables } from '../../activity/tables.ts';
import { createApiKey } from '../../directory/api-keys/create-api-key.ts';
import { addMember } from '../../directory/members/add-member.ts';
import type { DirectoryTables } from '../../directory/tables.ts';
import { BY_TEST } from '../../directory/testing/open-directory.ts';
import type { Database } from '../../platform/index.ts';
import { exportEffectiveSpendLimits } from '../contract.ts';
import { userAccount } from '../ledger/rules/account.ts';
import { limitStore } from '../limits/store.ts';
import { openSpend } from '../testing/open-spend.ts';
import * as contract from './contract.ts';
import { effectiveRows } from './effective-rows.ts';
import { limitRows } from './limit-rows.ts';
import { requestRows } from './request-rows.ts';

const DOLLAR = 1_000_000;
const TIME = /\d{4}-\d\d-\d\dT[\d:.]+Z/g;

type Exported = (typeof contract)[keyof typeof contract];
const EXPORTS: readonly Exported[] = Object.values(contract);

const rowsOf = async (rows: AsyncIterable<readonly string[]>): Promise<readonly (readonly string[])[]> => {
  const all: (readonly string[])[] = [];
  for await (const row of rows) all.push(row);
  return all;
};

/** Members of whom there are more than fit into one reading. */
const CROWD = 2001;
const crowd = async (database: Database): Promise<void> => {
  const rows = Array.from({ length: CROWD }, (_, at) => ({
    id: `user_${String(at).padStart(5, '0')}`,
    email: `p${at}@example.com`,
    email_key: `p${at}@example.com`,
    name: `P ${at}`,
    role: 'user' as const,
    status: 'active' as const,
    added_at: at,
    updated_at: at,
  }));
  for (let from = 0; from < CROWD; from += 500)
    await database
      .tables<DirectoryTables>()
      .insertInto('members')
      .values(rows.slice(from, from + 500))
      .execute();
};

forEachDatabase((_engine, open) => {
  const start = async () => {
    const at = await openSpend(await open());
    onTestFinished(() => at.spendPolicy.close());
    const owner = await at.add('owner', 'owner');
    const headers = await at.consoleOf(owner);
    const ask = (line: string, body?: unknown) => at.send(line, { headers, ...(body === undefined ? {} : { body }) });
    const read = async (path: string) => {
      const response = await at.app.request(`https://remit.test${path}`, { headers });
      expect([response.status, response.headers.get('content-type')]).toEqual([200, 'text/csv; charset=utf-8']);
      const text = Buffer.from(await response.arrayBuffer()).toString();
      return { name: response.headers.get('content-disposition'), lines: text.replace(TIME, '…').split('\r\n') };
    };
    return { ...at, owner, ask, read };
  };

  it('writes every limit with the names of whom it is for, its steps, and nothing a spreadsheet would run', async () => {
    const { deps, read, limit, group, add } = await start();
    const ada = await add('ada');
    const mallory = await addMember(deps)({ email: 'm@example.com', name: '=HYPERLINK("x")', role: 'user' }, BY_TEST);
    const builders = await group('Builders, EMEA', ada);
    const total = await limit({ scope: { type: 'organization_total' }, amountMicros: 5000 * DOLLAR, mode: 'strict' });
    const own = await limit({ scope: { type: 'user', userId: mallory.id }, amountMicros: null, isEnabled: false });
    const pool = await limit({
      scope: { type: 'rbac_group_pool', groupId: builders },
      period: 'weekly',
      amountMicros: 12_345_600,
      ladder: [
        { atPercent: 80, action: 'lower_effort', effort: 'low' },
        { atPercent: 90, action: 'restrict_models', families: ['haiku', 'sonnet'] },
      ],
    });
    const session = await limit({ scope: { type: 'session' }, period: null, amountMicros: 0 });
    const { name, lines } = await read(contract.exportSpendLimits.path);
    expect(name).toBe('attachment; filename="spend-limits-2026-11-02.csv"');
    expect(lines).toEqual([
      '\uFEFFscope_type,scope_id,name,email,period,limit_usd,mode,enabled,steps,id,created_at,updated_at',
      `user,${mallory.id},"'=HYPERLINK(""x"")",m@example.com,monthly,unlimited,standard,no,,${own.id},…,…`,
      `organization_total,,,,monthly,5000,strict,yes,,${total.id},…,…`,
      `rbac_group_pool,${builders},"Builders, EMEA",,weekly,12.3456,standard,yes,"80:lower_effort:low; 90:restrict_models:haiku,sonnet",${pool.id},…,…`,
      `session,,,,,0,standard,yes,,${session.id},…,…`,
      '',
    ]);
  });

  it('writes what everybody may spend and has spent, those without a limit too, and records that it was read', async () => {
    const { read, limit, group, add, seat, spent, database, owner } = await start();
    const [ada, bea] = [await add('ada'), await add('bea')];
    await seat(bea, 'premium');
    const builders = await group('Builders', ada);
    const ofGroup = await limit({ scope: { type: 'rbac_group', groupId: builders }, amountMicros: 20 * DOLLAR });
    const ofBea = await limit({ scope: { type: 'user', userId: bea.id }, period: 'daily', amountMicros: null });
    await spent(userAccount(ada.id), 5 * DOLLAR);
    const { name, lines } = await read(contract.exportEffectiveSpendLimits.path);
    expect(name).toBe('attachment; filename="effective-spend-limits-2026-11-02.csv"');
    expect(lines.slice(1)).toEqual([
      `${owner.id},owner,owner@example.com,,monthly,none,0,,,,,,…,`,
      `${ada.id},ada,ada@example.com,,monthly,20,5,15,25,rbac_group,Builders,standard,…,${ofGroup.id}`,
      `${bea.id},bea,bea@example.com,premium,daily,unlimited,0,,,user,bea,standard,…,${ofBea.id}`,
      '',
    ]);
    const daily = (await read(`${contract.exportEffectiveSpendLimits.path}?period=daily`)).lines;
    expect(daily[2]).toBe(`${ada.id},ada,ada@example.com,,daily,none,5,,,,,,…,`);
    const feed = await database.tables<ActivityTables>().selectFrom('activities').select('type').execute();
    expect(feed.filter(({ type }) => type === exportEffectiveSpendLimits.records?.[0])).toHaveLength(2);
  });

  it('writes requests with how members stand, who decided, and what was approved', async () => {
    const { read, ask, limit, add, send, consoleOf, owner } = await start();
    await limit({ scope: { type: 'organization' }, amountMicros: 10 * DOLLAR });
    const [ada, bea] = [await add('ada'), await add('bea')];
    for (const member of [ada, bea])
      await send('POST /v1/me/spend_limits/increase_requests', { headers: await consoleOf(member), body: {} });
    const listed = (await ask('GET /v1/organizations/spend_limit_increase_requests')).body.data as { id: string }[];
    const [ofBea = '', ofAda = ''] = listed.map(({ id }) => id);
    await ask(`POST /v1/organizations/spend_limit_increase_requests/${ofAda}/approve`, { amount: '2500' });
    const { lines } = await read(contract.exportIncreaseRequests.path);
    expect(lines.slice(1).map((line) => line.replace(/slim_\w+|spl\w+_\w+$/, ''))).toEqual([
      `${ofBea},…,${bea.id},bea,bea@example.com,monthly,pending,0,10,,,,,`,
      expect.stringContaining(`${ofAda},…,${ada.id},ada,ada@example.com,monthly,approved,,,25,…,${owner.id},owner,`),
      '',
    ]);
  });

  it('writes orders of credit and what seats include', async () => {
    const { read, ask, add, seat, owner } = await start();
    await seat(await add('ada'), 'premium');
    await ask('POST /v1/organizations/prepaid/orders', { amount: '50000', note: '+1, and more' });
    await ask('POST /v1/organizations/prepaid/orders', { kind: 'adjustment', amount: '-250' });
    await ask('POST /v1/organizations/seat_tier_usage', { seat_tier: 'basic', amount: '1000', period: 'weekly' });
    const orders = (await read(contract.exportPrepaidOrders.path)).lines;
    expect(orders.map((line) => line.replace(/^\w+_\w+,/, ''))).toEqual([
      '\uFEFFid,created_at,kind,amount_usd,created_by,created_by_name,note',
      `…,adjustment,-2.5,${owner.id},owner,`,
      `…,purchase,500,${owner.id},owner,"'+1, and more"`,
      '',
    ]);
    expect((await read(contract.exportSeatTierUsage.path)).lines).toEqual([
      '\uFEFFseat_tier,included_usd,period,members',
      'basic,10,weekly,0',
      'premium,,,1',
      '',
    ]);
  });

  it('writes rate limits with what is used of them, and those of workspaces, groups, members and keys', async () => {
    const { read, ask, group, deps } = await start();
    expect((await read(contract.exportRateUsage.path)).lines).toHaveLength(2);
    await ask('POST /v1/organizations/rate_tier', { tier: 'start' });
    const builders = await group('Builders');
    const wanted = { name: 'nightly', owner: { groupId: builders }, expiresAt: null };
    const { key } = await createApiKey(deps)(wanted, BY_TEST);
    const slower = [{ type: 'requests_per_minute', value: 5 }];
    for (const scope of [
      { type: 'rbac_group', rbac_group_id: builders },
      { type: 'api_key', api_key_id: key.id },
    ])
      await ask('POST /v1/organizations/rate_limit_overrides', { scope, rate_limit_id: 'rlg_batch', limits: slower });
    const used = (await read(contract.exportRateUsage.path)).lines;
    expect(used).toContain('start,rlg_batch,Message batches,,requests_per_minute,1000,0,0,0,0');
    expect(used).toContain('start,rlg_batch,Message batches,,enqueued_batch_requests,200000,,,,');
    expect((await read(contract.exportRateLimitOverrides.path)).lines).toEqual([
      '\uFEFFscope_type,scope_id,scope_name,rate_limit_id,name,limiter,limit,organization_limit',
      `rbac_group,${builders},Builders,rlg_batch,Message batches,requests_per_minute,5,1000`,
      `api_key,${key.id},nightly,rlg_batch,Message batches,requests_per_minute,5,1000`,
      '',
    ]);
  });

  it('goes on over the end of a page, to the last line and each once', async () => {
    const { spend, database, spendPolicy } = await start();
    await crowd(database);
    const requests = Array.from({ length: CROWD }, (_, at) => ({
      id: `slir_${String(at).padStart(5, '0')}`,
      user_id: `user_${String(at).padStart(5, '0')}`,
      period: 'monthly' as const,
      status: 'denied' as const,
      created_at: at,
      resolved_at: at,
      resolved_by: null,
      amount_micros: null,
      spend_limit_id: null,
    }));
    for (let from = 0; from < CROWD; from += 500) {
      const some = requests.slice(from, from + 500);
      const tables = database.tables<{ spend_limit_increase_requests: (typeof requests)[number] }>();
      await tables.insertInto('spend_limit_increase_requests').values(some).execute();
    }
    for (const { user_id: userId } of requests)
      await limitStore(database).save({
        ...{ id: `spl_${userId}`, scope: { type: 'user', userId }, period: 'monthly', amountMicros: DOLLAR },
        ...{ isEnabled: true, mode: 'standard', ladder: [], createdAt: 1, updatedAt: 1 },
      });
    await spendPolicy.refresh();
    const files = [effectiveRows(spend, []), limitRows(database), requestRows(spend)];
    for (const [at, file] of files.entries()) {
      const rows = await rowsOf(file);
      // The heading, and in the first file the owner.
      expect(rows).toHaveLength(CROWD + (at === 0 ? 2 : 1));
      expect(new Set(rows.map((row) => row.join())).size).toBe(rows.length);
    }
  });

  it('is refused to those who may not see the lists either, and is then not recorded', async () => {
    const { add, send, consoleOf, database } = await start();
    const headers = await consoleOf(await add('ada'));
    for (const { method, path } of EXPORTS) expect((await send(`${method} ${path}`, { headers })).status).toBe(403);
    const feed = await database.tables<ActivityTables>().selectFrom('activities').select('type').execute();
    expect(feed.map(({ type }) => type)).not.toContain('platform_cost_report_viewed');
  });
});
