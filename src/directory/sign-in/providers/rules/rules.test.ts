import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type Mapping, mapGroups } from './map-groups.ts';
import { claimAt, domainOf, readGroups, readSubject } from './read-claims.ts';
import { safeReturnTo } from './return-to.ts';

describe('the groups a provider tells of', () => {
  const many = (count: number) => Array.from({ length: count }, (_, at) => `g${at}`);
  it.each<readonly [what: string, claims: Record<string, unknown>, path: string, told: unknown]>([
    ['a list', { groups: ['a', 'b'] }, 'groups', { kind: 'all', groups: ['a', 'b'] }],
    ['an empty list is no group', { groups: [] }, 'groups', { kind: 'all', groups: [] }],
    ['a single one', { groups: 'a' }, 'groups', { kind: 'all', groups: ['a'] }],
    ['no claim is not the same as no group', {}, 'groups', { kind: 'missing' }],
    ['null is no claim', { groups: null }, 'groups', { kind: 'missing' }],
    ['what is no text is left out', { groups: ['a', 1, {}] }, 'groups', { kind: 'all', groups: ['a'] }],
    ['a claim inside of another', { realm: { roles: ['a'] } }, 'realm.roles', { kind: 'all', groups: ['a'] }],
    [
      'a claim with dots in its name',
      { 'https://x.example/g': ['a'] },
      'https://x.example/g',
      { kind: 'all', groups: ['a'] },
    ],
    ['Entra names another source', { _claim_names: { groups: 'src1' } }, 'groups', { kind: 'overage' }],
    ['Entra names another source for something else', { _claim_names: { x: 'src1' } }, 'groups', { kind: 'missing' }],
    ['Entra in the implicit flow', { hasgroups: true }, 'groups', { kind: 'overage' }],
    ['Okta cuts at a hundred', { groups: many(100) }, 'groups', { kind: 'overage' }],
    ['a hundred and one are all', { groups: many(101) }, 'groups', { kind: 'all', groups: many(101) }],
    ['nothing of the prototype', {}, 'constructor.name', { kind: 'missing' }],
  ])('%s', (_what, claims, path, told) => {
    expect(readGroups(claims, path)).toEqual(told);
  });

  it('are found whatever the claims are', () => {
    fc.assert(
      fc.property(fc.object(), fc.string(), (claims, path) => {
        expect(['all', 'missing', 'overage']).toContain(readGroups(claims, path).kind);
        claimAt(claims, path);
      }),
    );
  });
});

describe('the subject', () => {
  it.each<readonly [claims: Record<string, unknown>, key: 'sub' | 'tid_oid', subject: unknown]>([
    [{ iss: 'https://a', sub: '1', email: 'x@a' }, 'sub', { issuer: 'https://a', subject: '1' }],
    [{ iss: 'https://a', sub: '' }, 'sub', undefined],
    [{ iss: 'https://a' }, 'sub', undefined],
    [{ iss: 'https://a', sub: '1', tid: 't', oid: 'o' }, 'tid_oid', { issuer: 'entra-tenant:t', subject: 'o' }],
    [{ iss: 'https://a', sub: '1', oid: 'o' }, 'tid_oid', undefined],
  ])('of %j by %s', (claims, key, subject) => {
    expect(readSubject(claims, key)).toEqual(subject);
  });
});

it.each([
  ['Ada@Example.COM', 'example.com'],
  ['"a@b"@example.com', 'example.com'],
  ['ada@example', undefined],
  ['@example.com', undefined],
  ['ada', undefined],
  ['ada@exam ple.com', undefined],
])('the domain of %s is %s', (email, domain) => {
  expect(domainOf(email)).toBe(domain);
});

describe('mapped groups', () => {
  const role = (group: string, id: 'owner' | 'membership_admin' | 'managed' | 'user'): Mapping => ({
    group,
    target: { type: 'organization_role', id },
  });
  const mappings: readonly Mapping[] = [
    role('admins', 'membership_admin'),
    role('owners', 'owner'),
    role('staff', 'user'),
    role('builders', 'managed'),
    { group: 'builders', target: { type: 'rbac_group', id: 'g1' } },
    { group: 'staff', target: { type: 'rbac_group', id: 'g2' } },
    { group: 'research', target: { type: 'rbac_role', id: 'r1' } },
  ];
  it.each<readonly [groups: readonly string[], role: string, isMapped: boolean]>([
    [[], 'user', false],
    [['strangers'], 'user', false],
    [['staff'], 'user', true],
    [['staff', 'builders'], 'managed', true],
    [['builders', 'admins'], 'membership_admin', true],
    [['admins', 'owners', 'staff'], 'owner', true],
    [['research'], 'managed', true],
    [['research', 'staff'], 'managed', true],
  ])('%j give %s', (groups, wanted, isMapped) => {
    expect(mapGroups(mappings, groups)).toMatchObject({ role: wanted, isMapped });
  });

  it('tell what is theirs and what is to be taken away', () => {
    const { groups, roles } = mapGroups(mappings, ['staff']);
    expect([groups, roles]).toEqual([
      { theirs: ['g2'], others: ['g1'] },
      { theirs: [], others: ['r1'] },
    ]);
  });

  it('never give more for fewer groups', () => {
    const rank = ['user', 'managed', 'membership_admin', 'owner'];
    const all = ['admins', 'owners', 'staff', 'builders', 'x'];
    fc.assert(
      fc.property(fc.subarray(all), fc.subarray(all), (some, more) => {
        const fewer = mapGroups(mappings, some);
        const both = mapGroups(mappings, [...some, ...more]);
        expect(rank.indexOf(both.role)).toBeGreaterThanOrEqual(rank.indexOf(fewer.role));
      }),
    );
  });
});

describe('where to return to', () => {
  it.each(['/', '/models', '/members/user_1?tab=keys#top', '/a//b'])('“%s” is a place of ours', (path) => {
    expect(safeReturnTo(path)).toBe(path);
  });

  it.each([
    undefined,
    null,
    '',
    'models',
    'https://elsewhere.example/',
    '//elsewhere.example',
    '/\\elsewhere.example',
    '\\\\elsewhere.example',
    '/\t/elsewhere.example',
    '/\n/elsewhere.example',
    ' //elsewhere.example',
    '/.//elsewhere.example',
    '/x/..//elsewhere.example',
    'javascript:alert(1)',
    '/v1/session/callback?code=1',
    '/V1/../v1/session',
    '/scim/v2/Users',
  ])('“%s” leads to the start page', (wanted) => {
    expect(safeReturnTo(wanted)).toBe('/');
  });

  it('never leads to another site', () => {
    fc.assert(
      fc.property(
        fc.oneof(
          fc.string(),
          fc.webUrl(),
          fc.string().map((end) => `/${end}`),
        ),
        (wanted) => {
          const ours = 'https://remit.example';
          expect(new URL(safeReturnTo(wanted), ours).origin).toBe(ours);
        },
      ),
    );
  });
});
