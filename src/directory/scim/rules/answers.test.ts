import { describe, expect, it } from 'vitest';
import { resourceTypes, schemas, serviceProviderConfig } from './discovery.ts';
import { readPaging } from './paging.ts';
import { isKnownVersion, refuseOtherVersion } from './precondition.ts';
import { EVERYTHING, projectionOf } from './projection.ts';
import { readResource } from './read-resource.ts';
import { renderResource } from './render-resource.ts';
import { findNamed, GROUP, USER } from './schema/resource-type.ts';
import { errorBody } from './scim-error.ts';
import { compareText } from './value.ts';

const ENTERPRISE = 'urn:ietf:params:scim:schemas:extension:enterprise:2.0:User';
const BASE = 'https://remit.test/scim/v2';

const { resource } = readResource(USER, {
  UserName: 'ada',
  NAME: { GIVENNAME: 'Ada', familyName: 'L' },
  Emails: [{ Value: 'a@x', Primary: 'True', display: 'not in the schema' }],
  password: 'never kept',
  active: true,
  groups: [{ value: 'g' }],
  [ENTERPRISE.toUpperCase()]: { Manager: 'user_9', employeeNumber: 7 },
});
const stored = { id: 'user_1', resource, version: 3, createdAt: 0, updatedAt: 1000 };

const shown = (attributes: readonly string[] = [], excludedAttributes: readonly string[] = []) =>
  renderResource(
    { type: USER, base: BASE, projection: projectionOf(USER, { attributes, excludedAttributes }) },
    stored,
  );

describe('a resource', () => {
  it('shows what was sent under the names of the schema, and nothing that is unassigned, unknown or secret', () => {
    expect(shown()).toEqual({
      schemas: ['urn:ietf:params:scim:schemas:core:2.0:User', ENTERPRISE],
      id: 'user_1',
      meta: {
        resourceType: 'User',
        created: '1970-01-01T00:00:00.000Z',
        lastModified: '1970-01-01T00:00:01.000Z',
        location: `${BASE}/Users/user_1`,
        version: 'W/"3"',
      },
      userName: 'ada',
      name: { givenName: 'Ada', familyName: 'L' },
      active: true,
      emails: [{ value: 'a@x', primary: true }],
      [ENTERPRISE]: { employeeNumber: '7', manager: { value: 'user_9' } },
    });
  });

  it.each<readonly [string, readonly string[], readonly string[], readonly string[]]>([
    ['only what is asked for', ['userName'], [], ['id', 'schemas', 'userName']],
    ['a part', ['name.givenName'], [], ['id', 'name', 'schemas']],
    ['an extension', [ENTERPRISE], [], ['id', 'schemas', ENTERPRISE]],
    ['nothing for names nobody knows', ['shoeSize'], [], ['id', 'schemas']],
    ['all but what is excluded', [], ['name', 'meta', 'active', 'emails', ENTERPRISE], ['id', 'schemas', 'userName']],
    [
      'id and schemas in any case',
      [],
      ['id', 'schemas', 'meta', 'name', 'active', 'emails', ENTERPRISE, 'userName'],
      ['id', 'schemas'],
    ],
  ])('shows %s', (_, attributes, excluded, names) => {
    expect(Object.keys(shown(attributes, excluded)).sort()).toEqual([...names].sort());
  });

  it('shows or leaves out single parts', () => {
    expect(shown(['name.GivenName']).name).toEqual({ givenName: 'Ada' });
    expect(shown([], ['name.givenName']).name).toEqual({ familyName: 'L' });
    expect(shown([`${ENTERPRISE}:manager`])[ENTERPRISE]).toEqual({ manager: { value: 'user_9' } });
  });

  it('shows an empty list of members, because clients read a missing one as unknown', () => {
    const group = { ...stored, resource: readResource(GROUP, { displayName: 'B' }).resource };
    const rendering = { type: GROUP, base: BASE, projection: projectionOf(GROUP, EVERYTHING) };
    expect(renderResource(rendering, group, new Map([['members', []]])).members).toEqual([]);
  });

  it.each([[{}], [{ userName: '' }], [{ userName: ' ' }], [{ userName: null }], [{ userName: { a: 1 } }]])(
    'without a user name is invalidValue: %j',
    (body) => {
      expect(() => readResource(USER, body)).toThrow(
        expect.objectContaining({ status: 400, scimType: 'invalidValue' }),
      );
    },
  );

  it('takes foreign schemas and unknown attributes, as OneLogin and Entra ID send them', () => {
    const body = {
      schemas: [
        'urn:scim:schemas:core:1.0',
        'http://schemas.microsoft.com/2006/11/ResourceManagement/ADSCIM/2.0/Group',
      ],
      displayName: 'B',
      members: [{ value: 'u' }, 'v'],
      meta: { resourceType: 'Group' },
    };
    expect(readResource(GROUP, body).members).toEqual(['u', 'v']);
    expect(readResource(GROUP, { displayName: 'B' }).members).toBeUndefined();
    expect(readResource(GROUP, { displayName: 'B', members: null }).members).toEqual([]);
  });
});

describe('names', () => {
  it.each([
    ['userName', 'userName'],
    ['USERNAME', 'userName'],
    ['urn:ietf:params:scim:schemas:core:2.0:user:username', 'userName'],
    ['name.givenname', 'name/givenName'],
    ['Meta.Created', 'meta/created'],
    [`${ENTERPRISE}:department`, `${ENTERPRISE}:department`],
    [`${ENTERPRISE}:manager.value`, `${ENTERPRISE}:manager/value`],
  ])('%s is %s', (name, wanted) => {
    const named = findNamed(USER, name);
    expect(named?.kind === 'attribute' && [named.top.key, named.part?.name].filter(Boolean).join('/')).toBe(wanted);
  });

  it.each([
    '',
    'x',
    'name.x',
    'department',
    'userName.value',
    '__proto__',
    'constructor',
    'toString',
    'urn:x:y',
    `${ENTERPRISE}:userName`,
  ])('%s is nothing', (name) => {
    expect(findNamed(USER, name)).toBeUndefined();
  });
});

describe('paging', () => {
  it.each([
    [{}, { kind: 'index', startIndex: 1, count: 100 }],
    [
      { startIndex: '0', count: '-5' },
      { kind: 'index', startIndex: 1, count: 0 },
    ],
    [
      { startIndex: '-3', count: '5000' },
      { kind: 'index', startIndex: 1, count: 1000 },
    ],
    [
      { cursor: '', count: '2' },
      { kind: 'cursor', cursor: '', count: 2 },
    ],
  ])('%j is %j', (wanted, page) => {
    expect(readPaging(wanted)).toEqual(page);
  });

  it.each([
    [{ count: 'x' }, 'invalidValue'],
    [{ startIndex: '1.5' }, 'invalidValue'],
    [{ cursor: '', count: 'x' }, 'invalidCount'],
  ])('%j is %s', (wanted, scimType) => {
    expect(() => readPaging(wanted)).toThrow(expect.objectContaining({ scimType }));
  });
});

describe('versions', () => {
  it.each(['W/"3"', '"3"', '*', 'W/"2", W/"3"', 'w/"3"'])('If-Match %s lets version 3 be changed', (ifMatch) => {
    expect(() => refuseOtherVersion({ ifMatch }, 3)).not.toThrow();
    expect(isKnownVersion({ ifNoneMatch: ifMatch }, 3)).toBe(true);
  });

  it.each(['W/"2"', '3', '', '"33"'])('If-Match %j refuses with 412', (ifMatch) => {
    expect(() => refuseOtherVersion({ ifMatch }, 3)).toThrow(expect.objectContaining({ status: 412 }));
    expect(isKnownVersion({ ifNoneMatch: ifMatch }, 3)).toBe(false);
  });
});

describe('what is published', () => {
  it('is complete and has no nulls', () => {
    const text = JSON.stringify([schemas(BASE), resourceTypes(BASE), serviceProviderConfig(BASE)]);
    expect(text).not.toContain('null');
    for (const schema of schemas(BASE))
      for (const one of schema.attributes)
        expect(
          findNamed(
            schema.id.includes('Group') ? GROUP : USER,
            schema.id.includes('enterprise') ? `${schema.id}:${one.name}` : one.name,
          ),
        ).toBeDefined();
  });

  it('names statuses of errors as texts', () => {
    expect(errorBody(404, 'x')).toEqual({
      schemas: ['urn:ietf:params:scim:api:messages:2.0:Error'],
      status: '404',
      detail: 'x',
    });
    expect(errorBody(400, 'x', 'noTarget')).toMatchObject({ scimType: 'noTarget' });
  });
});

it('orders texts by code points', () => {
  expect(['😀', 'ﬀ', 'a', ''].sort(compareText)).toEqual(['', 'a', 'ﬀ', '😀']);
});
