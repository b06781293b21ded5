import { afterAll, beforeAll, expect, test } from 'vitest';
import { type Remit, startRemit } from '../../../support/remit.ts';
import { newDirectory, type ScimClient } from '../../../support/scim.ts';

/** authentik: reads what the service can do, puts people, patches groups whole and members one operation each. */

let remit: Remit;
let scim: ScimClient;
beforeAll(async () => {
  remit = await startRemit();
  scim = await newDirectory(remit, { name: 'authentik' });
});
afterAll(() => remit.stop());

const patch = (id: string, Operations: readonly object[]) =>
  scim.send(`PATCH /Groups/${id}`, { schemas: ['urn:ietf:params:scim:api:messages:2.0:PatchOp'], Operations });

test('what it reads first says that PATCH is understood and how large one may be', async () => {
  const { body } = await scim.send('GET /ServiceProviderConfig');
  expect(body).toMatchObject({ patch: { supported: true }, filter: { supported: true } });
  expect(body.bulk.maxOperations).toBeGreaterThanOrEqual(100);
});

test('a group is replaced by its whole self without a path, and keeps its members', async () => {
  const { id: userId } = await scim.addUser('ak@authentik.example');
  const group = await scim.addGroup('authentik', [userId]);
  const whole = { schemas: group.schemas, id: group.id, externalId: 'pk-1', displayName: 'authentik renamed' };
  const { body } = await patch(group.id, [{ op: 'replace', path: null, value: whole }]);
  expect(body).toMatchObject({ displayName: 'authentik renamed', externalId: 'pk-1', members: [{ value: userId }] });
});

test('members come and go in one operation each, a hundred in one PATCH', async () => {
  const ids: string[] = [];
  for (let i = 0; i < 100; i++) ids.push((await scim.addUser(`ak-${i}@authentik.example`)).id);
  const group = await scim.addGroup('many');
  const each = (op: string) => ids.map((value) => ({ op, path: 'members', value: [{ value }] }));
  expect((await patch(group.id, each('add'))).body.members).toHaveLength(100);
  expect((await patch(group.id, each('remove'))).body.members).toEqual([]);
});

test('people are found by externalId and read by startIndex alone until all are there', async () => {
  const { id } = await scim.addUser('ext@authentik.example', { externalId: 'Case-Matters' });
  const find = async (value: string) =>
    (await scim.send(`GET /Users?filter=${encodeURIComponent(`externalId eq "${value}"`)}`)).body;
  expect((await find('Case-Matters')).Resources[0].id).toBe(id);
  expect((await find('case-matters')).totalResults).toBe(0);
  const seen = new Set<string>();
  for (let startIndex = 1; ; ) {
    const { body } = await scim.send(`GET /Users?startIndex=${startIndex}`);
    for (const one of body.Resources) seen.add(one.id);
    startIndex += body.itemsPerPage;
    if (startIndex > body.totalResults) break;
  }
  expect(seen.size).toBe(102);
});
