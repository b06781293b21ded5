import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type Remit, startRemit } from '../../support/remit.ts';
import { newDirectory, type ScimClient, scimClientAt } from '../../support/scim.ts';

/** Each malformed request gets the error that the RFC names, in its form, and changes nothing. */

const ERROR = 'urn:ietf:params:scim:api:messages:2.0:Error';

let remit: Remit;
let scim: ScimClient;
let userId: string;
let groupId: string;
beforeAll(async () => {
  remit = await startRemit();
  scim = await newDirectory(remit);
  userId = (await scim.addUser('ada', { title: 'T' })).id;
  groupId = (await scim.addGroup('G', [userId])).id;
});
afterAll(() => remit.stop());

const refused = (status: number, scimType?: string) => ({
  status,
  body: {
    schemas: [ERROR],
    status: String(status),
    ...(scimType === undefined ? {} : { scimType }),
    detail: expect.any(String),
  },
});

const at = (line: string) => line.replace(':user', userId).replace(':group', groupId);
const ops = (...operations: readonly unknown[]) => ({ Operations: operations });

type Case = readonly [line: string, body: unknown, status: number, scimType?: string];

const CASES: readonly Case[] = [
  ['POST /Users', 'not json', 400, 'invalidSyntax'],
  ['POST /Users', '', 400, 'invalidSyntax'],
  ['POST /Users', [], 400, 'invalidSyntax'],
  ['POST /Users', '{"userName":"x","__proto__":{"admin":true}}', 400, 'invalidSyntax'],
  ['POST /Users', {}, 400, 'invalidValue'],
  ['POST /Users', { userName: ' ' }, 400, 'invalidValue'],
  ['POST /Users', { userName: 'x', active: 'maybe' }, 400, 'invalidValue'],
  ['POST /Users', { userName: 'x\0' }, 400, 'invalidValue'],
  [
    'POST /Users',
    { userName: 'x', emails: Array.from({ length: 101 }, (_, i) => ({ value: `${i}@x` })) },
    400,
    'invalidValue',
  ],
  ['POST /Users', { userName: 'ADA' }, 409, 'uniqueness'],
  ['POST /Groups', { displayName: '' }, 400, 'invalidValue'],
  ['POST /Groups', { displayName: 'x'.repeat(300) }, 400, 'invalidValue'],
  ['POST /Groups', { displayName: 'g' }, 409, 'uniqueness'],
  ['POST /Groups', { displayName: 'N', members: [{ value: 'nobody' }] }, 400, 'invalidValue'],
  ['POST /Groups', { displayName: 'N', members: [{ display: 'x' }] }, 400, 'invalidValue'],
  ['GET /__proto__', undefined, 404],
  ['GET /constructor/x', undefined, 404],
  ['GET /Users/%00', undefined, 404],
  ['PUT /Users/:user', { title: 'x' }, 400, 'invalidValue'],
  ['PUT /Users/nobody', { userName: 'x' }, 404],
  ['PATCH /Users/:user', {}, 400, 'invalidSyntax'],
  ['PATCH /Users/:user', ops(), 400, 'invalidSyntax'],
  ['PATCH /Users/:user', ops({ op: 'copy', path: 'title' }), 400, 'invalidSyntax'],
  ['PATCH /Users/:user', ops({ op: 'replace', path: 'shoeSize', value: 1 }), 400, 'invalidPath'],
  ['PATCH /Users/:user', ops({ op: 'replace', path: 'emails[type eq "x"', value: 1 }), 400, 'invalidFilter'],
  ['PATCH /Users/:user', ops({ op: 'replace', path: 'emails[type co "x"].value', value: 'a' }), 400, 'noTarget'],
  ['PATCH /Users/:user', ops({ op: 'remove' }), 400, 'noTarget'],
  ['PATCH /Users/:user', ops({ op: 'replace', path: 'id', value: 'x' }), 400, 'mutability'],
  ['PATCH /Users/:user', ops({ op: 'remove', path: 'userName' }), 400, 'mutability'],
  ['PATCH /Users/:user', ops({ op: 'replace', path: 'title', value: 'changed' }, { op: 'remove' }), 400, 'noTarget'],
  ['PATCH /Users/:user', ops(...Array.from({ length: 1001 }, () => ({ op: 'remove', path: 'title' }))), 413],
  ['PATCH /Groups/:group', ops({ op: 'add', path: 'members', value: [{ value: 'nobody' }] }), 400, 'invalidValue'],
  [
    'PATCH /Groups/:group',
    ops({ op: 'remove', path: 'members' }, { op: 'add', path: 'members', value: 'nobody' }),
    400,
    'invalidValue',
  ],
  ['PATCH /Groups/:group', ops({ op: 'remove', path: 'members[value zz "x"]' }), 400, 'invalidFilter'],
  ['PATCH /Groups/:group', ops({ op: 'remove', path: 'displayName' }), 400, 'mutability'],
  ['GET /Users?filter=userName', undefined, 400, 'invalidFilter'],
  ['GET /Users?filter=shoeSize%20eq%201', undefined, 400, 'invalidFilter'],
  ['GET /Users?filter=active%20gt%20true', undefined, 400, 'invalidFilter'],
  [`GET /Users?filter=${'('.repeat(5000)}`, undefined, 400, 'invalidFilter'],
  ['GET /Users?sortBy=shoeSize', undefined, 400, 'invalidPath'],
  ['GET /Users?count=many', undefined, 400, 'invalidValue'],
  ['GET /Users?cursor=abc', undefined, 400, 'invalidCursor'],
  ['GET /Users/nobody', undefined, 404],
  ['GET /Users/%00', undefined, 404],
  ['GET /Users/%zz', undefined, 404],
  ['GET /Users/a/b', undefined, 404],
  ['GET /Nowhere', undefined, 404],
  ['GET /Me', undefined, 501],
  ['POST /Users/.search', [], 400, 'invalidSyntax'],
  ['GET /Users/.search', undefined, 405],
  ['GET /.search', undefined, 405],
  ['GET /Bulk', undefined, 405],
  ['DELETE /Users', undefined, 405],
  ['PUT /Groups', { displayName: 'x' }, 405],
  ['POST /Users/:user', { userName: 'x' }, 405],
  ['POST /Schemas', {}, 405],
  ['PUT /ServiceProviderConfig', {}, 405],
  ['DELETE /ResourceTypes/User', undefined, 405],
  ['GET /Schemas?filter=id%20pr', undefined, 403],
  ['GET /ResourceTypes/Nothing', undefined, 404],
  ['POST /Bulk', { Operations: [] }, 400, 'invalidSyntax'],
  ['POST /Bulk', { Operations: [{ method: 'GET', path: '/Users' }] }, 400, 'invalidSyntax'],
  ['POST /Bulk', { Operations: [{ method: 'POST', path: '/Users', data: {} }] }, 400, 'invalidValue'],
  ['POST /Bulk', { Operations: Array.from({ length: 101 }, () => ({ method: 'DELETE', path: '/Users/x' })) }, 413],
];

describe('a request', () => {
  test.each(CASES.map(([line, body, status, scimType]) => ({ line, body, status, scimType })))(
    '$line $body is refused',
    async ({ line, body, status, scimType }) => {
      const answer = await scim.send(at(line), body);
      expect(answer).toMatchObject(refused(status, scimType));
      expect(answer.headers['content-type']).toBe('application/scim+json');
      if (status === 405) expect(answer.headers.allow).toBeTruthy();
    },
  );

  test('that was refused has changed nothing', async () => {
    expect((await scim.send(at('GET /Users/:user'))).body).toMatchObject({ title: 'T', meta: { version: 'W/"1"' } });
    const group = (await scim.send(at('GET /Groups/:group'))).body;
    expect(group).toMatchObject({ members: [{ value: userId }], meta: { version: 'W/"1"' } });
    expect((await scim.send('GET /Users')).body.totalResults).toBe(1);
    expect((await scim.send('GET /Groups')).body.totalResults).toBe(1);
  });

  test('of another media type is 415, of either JSON type is read', async () => {
    const send = (type: string) => scim.send('POST /Users', { userName: `by ${type}` }, { 'content-type': type });
    expect(await send('text/plain')).toMatchObject(refused(415));
    expect(await send('application/x-www-form-urlencoded')).toMatchObject(refused(415));
    for (const type of ['application/json; charset=utf-8', 'Application/SCIM+JSON;charset=UTF-8'])
      expect((await send(type)).status).toBe(201);
  });

  test('without a directory’s token is 401 and says which kind it takes', async () => {
    for (const token of ['wrong', 'admin-key-of-the-tests', '']) {
      const answer = await scimClientAt(remit.url, { id: '', token }).send('GET /Users');
      expect(answer).toMatchObject(refused(401));
      expect(answer.headers['www-authenticate']).toMatch(/^Bearer/);
    }
  });

  test('is understood with slashes, other case and parameters nobody knows', async () => {
    for (const line of ['GET /users/', 'GET //Users//?aadOptscim062020', 'GET /USERS?x=1&FILTER=title%20eq%20%22T%22'])
      expect((await scim.send(line)).body.Resources.some(({ id }: { id: string }) => id === userId)).toBe(true);
    expect((await scim.send(at('GET /users/:user/'))).status).toBe(200);
  });

  test('about the service itself needs no token', async () => {
    const anybody = scimClientAt(remit.url, { id: '', token: '' });
    expect((await anybody.send('GET /ServiceProviderConfig')).body).toMatchObject({
      patch: { supported: true },
      bulk: { supported: true, maxOperations: 100 },
      etag: { supported: true },
      sort: { supported: true },
      pagination: { cursor: true, index: true, defaultPaginationMethod: 'index' },
    });
    const { body } = await anybody.send('GET /schemas');
    expect(body.Resources.map(({ name }: { name: string }) => name)).toEqual(['User', 'EnterpriseUser', 'Group']);
    for (const one of body.Resources) expect((await anybody.send(`GET /Schemas/${one.id}`)).body).toEqual(one);
    expect((await anybody.send('GET /ResourceTypes/user')).body).toMatchObject({ endpoint: '/Users' });
  });
});
