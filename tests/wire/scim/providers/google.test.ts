import { afterAll, beforeAll, expect, test } from 'vitest';
import { type Remit, startRemit } from '../../../support/remit.ts';
import { newDirectory, type ScimClient } from '../../../support/scim.ts';

/**
 * Google Workspace: pushes people of a catalogue app every few hours, no groups. It publishes nothing of its wire; what
 * other services report of it is that it names itself Google-Auto-Provisioning and calls everything `application/json`, GETs too
 * (pond/scimitar#142). Suspended people are pushed as inactive, deleted ones are deleted after a time the administrator chooses.
 */

const GOOGLE = { 'content-type': 'application/json', accept: '*/*', 'user-agent': 'Google-Auto-Provisioning' };

const PERSON = {
  schemas: ['urn:ietf:params:scim:schemas:core:2.0:User', 'urn:ietf:params:scim:schemas:extension:enterprise:2.0:User'],
  userName: 'ada@google.example',
  name: { givenName: 'Ada', familyName: 'Lovelace', formatted: 'Ada Lovelace' },
  emails: [{ value: 'ada@google.example', type: 'work', primary: true }],
  active: true,
  'urn:ietf:params:scim:schemas:extension:enterprise:2.0:User': { department: 'Engines', employeeNumber: '1815' },
};

let remit: Remit;
let scim: ScimClient;
beforeAll(async () => {
  remit = await startRemit();
  scim = await newDirectory(remit, { name: 'Google' });
});
afterAll(() => remit.stop());

const send = (line: string, body?: object) => scim.send(line, body, GOOGLE);

const find = async () => (await send('GET /Users?filter=userName%20eq%20%22ada%40google.example%22')).body;

test('somebody is looked for, created and found, all of it in plain JSON', async () => {
  expect(await find()).toMatchObject({ totalResults: 0 });
  const created = await send('POST /Users', PERSON);
  expect(created).toMatchObject({ status: 201, body: { ...PERSON, id: expect.any(String) } });
  expect(created.headers['content-type']).toBe('application/scim+json');
  expect(await find()).toMatchObject({ totalResults: 1, Resources: [{ id: created.body.id, active: true }] });
});

test('a profile that has changed is put, or patched, and stays the same person', async () => {
  const { id } = (await find()).Resources[0];
  const put = await send(`PUT /Users/${id}`, { ...PERSON, id, name: { ...PERSON.name, familyName: 'King' } });
  expect(put).toMatchObject({ status: 200, body: { id, name: { familyName: 'King' } } });
  const patched = await send(`PATCH /Users/${id}`, {
    schemas: ['urn:ietf:params:scim:api:messages:2.0:PatchOp'],
    Operations: [{ op: 'replace', path: 'name.familyName', value: 'Lovelace' }],
  });
  expect(patched).toMatchObject({ status: 200, body: { id, name: { familyName: 'Lovelace', givenName: 'Ada' } } });
});

test('who is suspended there is inactive here and still found, comes back, and goes when they are deleted', async () => {
  const { id } = (await find()).Resources[0];
  expect((await send(`PUT /Users/${id}`, { ...PERSON, id, active: false })).body.active).toBe(false);
  expect((await find()).Resources[0]).toMatchObject({ id, active: false });
  expect((await send(`PUT /Users/${id}`, { ...PERSON, id, active: true })).body.active).toBe(true);
  expect((await send(`DELETE /Users/${id}`)).status).toBe(204);
  expect(await find()).toMatchObject({ totalResults: 0 });
});
