import { afterAll, beforeAll, expect, test } from 'vitest';
import { type Remit, startRemit } from '../../../support/remit.ts';
import { newDirectory, type ScimClient } from '../../../support/scim.ts';

/** OneLogin: administrators edit the template of its body; published ones still name schemas of SCIM 1. */

let remit: Remit;
let scim: ScimClient;
beforeAll(async () => {
  remit = await startRemit();
  scim = await newDirectory(remit, { name: 'OneLogin' });
});
afterAll(() => remit.stop());

const body = (userName: string, more: object = {}) => ({
  schemas: ['urn:scim:schemas:core:1.0'],
  userName,
  externalId: '12345',
  name: { familyName: 'Jensen', givenName: 'Barbara', formatted: 'Barbara Jensen' },
  emails: [{ value: userName, type: 'work', primary: true }],
  ...more,
});

test('a body with a foreign schema is a person all the same, and is answered under the schema it has', async () => {
  const made = await scim.send('POST /Users', body('barbara@onelogin.example'), { 'content-type': 'application/json' });
  expect(made).toMatchObject({
    status: 201,
    body: { schemas: ['urn:ietf:params:scim:schemas:core:2.0:User'], active: true },
  });
  const put = await scim.send(
    `PUT /Users/${made.body.id}`,
    body('barbara@onelogin.example', { title: 'T', active: false }),
  );
  expect(put).toMatchObject({ status: 200, body: { title: 'T', active: false } });
});

test('groups are looked up, and their members patched one by one', async () => {
  const { id } = (await scim.send('POST /Users', body('group@onelogin.example'))).body;
  const group = await scim.send('POST /Groups', { schemas: ['urn:scim:schemas:core:1.0'], displayName: 'OneLogin' });
  const patch = (operation: object) => scim.send(`PATCH /Groups/${group.body.id}`, { Operations: [operation] });
  expect((await patch({ op: 'add', path: 'members', value: [{ value: id }] })).body.members).toHaveLength(1);
  expect((await patch({ op: 'remove', path: `members[value eq "${id}"]` })).body.members).toEqual([]);
  expect((await scim.send(`DELETE /Users/${id}`)).status).toBe(204);
});
