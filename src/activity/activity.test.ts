import { describe, expect, it } from 'vitest';
import { forEachDatabase } from '../../tests/support/databases.ts';
import { type Actor, bySystem, createNewId, type Doer, permissionsOfRole } from '../kernel/index.ts';
import { createLog, createRandomBytes, createRouter, type Database, migrate } from '../platform/index.ts';
import { ACTIVITY_TITLES, type Activity } from './contract.ts';
import { activityMigrations } from './migrations.ts';
import { createRecordActivity } from './record-activity.ts';
import { activityRoutes } from './routes.ts';
import { describeActor } from './rules/describe-actor.ts';
import type { ActivityType } from './rules/vocabulary.ts';

const UUID = '3f0f3f0e-6f2d-4a0b-9a53-0f0a4be8d0c1';

const ADA = {
  kind: 'member',
  userId: 'user_ada',
  email: 'ada@example.com',
  role: 'owner',
  credentialId: null,
  sessionId: 'sesn_1',
  permissions: permissionsOfRole('owner'),
} as const satisfies Actor;

const by = (who: Doer['who'], requestId: string | null = 'req_1'): Doer => ({
  who,
  requestId,
  ipAddress: '192.0.2.7',
  userAgent: 'Firefox',
});

const open = async (database: Database) => {
  await migrate(database, activityMigrations);
  const clock = { ms: Date.UTC(2026, 10, 2) };
  const now = () => {
    clock.ms += 1000;
    return clock.ms;
  };
  const newId = createNewId(() => clock.ms, createRandomBytes());
  const record = createRecordActivity({ now, newId });
  const actor: { current: Actor } = { current: ADA };
  const app = createRouter({
    routes: activityRoutes({ database, record, organizationUuid: async () => UUID }),
    authenticate: async () => actor.current,
    newRequestId: () => 'req_9',
    log: createLog('silent'),
  });
  const read = async (query = '') => {
    const response = await app.request(`https://remit.test/v1/compliance/activities${query}`);
    const body = (await response.json()) as {
      data: Activity[];
      has_more: boolean;
      first_id: string | null;
      last_id: string | null;
      error?: { message: string };
    };
    return { status: response.status, ...body };
  };
  const group = (name: string, doer: Doer = by(ADA)) =>
    record(database, doer, { type: 'group_created', group_id: `rbac_group_${name}`, group_name: name });
  return { database, record, read, group, actor, clock };
};

const names = (page: { readonly data: readonly Activity[] }) => page.data.map(({ group_name }) => group_name);

forEachDatabase((_engine, fresh) => {
  it('shows who did what from where, with the fields of its type beside the common ones', async () => {
    const { read, group } = await open(await fresh());
    await group('a');
    const { data } = await read();
    expect(data).toEqual([
      {
        id: expect.stringMatching(/^activity_/),
        type: 'group_created',
        created_at: '2026-11-02T00:00:01.000Z',
        organization_id: `org_${UUID}`,
        organization_uuid: UUID,
        actor: {
          type: 'user_actor',
          user_id: 'user_ada',
          email_address: 'ada@example.com',
          ip_address: '192.0.2.7',
          user_agent: 'Firefox',
        },
        group_id: 'rbac_group_a',
        group_name: 'a',
      },
    ]);
  });

  it('keeps nothing of a change that was rolled back', async () => {
    const { database, record, read } = await open(await fresh());
    const failing = database.transaction(async (sql) => {
      await record(sql, by(ADA), { type: 'group_deleted', group_id: 'rbac_group_a' });
      throw new Error('the change failed');
    });
    await expect(failing).rejects.toThrow('the change failed');
    expect((await read()).data).toEqual([]);
  });

  it('is read page by page in both directions and both orders without missing anything', async () => {
    const { read, group } = await open(await fresh());
    for (const name of ['a', 'b', 'c', 'd', 'e']) await group(name);
    const first = await read('?limit=2');
    expect([names(first), first.has_more]).toEqual([['e', 'd'], true]);
    const second = await read(`?limit=2&after_id=${first.last_id}`);
    expect([names(second), second.has_more]).toEqual([['c', 'b'], true]);
    const third = await read(`?limit=2&after_id=${second.last_id}`);
    expect([names(third), third.has_more]).toEqual([['a'], false]);
    const back = await read(`?limit=2&before_id=${third.first_id}`);
    expect([names(back), back.has_more]).toEqual([['c', 'b'], true]);
    expect(names(await read(`?limit=2&order=asc&after_id=${third.last_id}`))).toEqual(['b', 'c']);
  });

  it('answers the cursor it was asked from when there is nothing new, so that a client that polls keeps its place', async () => {
    const { read, group } = await open(await fresh());
    await group('a');
    const { first_id } = await read();
    expect(await read(`?before_id=${first_id}`)).toMatchObject({ data: [], has_more: false, first_id });
  });

  it('narrows by type, actor, subject, request and time', async () => {
    const { read, record, database, group } = await open(await fresh());
    await group('a');
    await record(database, by(bySystem('scim').who, 'req_2'), { type: 'group_deleted', group_id: 'rbac_group_a' });
    const types = async (query: string) => (await read(query)).data.map(({ type }) => type);
    expect(await types('?activity_types[]=group_created')).toEqual(['group_created']);
    expect(await types('?exclude_activity_types[]=group_created')).toEqual(['group_deleted']);
    expect(await types('?actor_ids[]=user_nobody&user_ids[]=user_ada')).toEqual(['group_created']);
    expect(await types('?subject_id=rbac_group_a')).toEqual(['group_deleted', 'group_created']);
    expect(await types('?request_id=req_2')).toEqual(['group_deleted']);
    expect(await types('?created_at.gt=2026-11-02T00:00:01Z')).toEqual(['group_deleted']);
    expect(await types('?created_at.lt=2026-11-02T01:00:02%2B01:00')).toEqual(['group_created']);
    expect(await types(`?organization_ids[]=org_${UUID}&activity_types[]=group_created`)).toEqual(['group_created']);
    expect(await types('?organization_ids[]=org_somebody-else')).toEqual([]);
  });

  it('records that a key read it, and not that somebody looked at it in the console', async () => {
    const { read, actor } = await open(await fresh());
    await read();
    actor.current = { kind: 'administrator', credentialId: 'apikey_1', permissions: ADA.permissions };
    await read('?limit=3');
    const { data } = await read('?limit=1');
    expect(data[0]).toMatchObject({
      type: 'compliance_api_accessed',
      url: '/v1/compliance/activities?limit=3',
      request_id: 'req_9',
      actor: { type: 'admin_api_key_actor', admin_api_key_id: 'apikey_1' },
    });
    expect((await read()).data).toHaveLength(2);
  });

  it.each([
    ['?limit=5001', /limit/],
    ['?order=sideways', /order/],
    ['?created_at.gte=yesterday', /created_at\.gte/],
    ['?after_id=activity_x', /cursor/],
    ['?colour=red', /colour/],
    [`?after_id=${'activity_'.padEnd(35, '0')}&before_id=${'activity_'.padEnd(35, '0')}`, /either/],
    ['?activity_types[]=a&exclude_activity_types[]=b', /either/],
  ])('refuses %s with what is wrong', async (query, message) => {
    const { read } = await open(await fresh());
    const { status, error } = await read(query);
    expect(status).toBe(400);
    expect(error?.message).toMatch(message);
  });
});

describe('the vocabulary', () => {
  it('has a title for every type and no others', () => {
    const titles: Readonly<Record<ActivityType, string>> = ACTIVITY_TITLES;
    const types: Readonly<Record<keyof typeof ACTIVITY_TITLES, ActivityType>> = Object.fromEntries(
      Object.keys(titles).map((type) => [type, type]),
    ) as never;
    expect(Object.keys(types)).toEqual(Object.keys(ACTIVITY_TITLES));
  });

  it.each([
    [bySystem('jobs').who, { type: 'system_actor', service: 'jobs' }, null],
    [{ kind: 'visitor', email: 'x@y.z' } as const, { type: 'unauthenticated_user_actor' }, null],
    [{ kind: 'service', groupId: 'g', credentialId: 'apikey_2' } as const, { api_key_id: 'apikey_2' }, 'apikey_2'],
    [
      { kind: 'directory', directoryId: 'dir_1', connectionType: 'OktaSCIMV2' } as const,
      { type: 'scim_directory_sync_actor', directory_id: 'dir_1', idp_connection_type: 'OktaSCIMV2' },
      'dir_1',
    ],
  ])('describes every kind of actor', (who, actor, id) => {
    expect(describeActor(by(who))).toMatchObject({ actor, id });
  });
});
