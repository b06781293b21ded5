import { expect, it } from 'vitest';
import { forEachDatabase } from '../../../../tests/support/databases.ts';
import type { ActivityTables } from '../../../activity/tables.ts';
import { memberStore } from '../../members/store.ts';
import { readPolicyVersion } from '../../policy-changes.ts';
import { BY_TEST } from '../../testing/open-directory.ts';
import { updateDirectory } from '../directories/manage-directory.ts';
import type { Tables } from '../tables.ts';
import { openScim } from '../testing/open-scim.ts';

const arrive = (name: string) => ['POST /Users', { userName: name, displayName: name }] as const;

forEachDatabase((_engine, open) => {
  const start = async () => {
    const opened = await openScim(await open());
    const { scim, database } = opened;
    return {
      ...opened,
      /** Sends requests at the same moment; answers their statuses in the order of the requests. */
      atOnce: async (requests: readonly (readonly [string, unknown?])[]) => {
        const answers = await Promise.all(requests.map(([line, body]) => scim(line, body)));
        return answers.map(({ status }) => status);
      },
      userNames: async () => {
        const { body } = await scim('GET /Users?count=500');
        return (body.Resources as { userName: string }[]).map(({ userName }) => userName).sort();
      },
      activities: () =>
        database
          .tables<ActivityTables>()
          .selectFrom('activities')
          .select(['type', 'request_id', 'subject_id'])
          .where('type', '=', 'scim_user_created')
          .execute(),
    };
  };

  it('takes in people who come at once with few versions of the policy, and records each under its own request', async () => {
    const { atOnce, userNames, activities, database } = await start();
    const before = await readPolicyVersion(database);
    const names = Array.from({ length: 60 }, (_, i) => `p${`${i}`.padStart(2, '0')}@x.example`);
    expect(new Set(await atOnce(names.map(arrive)))).toEqual(new Set([201]));
    expect((await readPolicyVersion(database)) - before).toBeLessThan(20);
    expect(await userNames()).toEqual(names);
    const recorded = await activities();
    expect(recorded).toHaveLength(60);
    expect(new Set(recorded.map(({ request_id }) => request_id)).size).toBe(60);
    const changed = await database.tables<Tables>().selectFrom('scim_changes').select(['user_id', 'kind']).execute();
    expect(changed.filter(({ kind }) => kind === 'user_added')).toHaveLength(60);
    const syncs = await database.tables<Tables>().selectFrom('scim_syncs').selectAll().execute();
    expect(syncs).toHaveLength(1);
  });

  it('answers each as if it had come alone: what fails takes nothing from those beside it', async () => {
    const { atOnce, scim, userNames, add, activities } = await start();
    await add('member');
    const known = await scim(...arrive('known'));
    const { body: group } = await scim('POST /Groups', { displayName: 'G' });
    const statuses = await atOnce([
      arrive('a'),
      arrive('known'),
      arrive('b'),
      arrive('member@example.com'),
      ['POST /Users', { displayName: 'nobody' }],
      arrive('c'),
      ['POST /Groups', { displayName: 'G' }],
      [`PATCH /Groups/${group.id}`, { Operations: [{ op: 'add', path: 'members', value: known.body.id }] }],
      [`PATCH /Groups/${group.id}`, { Operations: [{ op: 'add', path: 'members', value: 'user_gone' }] }],
      ['DELETE /Users/user_gone'],
      arrive('d'),
    ]);
    expect(statuses).toEqual([201, 409, 201, 409, 400, 201, 409, 200, 400, 404, 201]);
    expect(await userNames()).toEqual(['a', 'b', 'c', 'd', 'known']);
    expect(await activities()).toHaveLength(5);
    const { body } = await scim(`GET /Groups/${group.id}`);
    expect(body.members).toMatchObject([{ value: known.body.id }]);
  });

  it('gives one name and one address to one person, whoever asks for them in the same moment', async () => {
    const { atOnce, userNames } = await start();
    const emails = [{ value: 'one@x.example', primary: true }];
    const statuses = await atOnce([
      ...Array.from({ length: 10 }, (_, i) => arrive(i % 2 === 0 ? 'Twice' : 'twice')),
      ...Array.from({ length: 10 }, (_, i) => ['POST /Users', { userName: `u${i}`, emails }] as const),
    ]);
    expect(statuses.filter((status) => status === 201)).toHaveLength(2);
    expect(statuses.filter((status) => status === 409)).toHaveLength(18);
    expect(await userNames()).toHaveLength(2);
  });

  it('lets no more people go than the share of a directory, however many are deleted in the same moment', async () => {
    const { atOnce, scim, deps, directory, database } = await start();
    const ids: string[] = [];
    for (let i = 0; i < 20; i++) ids.push(String((await scim(...arrive(`p${i}@x.example`))).body.id));
    await updateDirectory(deps)(directory.id, { removal_share_percent: 10 }, BY_TEST);
    const statuses = await atOnce(ids.map((id) => [`DELETE /Users/${id}`] as const));
    expect(new Set(statuses)).toEqual(new Set([204]));
    const members = await Promise.all(ids.map((id) => memberStore(database).findAny(id)));
    expect(members.filter((member) => member?.status === 'removed')).toHaveLength(2);
    expect(members.filter((member) => member?.status === 'active')).toHaveLength(18);
  });

  it('answers a change once it is in force here, and not when it cannot be', async () => {
    let isInForce = false;
    const { scim } = await openScim(await open(), [], async () => {
      await new Promise((resolve) => setTimeout(resolve, 20));
      isInForce = true;
    });
    expect(await scim(...arrive('a'))).toMatchObject({ status: 201 });
    expect(isInForce).toBe(true);
    const failing = await openScim(await open(), [], () => Promise.reject(new Error('no database')));
    expect(await failing.scim(...arrive('b'))).toMatchObject({ status: 500 });
  });
});
