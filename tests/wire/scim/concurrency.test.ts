import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { directory, ENGINES, type Remit, startRemit } from '../../support/remit.ts';
import { newDirectory, type ScimClient } from '../../support/scim.ts';

/** Many requests at once lose nothing: what each of them asked for is there afterwards. */

describe.each(ENGINES)('on $name', (engine) => {
  let remit: Remit;
  let scim: ScimClient;
  beforeAll(async () => {
    await engine.start();
    remit = await startRemit({ databaseUrl: await engine.databaseUrl() });
    scim = await newDirectory(remit);
  });
  afterAll(async () => {
    await remit.stop();
    await engine.stop();
  });

  const people = (prefix: string, count: number): Promise<readonly string[]> =>
    Promise.all(Array.from({ length: count }, async (_, i) => (await scim.addUser(`${prefix}-${i}`)).id));

  const membersOf = async (id: string): Promise<readonly string[]> =>
    (await scim.send(`GET /Groups/${id}`)).body.members.map(({ value }: { value: string }) => value).sort();

  test('two hundred members added and two hundred removed at the same moment: none is lost, none is left', async () => {
    const [come, go] = [await people('come', 200), await people('go', 200)];
    const { id } = await scim.addGroup('Crowd', go);
    const change = (operation: object) => scim.send(`PATCH /Groups/${id}`, { Operations: [operation] });
    const answers = await Promise.all([
      ...come.map((value) => change({ op: 'add', path: 'members', value: [{ value }] })),
      ...go.map((value) => change({ op: 'remove', path: `members[value eq "${value}"]` })),
    ]);
    expect(new Set(answers.map(({ status }) => status))).toEqual(new Set([200]));
    expect(await membersOf(id)).toEqual([...come].sort());
    expect((await scim.send(`GET /Groups/${id}`)).body.meta.version).toBe('W/"401"');
  });

  test('one version is changed by one of many who name it', async () => {
    const { id } = await scim.addUser('contended');
    const answers = await Promise.all(
      Array.from({ length: 20 }, (_, i) =>
        scim.send(
          `PATCH /Users/${id}`,
          { Operations: [{ op: 'add', path: 'title', value: `${i}` }] },
          { 'if-match': 'W/"1"' },
        ),
      ),
    );
    const statuses = answers.map(({ status }) => status).sort();
    expect(statuses).toEqual([200, ...Array.from({ length: 19 }, () => 412)]);
  });

  test('of new tokens that are made at the same moment one counts for good', async () => {
    const params = { directory_id: scim.id };
    const made = () => remit.callNow(directory.rotateDirectoryToken, { params, body: { overlap_hours: 1 } });
    await Promise.all([made(), made(), made(), made()]);
    const { data } = await remit.call(directory.listDirectoryTokens, { params });
    expect(data.filter(({ expires_at }) => expires_at === null)).toHaveLength(1);
  });

  test('one user name is taken once, by whoever is first', async () => {
    const answers = await Promise.all(
      Array.from({ length: 20 }, () => scim.send('POST /Users', { userName: 'first come' })),
    );
    expect(answers.map(({ status }) => status).sort()).toEqual([201, ...Array.from({ length: 19 }, () => 409)]);
    const groups = await Promise.all(
      Array.from({ length: 20 }, () => scim.send('POST /Groups', { displayName: 'First' })),
    );
    expect(groups.map(({ status }) => status).sort()).toEqual([201, ...Array.from({ length: 19 }, () => 409)]);
  });

  test('a person who is deleted while groups are changed is in none of them afterwards', async () => {
    const ids = await people('leaving', 20);
    const { id } = await scim.addGroup('Leaving');
    await Promise.all(
      ids.flatMap((value) => [
        scim.send(`PATCH /Groups/${id}`, { Operations: [{ op: 'add', path: 'members', value }] }),
        scim.send(`DELETE /Users/${value}`),
      ]),
    );
    expect(await membersOf(id)).toEqual([]);
  });
});
