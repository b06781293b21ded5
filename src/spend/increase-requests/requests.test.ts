import { expect, it, onTestFinished } from 'vitest';
import { forEachDatabase } from '../../../tests/support/databases.ts';
import { accessMigrations } from '../../access/index.ts';
import { activityMigrations } from '../../activity/index.ts';
import { directoryMigrations } from '../../directory/index.ts';
import { removeMember } from '../../directory/members/remove-member.ts';
import type { Member } from '../../directory/members/store.ts';
import { BY_ADMIN, BY_TEST, inPerson } from '../../directory/testing/open-directory.ts';
import { DAY_MS } from '../../kernel/index.ts';
import { migrate } from '../../platform/index.ts';
import { poolAccount, userAccount } from '../ledger/rules/account.ts';
import { changeSpendSettings, setIncluded } from '../limits/change-settings.ts';
import { setLimit } from '../limits/set-limit.ts';
import { spendMigrations } from '../migrations.ts';
import type { SpendNotices } from '../notices-seam.ts';
import { openSpend } from '../testing/open-spend.ts';
import { readPendingRequests } from './list-requests.ts';
import type { RequestTables } from './tables.ts';

const CENT = 10_000;

forEachDatabase((_engine, open) => {
  const start = async () => {
    const told: unknown[] = [];
    const notices: SpendNotices = {
      decided: async (_sql, { state, amountMicros }) => void told.push([state, amountMicros]),
      ordered: async () => undefined,
    };
    const at = await openSpend(await open(), notices);
    onTestFinished(() => at.spendPolicy.close());
    const owner = await at.add('owner', 'owner');
    const as = async (member: Member) => {
      const headers = await at.consoleOf(member);
      return (line: string, body?: unknown) => at.send(line, { headers, ...(body === undefined ? {} : { body }) });
    };
    const ada = await at.add('ada');
    return { ...at, told, owner, ada, as, adas: await as(ada), owners: await as(owner) };
  };
  const scopeOf = ({ id }: Member) => ({ type: 'user' as const, userId: id });
  const ASK = 'POST /v1/me/spend_limits/increase_requests';
  const REQUESTS = '/v1/organizations/spend_limit_increase_requests';

  it('asks once, and what is approved becomes the limit of the member', async () => {
    const { adas, owners, limit, ada, told, spendPolicy, owner } = await start();
    await limit({ scope: { type: 'organization' }, amountMicros: 5 * CENT });
    const asked = await adas(ASK, {});
    expect(asked.body).toMatchObject({ may_ask_for: [], may_not_ask_because: 'pending' });
    expect((await adas(ASK, {})).status).toBe(409);
    const { body: listed } = await owners(`GET ${REQUESTS}?status[]=pending`);
    const [request] = listed.data as Record<string, unknown>[];
    expect(request).toMatchObject({
      period: 'monthly',
      spend_summary: { amount: '5', source: { type: 'organization' } },
    });
    const approved = await owners(`POST ${REQUESTS}/${request?.id}/approve`, { amount: '9' });
    expect(approved.body).toMatchObject({
      status: 'approved',
      resolved_by: { type: 'user_actor', user_id: owner.id },
      spend_limit: { amount: '9', scope: { type: 'user', user_id: ada.id } },
      spend_summary: null,
    });
    expect(told).toEqual([['approved', 9 * CENT]]);
    expect([...spendPolicy.rules.limits.keys()]).toContain(`user monthly ${ada.id}`);
    expect((await owners(`POST ${REQUESTS}/${request?.id}/approve`, { amount: '9' })).status).toBe(400);
    expect((await owners(`POST ${REQUESTS}/${request?.id}/deny`, {})).status).toBe(400);
    expect((await adas('GET /v1/me/spend_limits')).body).toMatchObject({ may_ask_for: ['monthly'] });
  });

  it('is refused while another waits, about whatever period, with which one that is', async () => {
    const { adas, limit, owners } = await start();
    await limit({ scope: { type: 'organization' }, amountMicros: 5 * CENT });
    await limit({ scope: { type: 'organization' }, amountMicros: 5 * CENT, period: 'daily' });
    // Two at once: one waits, the other is told of it.
    const both = await Promise.all([adas(ASK, { period: 'daily' }), adas(ASK, { period: 'monthly' })]);
    expect(both.map(({ status }) => status).sort()).toEqual([200, 409]);
    const { body } = await owners(`GET ${REQUESTS}?status[]=pending`);
    const [waiting, ...more] = body.data as Record<string, unknown>[];
    expect(more).toEqual([]);
    const refused = both.find(({ status }) => status === 409)?.body;
    expect(refused).toMatchObject({
      error: {
        message: expect.stringContaining(`You asked for a higher ${waiting?.period} limit on 2026-11-02`),
        details: {
          error_code: 'increase_request_pending',
          spend_limit_increase_request_id: waiting?.id,
          period: waiting?.period,
        },
      },
    });
    await owners(`POST ${REQUESTS}/${waiting?.id}/approve`, { amount: '9' });
    expect((await adas(ASK, { period: 'daily' })).status).toBe(200);
    expect((await adas(ASK, { period: 'monthly' })).status).toBe(409);
  });

  it('of several that waited in an earlier version the first is kept', async () => {
    const database = await open();
    const all = [...activityMigrations, ...directoryMigrations, ...accessMigrations, ...spendMigrations];
    await migrate(
      database,
      all.filter(({ name }) => name !== 'spend-requests-002-one-pending'),
    );
    const request = { created_at: 1, resolved_at: null, resolved_by: null, amount_micros: null, spend_limit_id: null };
    const rows = [
      { id: 'slir_1', user_id: 'ada', period: 'monthly', status: 'denied' },
      { id: 'slir_2', user_id: 'ada', period: 'monthly', status: 'pending' },
      { id: 'slir_3', user_id: 'ada', period: 'daily', status: 'pending' },
      { id: 'slir_4', user_id: 'bob', period: 'daily', status: 'pending' },
    ] as const;
    const table = database.tables<RequestTables>();
    await table
      .insertInto('spend_limit_increase_requests')
      .values(rows.map((row) => ({ ...row, ...request })))
      .execute();
    await migrate(database, all);
    const left = await table.selectFrom('spend_limit_increase_requests').select('id').orderBy('id').execute();
    expect(left.map(({ id }) => id)).toEqual(['slir_1', 'slir_2', 'slir_4']);
    const second = { id: 'slir_5', user_id: 'bob', period: 'weekly', status: 'pending' } as const;
    await expect(
      table
        .insertInto('spend_limit_increase_requests')
        .values({ ...second, ...request })
        .execute(),
    ).rejects.toThrow();
  });

  it('denies as often as one likes, tells the member unless it shall not, and is quiet for thirty days', async () => {
    const { adas, owners, limit, told, clock, as, ada } = await start();
    await limit({ scope: { type: 'organization' }, amountMicros: 5 * CENT });
    await adas(ASK, {});
    const { body } = await owners(`GET ${REQUESTS}`);
    const id = (body.data as { id: string }[])[0]?.id;
    const denied = await owners(`POST ${REQUESTS}/${id}/deny`, { suppress_notification: true });
    expect(denied.body).toMatchObject({ status: 'denied' });
    expect((await owners(`POST ${REQUESTS}/${id}/deny`, {})).body).toEqual(denied.body);
    expect(told).toEqual([]);
    expect((await adas('GET /v1/me/spend_limits')).body).toMatchObject({ may_not_ask_because: 'denied_recently' });
    const refused = await adas(ASK, { period: 'monthly' });
    expect(refused.body).toMatchObject({ error: { details: { error_code: 'increase_request_denied_recently' } } });
    clock.ms += 30 * DAY_MS;
    // Sessions do not last that long.
    const later = await as(ada);
    expect((await later('GET /v1/me/spend_limits')).body).toMatchObject({ may_ask_for: ['monthly'] });
  });

  it('takes no requests without a limit of one’s own, for another period, or while they are switched off', async () => {
    const { adas, limit, spend } = await start();
    await limit({ scope: { type: 'organization_total' }, amountMicros: 5 * CENT });
    expect((await adas(ASK, {})).body).toMatchObject({
      error: { details: { error_code: 'increase_request_no_limit' } },
    });
    await limit({ scope: { type: 'organization' }, amountMicros: 5 * CENT });
    expect((await adas(ASK, { period: 'daily' })).status).toBe(400);
    await changeSpendSettings(spend)({ takesRequests: false }, BY_TEST);
    await spend.spendPolicy.refresh();
    const refused = (await adas(ASK, {})).body;
    expect(refused).toMatchObject({ error: { details: { error_code: 'increase_request_switched_off' } } });
    expect(await readPendingRequests(spend.database)).toEqual([]);
  });

  it('is answered by a person who raises the limit, not by a key, and not by lowering it', async () => {
    const { adas, limit, ada, owner, spend, told } = await start();
    await limit({ scope: { type: 'organization' }, amountMicros: 5 * CENT });
    await adas(ASK, {});
    const set = (amountMicros: number, by: typeof BY_ADMIN) =>
      setLimit(spend)({ scope: scopeOf(ada), period: 'monthly', amountMicros }, by);
    await set(4 * CENT, inPerson(owner));
    expect(await readPendingRequests(spend.database)).toHaveLength(1);
    await spend.spendPolicy.refresh();
    await set(6 * CENT, BY_ADMIN);
    expect(await readPendingRequests(spend.database)).toHaveLength(1);
    await spend.spendPolicy.refresh();
    await set(7 * CENT, inPerson(owner));
    expect(await readPendingRequests(spend.database)).toEqual([]);
    expect(told).toEqual([['approved', 7 * CENT]]);
  });

  it('of people who have left are gone, and so nothing can be decided about them', async () => {
    const { adas, owners, limit, ada, deps, database } = await start();
    await limit({ scope: { type: 'organization' }, amountMicros: 5 * CENT });
    await adas(ASK, {});
    const [request] = await readPendingRequests(database);
    await removeMember(deps)(ada.id, BY_TEST);
    expect((await owners(`GET ${REQUESTS}`)).body.data).toEqual([]);
    expect(await readPendingRequests(database)).toEqual([]);
    expect((await owners(`POST ${REQUESTS}/${request?.id}/approve`, { amount: '9' })).status).toBe(404);
  });

  it('shows a member what is theirs in figures, and what they share without', async () => {
    const { adas, limit, ada, add, group, spent, seat, spend } = await start();
    const groupId = await group('engineers', ada, await add('bob'));
    await seat(ada, 'premium');
    await setIncluded(spend)({ seatTier: 'premium', period: 'monthly', amountMicros: 100 * CENT }, BY_TEST);
    await limit({ scope: { type: 'rbac_group', groupId }, amountMicros: 10 * CENT });
    await limit({ scope: { type: 'rbac_group_pool', groupId }, amountMicros: 40 * CENT });
    await limit({ scope: { type: 'organization_total' }, amountMicros: 1000 * CENT });
    await spent(userAccount(ada.id), 8 * CENT);
    await spent(poolAccount(groupId), 40 * CENT);
    await spent(`included:${ada.id}`, 25 * CENT);
    const { body } = await adas('GET /v1/me/spend_limits');
    const month = { period: 'monthly', resets_at: '2026-12-01T00:00:00.000Z' };
    const hidden = { amount: null, used: null, remaining: null };
    expect(body).toMatchObject({
      spent: [
        { period: 'daily', amount: '8', resets_at: '2026-11-03T00:00:00.000Z' },
        { period: 'weekly', amount: '8', resets_at: '2026-11-09T00:00:00.000Z' },
        { amount: '8', ...month },
      ],
      limits: [
        {
          kind: 'own',
          source: { type: 'rbac_group', rbac_group_id: groupId },
          group_name: 'engineers',
          state: 'near',
          amount: '10',
          used: '8',
          remaining: '2',
          ...month,
        },
        { kind: 'organization', state: 'open', ...hidden, ...month },
        { kind: 'group_pool', group_name: 'engineers', state: 'reached', ...hidden, ...month },
      ],
      included: { seat_tier: 'premium', amount: '100', used: '25', remaining: '75', ...month },
      may_ask_for: ['monthly'],
    });
  });
});
