import { afterAll, beforeAll, expect, test } from 'vitest';
import { type Remit, startRemit } from '../../../support/remit.ts';
import { newDirectory, type ScimClient } from '../../../support/scim.ts';

/** Entra ID with `?aadOptscim062020` on its tenant URL: the parameter comes with every call, the PATCH is the RFC's. */

let remit: Remit;
let scim: ScimClient;
beforeAll(async () => {
  remit = await startRemit();
  scim = await newDirectory(remit, { name: 'Entra ID' });
});
afterAll(() => remit.stop());

const ENTERPRISE = 'urn:ietf:params:scim:schemas:extension:enterprise:2.0:User';
const flagged = (line: string) => `${line}${line.includes('?') ? '&' : '?'}aadOptscim062020`;
const send = (line: string, body?: unknown) => scim.send(flagged(line), body);
const patch = (path: string, ...Operations: readonly object[]) =>
  send(`PATCH ${path}`, { schemas: ['urn:ietf:params:scim:api:messages:2.0:PatchOp'], Operations });

test('one operation without a path sets attributes by dotted and URN names, beside those by path', async () => {
  const { id } = (
    await send('POST /Users', { userName: 'flag@entra.example', displayName: 'F', title: 'kept', active: true })
  ).body;
  const { body } = await patch(
    `/Users/${id}`,
    {
      op: 'replace',
      value: {
        displayName: 'Bjfe',
        'name.givenName': 'Kim',
        'name.familyName': 'Akers',
        [`${ENTERPRISE}:department`]: 'Sales',
        [`${ENTERPRISE}:manager.value`]: 'user_1',
        'emails[type eq "work"].value': 'kim@entra.example',
      },
    },
    { op: 'add', path: 'phoneNumbers[type eq "work"].value', value: '555' },
    { op: 'remove', path: 'nickName' },
  );
  expect(body).toMatchObject({
    displayName: 'Bjfe',
    title: 'kept',
    name: { givenName: 'Kim', familyName: 'Akers' },
    emails: [{ type: 'work', value: 'kim@entra.example' }],
    phoneNumbers: [{ type: 'work', value: '555' }],
    [ENTERPRISE]: { department: 'Sales', manager: { value: 'user_1' } },
  });
  expect((await patch(`/Users/${id}`, { op: 'replace', path: 'active', value: false })).body.active).toBe(false);
});

test('members are removed by a filter', async () => {
  const [a, b] = [await scim.addUser('fa@entra.example'), await scim.addUser('fb@entra.example')];
  const { id } = (await send('POST /Groups', { displayName: 'Flagged' })).body;
  await patch(`/Groups/${id}`, { op: 'add', path: 'members', value: [{ value: a.id }, { value: b.id }] });
  const { body } = await patch(`/Groups/${id}`, { op: 'remove', path: `members[value eq "${a.id}"]` });
  expect(body.members).toMatchObject([{ value: b.id }]);
  const listed = await send(
    `GET /Groups?excludedAttributes=members&filter=${encodeURIComponent('displayName eq "Flagged"')}`,
  );
  expect(listed.body.totalResults).toBe(1);
});

test('paths of Microsoft’s own collection are understood in small letters and with other capitals', async () => {
  const { id } = (
    await send('POST /users', {
      UserName: 'Lower',
      Active: true,
      Emails: [{ Value: 'l@x', Primary: true, Type: 'work' }],
    })
  ).body;
  expect((await send(`GET /users/${id}`)).body).toMatchObject({ userName: 'Lower', emails: [{ primary: true }] });
  const sorted = await send(
    `GET /users?sortBy=meta.Created&filter=${encodeURIComponent('Meta.Created gt "2020-01-01T00:00:00Z"')}`,
  );
  expect(sorted.body.totalResults).toBeGreaterThan(0);
});
