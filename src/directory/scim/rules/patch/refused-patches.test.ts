import { describe, expect, it } from 'vitest';
import { readBody } from '../read-body.ts';
import { readResource } from '../read-resource.ts';
import { USER } from '../schema/resource-type.ts';
import { applyPatch } from './apply-patch.ts';
import { readPatch } from './read-patch.ts';

const u = { userName: 'ada' };

const patched = (before: object, operations: readonly object[]) => {
  const patch = readPatch(USER, readBody(JSON.stringify({ Operations: operations })), 'user_1');
  return applyPatch(USER, readResource(USER, readBody(JSON.stringify(before))).resource, patch.operations);
};

describe('a PATCH', () => {
  it.each<readonly [string, object, string]>([
    ['no such attribute', { op: 'add', path: 'shoeSize', value: 1 }, 'invalidPath'],
    ['no such part', { op: 'add', path: 'name.shoeSize', value: 1 }, 'invalidPath'],
    ['brackets behind one value', { op: 'add', path: 'userName[value eq "x"]', value: 1 }, 'invalidPath'],
    ['something behind the brackets', { op: 'add', path: 'emails[type eq "x"].value.more', value: 1 }, 'invalidPath'],
    ['a path that is no text', { op: 'add', path: 7, value: 1 }, 'invalidPath'],
    ['__proto__', { op: 'add', path: '__proto__.polluted', value: 1 }, 'invalidPath'],
    ['constructor', { op: 'add', path: 'constructor.prototype.polluted', value: 1 }, 'invalidPath'],
    ['an inherited name', { op: 'add', path: 'toString.x', value: 1 }, 'invalidPath'],
    ['a filter nobody can read', { op: 'remove', path: 'emails[type zz "x"]' }, 'invalidFilter'],
    ['a filter that is not closed', { op: 'remove', path: 'emails[type eq "x"' }, 'invalidFilter'],
    ['a filter on a part that is not there', { op: 'remove', path: 'emails[display eq "x"]' }, 'invalidFilter'],
    ['no element that meets a filter', { op: 'replace', path: 'emails[value co "x"].type', value: 'a' }, 'noTarget'],
    ['a part of one element among several', { op: 'replace', path: 'phoneNumbers.value', value: 'a' }, 'noTarget'],
    ['a removal without a path', { op: 'remove' }, 'noTarget'],
    ['the id changed by its path', { op: 'replace', path: 'id', value: 'x' }, 'mutability'],
    ['another id in an object', { op: 'replace', value: { id: 'other' } }, 'mutability'],
    ['meta', { op: 'replace', path: 'meta.created', value: 'x' }, 'mutability'],
    ['groups of a person', { op: 'add', path: 'groups', value: [{ value: 'g' }] }, 'mutability'],
    ['a required attribute removed', { op: 'remove', path: 'userName' }, 'mutability'],
    ['a required attribute replaced by nothing', { op: 'replace', path: 'userName', value: null }, 'invalidValue'],
    ['a required attribute replaced by blanks', { op: 'replace', path: 'userName', value: '  ' }, 'invalidValue'],
    ['an object where a text is meant', { op: 'replace', path: 'title', value: { a: 1 } }, 'invalidValue'],
    ['neither true nor false', { op: 'replace', path: 'active', value: 'perhaps' }, 'invalidValue'],
    ['a text without end', { op: 'replace', path: 'title', value: 'x'.repeat(5000) }, 'invalidValue'],
    ['a character no database holds', { op: 'replace', path: 'title', value: 'a\0b' }, 'invalidValue'],
    ['no value', { op: 'add', path: 'title' }, 'invalidValue'],
    ['neither a path nor an object', { op: 'add', value: 'x' }, 'invalidValue'],
    ['no such op', { op: 'move', path: 'title', value: 'x' }, 'invalidSyntax'],
    ['no op', { path: 'title', value: 'x' }, 'invalidSyntax'],
  ])('refuses %s and changes nothing', (_, operation, scimType) => {
    const phones = [
      { value: '1', type: 'work' },
      { value: '2', type: 'home' },
    ];
    const first = { op: 'add', path: 'title', value: 'set by the first operation' };
    expect(() => patched({ ...u, phoneNumbers: phones }, [first, operation])).toThrow(
      expect.objectContaining({ status: 400, scimType }),
    );
    expect(({} as Record<string, unknown>).polluted).toBeUndefined();
  });

  it.each<readonly [string, unknown]>([
    ['no operations', { schemas: [] }],
    ['operations that are no list', { Operations: {} }],
    ['an empty list', { Operations: [] }],
    ['an operation that is no object', { Operations: ['add'] }],
  ])('with %s is invalidSyntax', (_, body) => {
    expect(() => readPatch(USER, readBody(JSON.stringify(body)), 'x')).toThrow(
      expect.objectContaining({ scimType: 'invalidSyntax' }),
    );
  });
});

describe('a body', () => {
  it.each([
    '',
    'x',
    '[]',
    '"text"',
    'null',
    '7',
    '{"a":',
    '{"__proto__":{"polluted":1}}',
    '{"name":{"constructor":1}}',
    '{"toString.x":1}',
    '{"hasOwnProperty":1}',
    `${'{"a":'.repeat(50)}1${'}'.repeat(50)}`,
  ])('%j is invalidSyntax', (text) => {
    expect(() => readBody(text)).toThrow(expect.objectContaining({ status: 400, scimType: 'invalidSyntax' }));
  });

  it('that nests without end does not end the process', () => {
    expect(() => readBody(`{"a":${'['.repeat(200_000)}${']'.repeat(200_000)}}`)).toThrow(
      expect.objectContaining({ scimType: 'invalidSyntax' }),
    );
  });
});
