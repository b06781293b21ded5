import { afterAll, beforeAll, expect, test } from 'vitest';
import { directory, type Remit, startRemit } from '../../../support/remit.ts';
import { newDirectory, type ScimClient } from '../../../support/scim.ts';

/** Okta, an app of its catalogue (OIN): PUT for the profile, PATCH for access and groups. */

let remit: Remit;
let scim: ScimClient;
beforeAll(async () => {
  remit = await startRemit();
  scim = await newDirectory(remit, { name: 'Okta' });
});
afterAll(() => remit.stop());

const USER = 'urn:ietf:params:scim:schemas:core:2.0:User';
const GROUP = 'urn:ietf:params:scim:schemas:core:2.0:Group';
const PATCH = 'urn:ietf:params:scim:api:messages:2.0:PatchOp';
const headers = {
  'user-agent': 'Okta SCIM Client 1.0.0',
  'accept-charset': 'utf-8',
  'content-type': 'application/scim+json; charset=utf-8',
};

const find = (filter: string, count = 100) =>
  scim.send(`GET /Users?filter=${encodeURIComponent(filter)}&startIndex=1&count=${count}`, undefined, headers);

const person = (userName: string) => ({
  schemas: [USER],
  userName,
  name: { givenName: 'Test', familyName: 'User' },
  emails: [{ primary: true, value: userName, type: 'work' }],
  displayName: 'Test User',
  locale: 'en-US',
  externalId: '00ujl29u0le5T6Aj10h7',
  groups: [],
  password: '1mz050nq',
  active: true,
});

test('looks for somebody, creates them with a placeholder for a password, and finds them', async () => {
  expect((await find('userName eq "test.user@okta.example"')).body).toMatchObject({ totalResults: 0, Resources: [] });
  const made = await scim.send('POST /Users', person('test.user@okta.example'), headers);
  expect(made.status).toBe(201);
  expect(made.body).toMatchObject({
    userName: 'test.user@okta.example',
    active: true,
    locale: 'en-US',
    externalId: '00ujl29u0le5T6Aj10h7',
  });
  expect(made.body).not.toHaveProperty('password');
  expect((await find('userName eq "TEST.USER@okta.example"')).body.Resources[0].id).toBe(made.body.id);
  expect((await scim.send('POST /Users', person('test.user@okta.example'), headers)).status).toBe(409);
});

test('imports page by page', async () => {
  for (let i = 0; i < 5; i++) await scim.addUser(`import-${i}@okta.example`);
  const read: string[] = [];
  for (let startIndex = 1; ; startIndex += 2) {
    const { body } = await scim.send(`GET /Users?startIndex=${startIndex}&count=2`, undefined, headers);
    read.push(...body.Resources.map(({ id }: { id: string }) => id));
    if (read.length >= body.totalResults) break;
  }
  expect(new Set(read).size).toBe(6);
});

test('updates a profile by PUT, takes access away and gives it back by PATCH', async () => {
  const { id } = (await scim.send('POST /Users', person('put@okta.example'), headers)).body;
  const profile = {
    ...person('put@okta.example'),
    id,
    name: { givenName: 'Another', familyName: 'Name' },
    displayName: 'Another Name',
  };
  expect((await scim.send(`PUT /Users/${id}`, profile, headers)).body).toMatchObject({
    name: { givenName: 'Another' },
    active: true,
  });
  const setActive = (active: boolean) =>
    scim.send(`PATCH /Users/${id}`, { schemas: [PATCH], Operations: [{ op: 'replace', value: { active } }] }, headers);
  expect(await setActive(false)).toMatchObject({ status: 200, body: { active: false, displayName: 'Another Name' } });
  expect((await remit.call(directory.getUser, { params: { user_id: id } })).status).toBe('suspended');
  // Deactivated people are found, or Okta would create them again.
  expect((await find('userName eq "put@okta.example"')).body).toMatchObject({
    totalResults: 1,
    Resources: [{ active: false }],
  });
  expect((await setActive(true)).body.active).toBe(true);
  expect((await remit.call(directory.getUser, { params: { user_id: id } })).status).toBe('active');
});

test('pushes a group: creates it, renames it with its id in the value, changes members in one call', async () => {
  const [a, b] = [await scim.addUser('a@okta.example'), await scim.addUser('b@okta.example')];
  const lookUp = encodeURIComponent('displayName eq "Test SCIMv2"');
  expect(
    (await scim.send(`GET /Groups?filter=${lookUp}&startIndex=1&count=100`, undefined, headers)).body.totalResults,
  ).toBe(0);
  const made = await scim.send('POST /Groups', { schemas: [GROUP], displayName: 'Test SCIMv2', members: [] }, headers);
  expect(made).toMatchObject({ status: 201, body: { members: [] } });
  const { id } = made.body;
  const patch = (...Operations: readonly object[]) =>
    scim.send(`PATCH /Groups/${id}`, { schemas: [PATCH], Operations }, headers);
  await patch({ op: 'add', path: 'members', value: [{ value: a.id, display: 'a@okta.example' }] });
  const renamed = await patch({ op: 'replace', value: { id, displayName: 'Renamed' } });
  expect(renamed.body).toMatchObject({ displayName: 'Renamed', members: [{ value: a.id }] });
  const moved = await patch(
    { op: 'remove', path: `members[value eq "${a.id}"]` },
    { op: 'add', path: 'members', value: [{ value: b.id, display: 'b@okta.example' }] },
  );
  expect(moved.body.members).toMatchObject([{ value: b.id }]);
  const pushed = await patch({ op: 'replace', path: 'members', value: [{ value: a.id }, { value: b.id }] });
  expect(pushed.body.members).toHaveLength(2);
  // “Push now” of a group without members.
  expect((await patch({ op: 'replace', path: 'members', value: [] })).body.members).toEqual([]);
  expect((await scim.send(`DELETE /Groups/${id}`, undefined, headers)).status).toBe(204);
});
