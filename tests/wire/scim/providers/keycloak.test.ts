import { afterAll, beforeAll, expect, test } from 'vitest';
import { directory, type Remit, startRemit } from '../../../support/remit.ts';
import { newDirectory, type ScimClient } from '../../../support/scim.ts';

/** Keycloak with the SCIM plugin: PUT, or PATCH with booleans as texts; removal of a person is a DELETE. */

let remit: Remit;
let scim: ScimClient;
beforeAll(async () => {
  remit = await startRemit();
  scim = await newDirectory(remit, { name: 'Keycloak' });
});
afterAll(() => remit.stop());

const patch = (path: string, ...Operations: readonly object[]) =>
  scim.send(`PATCH ${path}`, { schemas: ['urn:ietf:params:scim:api:messages:2.0:PatchOp'], Operations });

test('in PATCH mode every attribute is replaced, active as a text', async () => {
  const { id } = await scim.addUser('kc@keycloak.example', { externalId: 'kc-1' });
  const answer = await patch(
    `/Users/${id}`,
    { op: 'replace', path: 'userName', value: 'kc@keycloak.example' },
    { op: 'replace', path: 'displayName', value: 'K C' },
    { op: 'replace', path: 'emails', value: [{ value: 'kc@keycloak.example', primary: true }] },
    { op: 'replace', path: 'active', value: 'false' },
  );
  expect(answer.body).toMatchObject({ displayName: 'K C', active: false, externalId: 'kc-1' });
  expect((await patch(`/Users/${id}`, { op: 'replace', path: 'active', value: 'true' })).body.active).toBe(true);
});

test('a group is emptied by removing members with a null, then filled by a replace', async () => {
  const people = [await scim.addUser('k1@keycloak.example'), await scim.addUser('k2@keycloak.example')];
  const { id } = await scim.addGroup(
    'Realm',
    people.map((one) => one.id),
  );
  expect((await patch(`/Groups/${id}`, { op: 'remove', path: 'members', value: null })).body.members).toEqual([]);
  const filled = await patch(`/Groups/${id}`, {
    op: 'replace',
    path: 'members',
    value: people.map((one) => ({ value: one.id })),
  });
  expect(filled.body.members).toHaveLength(2);
});

test('somebody who is removed is deleted, and no longer a member', async () => {
  const { id } = await scim.addUser('kd@keycloak.example');
  expect((await scim.send(`DELETE /Users/${id}`)).status).toBe(204);
  await expect(remit.call(directory.getUser, { params: { user_id: id } })).rejects.toMatchObject({ status: 404 });
});
