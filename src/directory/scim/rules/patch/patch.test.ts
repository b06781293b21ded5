import { describe, expect, it } from 'vitest';
import { EVERYTHING, projectionOf } from '../projection.ts';
import { readBody } from '../read-body.ts';
import { readResource } from '../read-resource.ts';
import { renderResource } from '../render-resource.ts';
import { GROUP, type ResourceType, USER } from '../schema/resource-type.ts';
import type { JsonObject, Resource } from '../value.ts';
import { applyPatch } from './apply-patch.ts';
import { readPatch } from './read-patch.ts';

const ENTERPRISE = 'urn:ietf:params:scim:schemas:extension:enterprise:2.0:User';

const resourceOf = (type: ResourceType, json: object): Resource =>
  readResource(type, readBody(JSON.stringify(json))).resource;

const jsonOf = (type: ResourceType, resource: Resource): JsonObject => {
  const rendering = { type, base: '', projection: projectionOf(type, EVERYTHING) };
  const stored = { id: 'user_1', resource, version: 1, createdAt: 0, updatedAt: 0 };
  const { schemas: _schemas, id: _id, meta: _meta, ...rest } = renderResource(rendering, stored);
  return rest;
};

const patched = (before: object, operations: unknown, type = USER): JsonObject => {
  const patch = readPatch(type, readBody(JSON.stringify({ Operations: operations })), 'user_1');
  return jsonOf(type, applyPatch(type, resourceOf(type, before), patch.operations));
};

type Case = readonly [name: string, before: object, operations: readonly object[], after: object];

const u = { userName: 'ada' };
const work = { value: 'w@x', type: 'work' };
const home = { value: 'h@x', type: 'home' };

const CASES: readonly Case[] = [
  ['replace of one value', u, [{ op: 'replace', path: 'userName', value: 'bob' }], { userName: 'bob' }],
  ['op and path in any case', u, [{ op: 'REPLACE', path: 'USERNAME', value: 'bob' }], { userName: 'bob' }],
  [
    'a path with its schema',
    u,
    [{ op: 'Add', path: 'urn:ietf:params:scim:schemas:core:2.0:User:title', value: 'x' }],
    { ...u, title: 'x' },
  ],
  [
    'a part of an attribute',
    { ...u, name: { givenName: 'A', familyName: 'L' } },
    [{ op: 'replace', path: 'name.givenName', value: 'B' }],
    { ...u, name: { givenName: 'B', familyName: 'L' } },
  ],
  [
    'an attribute with parts, merged',
    { ...u, name: { familyName: 'L' } },
    [{ op: 'add', path: 'name', value: { givenName: 'B' } }],
    { ...u, name: { familyName: 'L', givenName: 'B' } },
  ],
  [
    'a replaced attribute with parts, which keeps what is not named',
    { ...u, name: { familyName: 'L' } },
    [{ op: 'replace', path: 'name', value: { givenName: 'B' } }],
    { ...u, name: { familyName: 'L', givenName: 'B' } },
  ],
  [
    'no path, with dotted, nested and URN names',
    { ...u, title: 'kept' },
    [
      {
        op: 'replace',
        value: {
          'name.givenName': 'B',
          name: { familyName: 'L' },
          [`${ENTERPRISE}:department`]: 'D',
          [ENTERPRISE]: { division: 'V' },
        },
      },
    ],
    {
      ...u,
      title: 'kept',
      name: { givenName: 'B', familyName: 'L' },
      [ENTERPRISE]: { department: 'D', division: 'V' },
    },
  ],
  [
    'no path, with a filter in the name',
    u,
    [{ op: 'add', value: { 'emails[type eq "work"].value': 'w@x' } }],
    { ...u, emails: [{ type: 'work', value: 'w@x' }] },
  ],
  [
    'no path, with the id and others that are read-only',
    u,
    [{ op: 'replace', value: { id: 'user_1', displayName: 'Ada', meta: { version: 'x' }, groups: [] } }],
    { ...u, displayName: 'Ada' },
  ],
  ['no path, with names nobody knows', u, [{ op: 'add', value: { shoeSize: 42, 'urn:x:y:z': 1, 'a.b.c': 2 } }], u],
  [
    'the path of an extension',
    u,
    [{ op: 'add', path: ENTERPRISE, value: { department: 'D' } }],
    { ...u, [ENTERPRISE]: { department: 'D' } },
  ],
  [
    'an extension removed',
    { ...u, [ENTERPRISE]: { department: 'D', manager: { value: 'x' } } },
    [{ op: 'remove', path: ENTERPRISE }],
    u,
  ],
  [
    'an element appended',
    { ...u, emails: [work] },
    [{ op: 'add', path: 'emails', value: [home] }],
    { ...u, emails: [work, home] },
  ],
  [
    'an element that is there already',
    { ...u, emails: [work] },
    [{ op: 'add', path: 'emails', value: [{ ...work, value: 'W@X' }] }],
    { ...u, emails: [{ ...work, value: 'W@X' }] },
  ],
  ['one object where a list is meant', u, [{ op: 'add', path: 'emails', value: work }], { ...u, emails: [work] }],
  [
    'a bare address where an object is meant',
    u,
    [{ op: 'add', path: 'emails', value: 'w@x' }],
    { ...u, emails: [{ value: 'w@x' }] },
  ],
  [
    'a list replaced',
    { ...u, emails: [work] },
    [{ op: 'replace', path: 'emails', value: [home] }],
    { ...u, emails: [home] },
  ],
  ['a list replaced by nothing', { ...u, emails: [work] }, [{ op: 'replace', path: 'emails', value: [] }], u],
  [
    'an element replaced by a filter',
    { ...u, emails: [work, home] },
    [{ op: 'replace', path: 'emails[type eq "work"].value', value: 'n@x' }],
    { ...u, emails: [{ ...work, value: 'n@x' }, home] },
  ],
  [
    'an element made by a filter of eq',
    u,
    [{ op: 'Replace', path: 'addresses[type eq "work"].streetAddress', value: 'S' }],
    { ...u, addresses: [{ type: 'work', streetAddress: 'S' }] },
  ],
  [
    'an element made by a filter of two eqs',
    u,
    [{ op: 'Add', path: 'roles[primary eq "True" and type eq "x"].value', value: 'r' }],
    { ...u, roles: [{ primary: true, type: 'x', value: 'r' }] },
  ],
  [
    'the main element changes',
    { ...u, emails: [{ ...work, primary: true }, home] },
    [{ op: 'replace', path: 'emails[type eq "home"].primary', value: true }],
    { ...u, emails: [work, { ...home, primary: true }] },
  ],
  [
    'a main element appended',
    { ...u, emails: [{ ...work, primary: true }] },
    [{ op: 'add', path: 'emails', value: [{ ...home, primary: 'True' }] }],
    { ...u, emails: [work, { ...home, primary: true }] },
  ],
  [
    'an earlier element becomes the main one',
    { ...u, emails: [work, { ...home, primary: true }] },
    [{ op: 'add', path: 'emails[type eq "work"].primary', value: true }],
    { ...u, emails: [{ ...work, primary: true }, home] },
  ],
  ['an attribute removed', { ...u, title: 'x' }, [{ op: 'remove', path: 'title' }], u],
  [
    'a part removed',
    { ...u, name: { givenName: 'A', familyName: 'L' } },
    [{ op: 'remove', path: 'name.givenName' }],
    { ...u, name: { familyName: 'L' } },
  ],
  ['the last part removed', { ...u, name: { givenName: 'A' } }, [{ op: 'remove', path: 'name.givenName' }], u],
  [
    'elements removed by a filter',
    { ...u, emails: [work, home] },
    [{ op: 'remove', path: 'emails[type eq "work"]' }],
    { ...u, emails: [home] },
  ],
  [
    'a part of elements removed',
    { ...u, emails: [work, home] },
    [{ op: 'remove', path: 'emails[type eq "work"].type' }],
    { ...u, emails: [{ value: 'w@x' }, home] },
  ],
  [
    'elements removed by value',
    { ...u, emails: [work, home] },
    [{ op: 'Remove', path: 'emails', value: [{ value: 'W@x' }] }],
    { ...u, emails: [home] },
  ],
  [
    'nobody removed by an empty list',
    { ...u, emails: [work] },
    [{ op: 'Remove', path: 'emails', value: [] }],
    { ...u, emails: [work] },
  ],
  [
    'what is not there removed',
    u,
    [
      { op: 'remove', path: 'title' },
      { op: 'remove', path: 'emails[type eq "work"]' },
    ],
    u,
  ],
  ['a value replaced by null', { ...u, title: 'x' }, [{ op: 'replace', path: 'title', value: null }], u],
  ['nothing added by null', { ...u, title: 'x' }, [{ op: 'add', path: 'title', value: null }], { ...u, title: 'x' }],
  [
    'active as a text',
    { ...u, active: true },
    [{ op: 'Replace', path: 'active', value: 'False' }],
    { ...u, active: false },
  ],
  [
    'active in an object, as a text',
    { ...u, active: false },
    [{ op: 'replace', value: { active: 'true' } }],
    { ...u, active: true },
  ],
  [
    'the manager as a bare text',
    u,
    [{ op: 'Add', path: `${ENTERPRISE}:manager`, value: 'user_9' }],
    { ...u, [ENTERPRISE]: { manager: { value: 'user_9' } } },
  ],
  [
    'the manager removed by an empty text',
    { ...u, [ENTERPRISE]: { manager: { value: 'user_9' } } },
    [{ op: 'Replace', path: `${ENTERPRISE}:manager`, value: '' }],
    u,
  ],
  [
    'the manager removed by an empty value',
    { ...u, [ENTERPRISE]: { manager: { value: 'user_9' } } },
    [{ op: 'Replace', path: `${ENTERPRISE}:manager`, value: { value: '' } }],
    u,
  ],
  [
    'the manager removed by its part',
    { ...u, [ENTERPRISE]: { manager: { value: 'user_9' } } },
    [{ op: 'Replace', path: `${ENTERPRISE}:manager.value`, value: '' }],
    u,
  ],
  [
    'a number where a text is meant',
    u,
    [{ op: 'add', path: `${ENTERPRISE}:employeeNumber`, value: 701984 }],
    { ...u, [ENTERPRISE]: { employeeNumber: '701984' } },
  ],
  [
    'several operations, each on what the one before has left',
    u,
    [
      { op: 'add', path: 'emails', value: [work] },
      { op: 'replace', path: 'emails[type eq "work"].value', value: 'n@x' },
      { op: 'remove', path: 'emails[value eq "n@x"].type' },
    ],
    { ...u, emails: [{ value: 'n@x' }] },
  ],
];

describe('a PATCH', () => {
  it.each(CASES)('does: %s', (_, before, operations, after) => {
    expect(patched(before, operations)).toEqual(after);
  });

  it('leaves what a group is not asked to change, also its name', () => {
    const operation = { op: 'replace', value: { id: 'user_1', displayName: 'Builders' } };
    expect(patched({ displayName: 'B', externalId: 'x' }, [operation], GROUP)).toEqual({
      displayName: 'Builders',
      externalId: 'x',
    });
  });
});
