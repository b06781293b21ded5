import { afterAll, beforeAll, expect, test } from 'vitest';
import { directory, type Remit, startRemit } from '../../../support/remit.ts';
import { newDirectory, type ScimClient } from '../../../support/scim.ts';

/** Okta, an app of its wizard (AIW): reads, then PUTs everything; posts plain JSON. */

let remit: Remit;
let scim: ScimClient;
beforeAll(async () => {
  remit = await startRemit();
  scim = await newDirectory(remit, { name: 'Okta' });
});
afterAll(() => remit.stop());

const headers = {
  'content-type': 'application/json',
  accept: 'application/scim+json, application/json',
  'user-agent': 'Okta SCIM Client 1.0.0',
};

test('the connection is tested by a look at one person and one group', async () => {
  for (const type of ['Users', 'Groups']) {
    const { status, body } = await scim.send(`GET /${type}?startIndex=1&count=1`, undefined, headers);
    expect([status, body.schemas, body.totalResults]).toEqual([
      200,
      ['urn:ietf:params:scim:api:messages:2.0:ListResponse'],
      0,
    ]);
  }
});

test('somebody is read and put back whole, also to take their access away', async () => {
  const made = await scim.send(
    'POST /Users',
    {
      userName: 'wizard@okta.example',
      name: { givenName: 'W' },
      emails: [{ value: 'wizard@okta.example', primary: true }],
      active: true,
    },
    headers,
  );
  const { id } = made.body;
  const whole = (await scim.send(`GET /Users/${id}`, undefined, headers)).body;
  const put = await scim.send(`PUT /Users/${id}`, { ...whole, name: { ...whole.name, familyName: 'Z' } }, headers);
  expect(put).toMatchObject({ status: 200, body: { name: { givenName: 'W', familyName: 'Z' } } });
  const gone = await scim.send(`PUT /Users/${id}`, { ...put.body, active: false }, headers);
  expect(gone.body.active).toBe(false);
  expect((await remit.call(directory.getUser, { params: { user_id: id } })).status).toBe('suspended');
  // A PUT that says nothing about it changes nothing about it.
  const { active: _, ...silent } = gone.body;
  expect((await scim.send(`PUT /Users/${id}`, silent, headers)).body.active).toBe(false);
  expect((await scim.send(`PUT /Users/${id}`, { ...gone.body, active: true }, headers)).body.active).toBe(true);
});

test('a group is put whole, with all its members', async () => {
  const people = [await scim.addUser('one@okta.example'), await scim.addUser('two@okta.example')];
  const made = await scim.send(
    'POST /Groups',
    { displayName: 'Wizards', members: people.map(({ id }) => ({ value: id })) },
    headers,
  );
  const { id } = made.body;
  const put = (members: readonly object[]) =>
    scim.send(
      `PUT /Groups/${id}`,
      { schemas: made.body.schemas, id, displayName: 'Wizards', members, meta: { resourceType: 'Group' } },
      headers,
    );
  expect((await put([{ value: people[1]?.id, display: 'two' }])).body.members).toMatchObject([
    { value: people[1]?.id },
  ]);
  expect((await put([])).body.members).toEqual([]);
});

test('errors are in the form Okta reads, and so is nobody', async () => {
  const nobody = await scim.send('GET /Users/010101001010101011001010101011', undefined, headers);
  expect(nobody).toMatchObject({
    status: 404,
    body: { schemas: ['urn:ietf:params:scim:api:messages:2.0:Error'], status: '404', detail: expect.any(String) },
  });
  const filter = encodeURIComponent('userName eq "abcdefgh@nowhere.example"');
  expect((await scim.send(`GET /Users?filter=${filter}`, undefined, headers)).body).toMatchObject({
    totalResults: 0,
    Resources: [],
  });
});
