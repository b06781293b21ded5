import { describe, expect, it } from 'vitest';
import { readBody } from '../read-body.ts';
import { GROUP } from '../schema/resource-type.ts';
import { readPatch } from './read-patch.ts';

describe('changes of members', () => {
  const changesOf = (operations: readonly object[]) =>
    readPatch(GROUP, readBody(JSON.stringify({ Operations: operations })), 'g').memberChanges;
  const values = (...ids: readonly string[]) => ids.map((value) => ({ value }));

  it.each<readonly [string, object, readonly object[]]>([
    ['several added', { op: 'Add', path: 'members', value: values('a', 'b', 'a') }, [{ kind: 'add', ids: ['a', 'b'] }]],
    ['one added, as an object', { op: 'add', path: 'members', value: { value: 'a' } }, [{ kind: 'add', ids: ['a'] }]],
    ['one added, as a text', { op: 'add', path: 'members', value: 'a' }, [{ kind: 'add', ids: ['a'] }]],
    ['added without a path', { op: 'add', value: { members: values('a') } }, [{ kind: 'add', ids: ['a'] }]],
    ['nobody added', { op: 'add', path: 'members', value: [] }, []],
    ['removed by a filter', { op: 'remove', path: 'members[value eq "a"]' }, [{ kind: 'remove', ids: ['a'] }]],
    [
      'removed by a filter of several',
      { op: 'remove', path: 'members[value eq "a" or value eq "b"]' },
      [{ kind: 'remove', ids: ['a', 'b'] }],
    ],
    [
      'removed by value, as the default job of Entra ID does',
      { op: 'Remove', path: 'members', value: [{ $ref: null, value: 'a' }] },
      [{ kind: 'remove', ids: ['a'] }],
    ],
    ['removed by an empty list: nobody', { op: 'remove', path: 'members', value: [] }, []],
    ['removed without a value: all', { op: 'remove', path: 'members' }, [{ kind: 'replace', ids: [] }]],
    [
      'removed by null: all, as the Keycloak plugin means it',
      { op: 'remove', path: 'members', value: null },
      [{ kind: 'replace', ids: [] }],
    ],
    ['replaced', { op: 'replace', path: 'members', value: values('a') }, [{ kind: 'replace', ids: ['a'] }]],
    [
      'replaced by an empty list: all gone, as Okta means it',
      { op: 'replace', path: 'members', value: [] },
      [{ kind: 'replace', ids: [] }],
    ],
    [
      'replaced without a path',
      { op: 'replace', value: { displayName: 'x', members: values('a') } },
      [{ kind: 'replace', ids: ['a'] }],
    ],
    ['not named in an object', { op: 'replace', value: { displayName: 'x' } }, []],
  ])('%s', (_, operation, wanted) => {
    expect(changesOf([operation])).toEqual(wanted);
  });

  it('keep a filter on what is no id for the store to answer', () => {
    expect(changesOf([{ op: 'remove', path: 'members[display sw "a"]' }])).toMatchObject([{ kind: 'remove-matching' }]);
  });

  it.each<readonly [string, object, string]>([
    ['an id changed', { op: 'replace', path: 'members[value eq "a"].value', value: 'b' }, 'mutability'],
    ['one without an id', { op: 'add', path: 'members', value: [{ display: 'a' }] }, 'invalidValue'],
    ['an id that is no text', { op: 'add', path: 'members', value: [{ value: 7 }] }, 'invalidValue'],
    ['a removal of nobody in particular', { op: 'remove', path: 'members', value: [{ value: null }] }, 'invalidValue'],
    ['a part that is read-only', { op: 'replace', path: 'members.display', value: 'x' }, 'mutability'],
  ])('refuse %s', (_, operation, scimType) => {
    expect(() => changesOf([operation])).toThrow(expect.objectContaining({ scimType }));
  });
});
