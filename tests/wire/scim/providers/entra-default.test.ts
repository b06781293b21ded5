import { afterAll, beforeAll, expect, test } from 'vitest';
import { directory, type Remit, startRemit } from '../../../support/remit.ts';
import { newDirectory, type ScimClient } from '../../../support/scim.ts';

/** Entra ID, its default job: capitalised operations, booleans as texts, values where a path is meant. */

let remit: Remit;
let scim: ScimClient;
beforeAll(async () => {
  remit = await startRemit();
  scim = await newDirectory(remit, { name: 'Entra ID' });
});
afterAll(() => remit.stop());

const USER = 'urn:ietf:params:scim:schemas:core:2.0:User';
const ENTERPRISE = 'urn:ietf:params:scim:schemas:extension:enterprise:2.0:User';
const PATCH = 'urn:ietf:params:scim:api:messages:2.0:PatchOp';

const patch = (path: string, ...Operations: readonly object[]) =>
  scim.send(`PATCH ${path}`, { schemas: [PATCH], Operations });
const find = (type: string, filter: string, more = '') =>
  scim.send(`GET /${type}?${more}filter=${encodeURIComponent(filter)}`);

const person = (userName: string) => ({
  schemas: [USER, ENTERPRISE],
  externalId: userName.split('@')[0],
  userName,
  active: true,
  addresses: null,
  displayName: 'BillG',
  emails: [{ type: 'work', value: userName, primary: true }],
  meta: { resourceType: 'User' },
  name: { formatted: 'Bill Gates', familyName: 'Gates', givenName: 'Bill' },
  roles: [],
  title: 'Manager',
});

test('“Test connection” looks for a random name and wants an empty list', async () => {
  const answer = await find('Users', 'userName eq "5d48a0a8e9f04aa38008"');
  expect(answer).toMatchObject({ status: 200, body: { totalResults: 0 } });
  expect((await find('Groups', 'displayName eq "x"', 'excludedAttributes=members&')).body.totalResults).toBe(0);
});

test('somebody is created and matched by userName, externalId or work address', async () => {
  const { id } = (await scim.send('POST /Users', person('bill@entra.example'))).body;
  for (const filter of [
    'userName eq "Bill@entra.example"',
    'externalId eq "bill"',
    'emails[type eq "work"].value eq "bill@entra.example"',
    `externalId eq "bill" and userName eq "bill@entra.example"`,
  ])
    expect((await find('Users', filter)).body.Resources.map((one: { id: string }) => one.id)).toEqual([id]);
});

test('an update names each attribute by a path, whether it is there or not', async () => {
  const { id } = (await scim.send('POST /Users', person('update@entra.example'))).body;
  const answer = await patch(
    `/Users/${id}`,
    { op: 'Replace', path: 'displayName', value: 'pvlo' },
    { op: 'Replace', path: 'emails[type eq "work"].value', value: 'updated@entra.example' },
    { op: 'Add', path: 'phoneNumbers[type eq "mobile"].value', value: '+1 555' },
    { op: 'Add', path: 'addresses[type eq "work"].streetAddress', value: '1 Main St' },
    { op: 'Add', path: 'addresses[type eq "work"].country', value: 'GB' },
    { op: 'Add', path: 'roles[primary eq "True"].value', value: 'Reader' },
    { op: 'Add', path: `${ENTERPRISE}:employeeNumber`, value: '42' },
    { op: 'Replace', path: 'name.familyName', value: 'updatedFamilyName' },
  );
  expect(answer.body).toMatchObject({
    displayName: 'pvlo',
    emails: [{ type: 'work', value: 'updated@entra.example', primary: true }],
    phoneNumbers: [{ type: 'mobile', value: '+1 555' }],
    addresses: [{ type: 'work', streetAddress: '1 Main St', country: 'GB' }],
    roles: [{ primary: true, value: 'Reader' }],
    [ENTERPRISE]: { employeeNumber: '42' },
    name: { familyName: 'updatedFamilyName', givenName: 'Bill' },
  });
  expect((await remit.call(directory.getUser, { params: { user_id: id } })).email).toBe('updated@entra.example');
});

test('the manager is a bare id, comes back in its object, and goes by an empty text', async () => {
  const [boss, { id }] = [await scim.addUser('boss@entra.example'), await scim.addUser('worker@entra.example')];
  const set = await patch(`/Users/${id}`, { op: 'Add', path: `${ENTERPRISE}:manager`, value: boss.id });
  expect(set.body[ENTERPRISE]).toEqual({ manager: { value: boss.id } });
  const again = await patch(`/Users/${id}`, { op: 'Replace', path: `${ENTERPRISE}:manager`, value: boss.id });
  expect(again.headers.etag).toBe(set.headers.etag);
  const cleared = await patch(`/Users/${id}`, { op: 'Replace', path: `${ENTERPRISE}:manager`, value: '' });
  expect(cleared.body).not.toHaveProperty(ENTERPRISE);
  const posted = await scim.send('POST /Users', {
    userName: 'posted@entra.example',
    [ENTERPRISE]: { manager: boss.id },
  });
  expect(posted.body[ENTERPRISE].manager).toEqual({ value: boss.id });
});

test('access is taken away by "False" and the person is still found; later they are deleted', async () => {
  const { id } = (await scim.send('POST /Users', { ...person('leaver@entra.example'), active: 'True' })).body;
  expect((await patch(`/Users/${id}`, { op: 'Replace', path: 'active', value: 'False' })).body.active).toBe(false);
  expect((await remit.call(directory.getUser, { params: { user_id: id } })).status).toBe('suspended');
  expect((await find('Users', 'userName eq "leaver@entra.example"')).body.Resources).toMatchObject([
    { id, active: false },
  ]);
  expect((await scim.send(`DELETE /Users/${id}`)).status).toBe(204);
  expect((await find('Users', 'userName eq "leaver@entra.example"')).body.totalResults).toBe(0);
});

test('a group is created with a schema of Microsoft’s; members come and go as values, one never empties the group', async () => {
  const people = [
    await scim.addUser('m1@entra.example'),
    await scim.addUser('m2@entra.example'),
    await scim.addUser('m3@entra.example'),
  ];
  const [one, two, three] = people.map(({ id }) => id as string);
  const made = await scim.send('POST /Groups', {
    schemas: [
      'urn:ietf:params:scim:schemas:core:2.0:Group',
      'http://schemas.microsoft.com/2006/11/ResourceManagement/ADSCIM/2.0/Group',
    ],
    externalId: '8aa1a0c0-c4c3-4bc0-b4a5-2ef676900159',
    displayName: 'Entra group',
    meta: { resourceType: 'Group' },
  });
  expect(made.status).toBe(201);
  const path = `/Groups/${made.body.id}`;
  const values = (...ids: readonly (string | undefined)[]) => ids.map((value) => ({ $ref: null, value }));
  await patch(path, { op: 'Add', path: 'members', value: values(one, two, three) });
  const removed = await patch(path, { op: 'Remove', path: 'members', value: values(two) });
  expect(removed.body.members.map(({ value }: { value: string }) => value).sort()).toEqual([one, three].sort());
  expect((await patch(path, { op: 'Remove', path: 'members', value: values(one, three) })).body.members).toEqual([]);
  await patch(path, { op: 'Add', path: 'members', value: values(one) });
  const isMember = (id?: string) =>
    find('Groups', `id eq "${made.body.id}" and members eq "${id}"`, 'excludedAttributes=members&');
  expect([(await isMember(one)).body.totalResults, (await isMember(two)).body.totalResults]).toEqual([1, 0]);
  expect(
    (await find('Groups', 'displayName eq "entra GROUP"', 'excludedAttributes=members&')).body.Resources[0],
  ).not.toHaveProperty('members');
  const renamed = await patch(path, { op: 'Replace', path: 'displayName', value: 'Entra group renamed' });
  expect(renamed.body).toMatchObject({ displayName: 'Entra group renamed', members: [{ value: one }] });
});
