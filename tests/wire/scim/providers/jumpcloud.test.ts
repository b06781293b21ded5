import { afterAll, beforeAll, expect, test } from 'vitest';
import { directory, type Remit, startRemit } from '../../../support/remit.ts';
import { newDirectory, type ScimClient } from '../../../support/scim.ts';

/** JumpCloud: tries the connection with a person and a group of its own, which it deletes again. */

let remit: Remit;
let scim: ScimClient;
beforeAll(async () => {
  remit = await startRemit();
  // With the guard as it comes: the trial must not be taken for a mass removal.
  scim = await newDirectory(remit, { name: 'JumpCloud', share: 20 });
});
afterAll(() => remit.stop());

test('the connection is tried with a person and a group, and nothing of them stays', async () => {
  const user = await scim.send('POST /Users', {
    schemas: ['urn:ietf:params:scim:schemas:core:2.0:User'],
    userName: 'jumpcloud.test.user',
    name: { familyName: 'Test', givenName: 'JumpCloud' },
    emails: [{ value: 'test@jumpcloud.example', type: 'work', primary: true }],
    active: true,
  });
  const group = await scim.send('POST /Groups', { displayName: 'jumpcloud test group', members: [] });
  await scim.send(`PATCH /Groups/${group.body.id}`, {
    schemas: ['urn:ietf:params:scim:api:messages:2.0:PatchOp'],
    Operations: [{ op: 'add', path: 'members', value: [{ value: user.body.id }] }],
  });
  const removed = await scim.send(`PATCH /Groups/${group.body.id}`, {
    Operations: [{ op: 'remove', path: 'members', value: [{ value: user.body.id }] }],
  });
  expect(removed.body.members).toEqual([]);
  expect((await scim.send(`DELETE /Groups/${group.body.id}`)).status).toBe(204);
  expect((await scim.send(`DELETE /Users/${user.body.id}`)).status).toBe(204);
  for (const type of ['Users', 'Groups']) expect((await scim.send(`GET /${type}`)).body.totalResults).toBe(0);
  const held = await remit.call(directory.listHeldRemovals, { params: { directory_id: scim.id } });
  expect(held.data).toEqual([]);
});

test('people are put whole, and suspended by active', async () => {
  const { id } = await scim.addUser('jc@jumpcloud.example', { active: true });
  const put = await scim.send(`PUT /Users/${id}`, { userName: 'jc@jumpcloud.example', active: false });
  expect(put.body.active).toBe(false);
});
