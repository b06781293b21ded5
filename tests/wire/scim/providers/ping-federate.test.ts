import { afterAll, beforeAll, expect, test } from 'vitest';
import { type Remit, startRemit } from '../../../support/remit.ts';
import { newDirectory, type ScimClient } from '../../../support/scim.ts';

/** PingFederate: people by PUT only; groups are matched by reading all of them. */

let remit: Remit;
let scim: ScimClient;
beforeAll(async () => {
  remit = await startRemit();
  scim = await newDirectory(remit, { name: 'PingFederate' });
});
afterAll(() => remit.stop());

test('people are matched, created, put, and disabled by a PUT', async () => {
  const filter = encodeURIComponent('userName eq "ping@ping.example"');
  expect((await scim.send(`GET /Users?filter=${filter}`)).body.totalResults).toBe(0);
  const { id } = await scim.addUser('ping@ping.example', { name: { givenName: 'P', familyName: 'F' } });
  const put = (active: boolean) =>
    scim.send(`PUT /Users/${id}`, {
      schemas: ['urn:ietf:params:scim:schemas:core:2.0:User'],
      id,
      userName: 'ping@ping.example',
      name: { givenName: 'P', familyName: 'Q' },
      active,
    });
  expect((await put(false)).body).toMatchObject({ active: false, name: { familyName: 'Q' } });
  expect((await put(true)).body.active).toBe(true);
});

test('all groups come, page after page, however many there are', async () => {
  const names = Array.from({ length: 130 }, (_, i) => `Ping ${i}`);
  for (const name of names) await scim.addGroup(name);
  const first = (await scim.send('GET /Groups')).body;
  expect(first).toMatchObject({ totalResults: 130, itemsPerPage: 100 });
  const rest = (await scim.send('GET /Groups?startIndex=101')).body;
  const read = [...first.Resources, ...rest.Resources].map(({ displayName }: { displayName: string }) => displayName);
  expect(read.sort()).toEqual([...names].sort());
});

test('a group is put with its members', async () => {
  const { id: userId } = await scim.addUser('member@ping.example');
  const { id } = await scim.addGroup('Put');
  const put = await scim.send(`PUT /Groups/${id}`, { displayName: 'Put', members: [{ value: userId }] });
  expect(put.body.members).toMatchObject([{ value: userId }]);
});
