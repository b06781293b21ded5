import { describe, expect, it } from 'vitest';
import {
  type Actor,
  ADMIN_SCOPES,
  ADMINISTRATOR_PERMISSIONS,
  type AdminScope,
  createNewId,
  EFFORTS,
  effortRank,
  firstIdAt,
  formatUsd,
  higherEffort,
  highestWithin,
  ID_PREFIXES,
  type IdKind,
  idPage,
  isEffort,
  lowerEffort,
  mayCall,
  mayUse,
  ORGANISATION_ROLES,
  PERMISSION_AREAS,
  type Permission,
  permissionsOfRole,
  permissionsOfScopes,
} from './index.ts';

const KINDS = Object.keys(ID_PREFIXES) as IdKind[];
const noise = (size: number): Uint8Array => Uint8Array.from({ length: size }, () => Math.floor(Math.random() * 256));

describe('ids', () => {
  it('sort by the millisecond they were made in, from 1970 to the year 9999', () => {
    const times = [0, 1, 31, 32, 1_000_000, Date.UTC(2026, 10, 23), Date.UTC(2026, 10, 23) + 1, Date.UTC(9999, 0)];
    const ids = times.map((ms) => createNewId(() => ms, noise)('request'));
    expect([...ids].sort()).toEqual(ids);
  });

  it('carry the prefix of their kind, and are never made twice', () => {
    const newId = createNewId(() => 1, noise);
    for (const kind of KINDS) expect(newId(kind)).toMatch(new RegExp(`^${ID_PREFIXES[kind]}[0-9a-hjkmnp-tv-z]{26}$`));
    expect(new Set(Array.from({ length: 5000 }, () => newId('user'))).size).toBe(5000);
  });

  it('lie at or above the bound of their time, and below the bound of the next millisecond', () => {
    for (const bytes of [new Uint8Array(16), new Uint8Array(16).fill(255)]) {
      const id = createNewId(
        () => 1234,
        () => bytes,
      )('request');
      expect(firstIdAt('request', 1234) <= id).toBe(true);
      expect(id < firstIdAt('request', 1235)).toBe(true);
    }
    expect(firstIdAt('request', -5)).toBe(firstIdAt('request', 0));
  });
});

describe('money in words', () => {
  it.each([
    [0, '$0.00'],
    [1_234_567, '$1.23'],
    [1_235_000, '$1.24'],
    [10_000, '$0.01'],
    [9_999, '$0.009999'],
    [1, '$0.000001'],
    [-1, '-$0.000001'],
    [-2_500_000, '-$2.50'],
    [1_234_567_890_000, '$1,234,567.89'],
  ])('writes %i micro-dollars as %s', (micros, text) => {
    expect(formatUsd(micros)).toBe(text);
  });
});

describe('effort levels', () => {
  it('stand in one order, in which lower and higher agree with the rank', () => {
    for (const a of EFFORTS)
      for (const b of EFFORTS) {
        expect(effortRank(lowerEffort(a, b))).toBe(Math.min(effortRank(a), effortRank(b)));
        expect(effortRank(higherEffort(a, b))).toBe(Math.max(effortRank(a), effortRank(b)));
      }
    expect(EFFORTS.map(effortRank)).toEqual([0, 1, 2, 3, 4]);
  });

  it.each([['LOW'], [''], [null], [undefined], [3], ['__proto__'], [['low']]])('do not include %j', (value) => {
    expect(isEffort(value)).toBe(false);
  });

  it('are cut to the highest offered one within a cap, and to none when all are above it', () => {
    expect(highestWithin(['low', 'high', 'max'], 'xhigh')).toBe('high');
    expect(highestWithin(['max', 'low', 'medium'], 'max')).toBe('max');
    expect(highestWithin(['high', 'max'], 'medium')).toBeUndefined();
    expect(highestWithin([], 'max')).toBeUndefined();
  });
});

describe('pages', () => {
  const rows = ['a', 'b', 'c'].map((id) => ({ id }));

  it('say whether more was read than asked for', () => {
    expect(idPage(rows, 2)).toEqual({ data: rows.slice(0, 2), has_more: true, first_id: 'a', last_id: 'b' });
    expect(idPage(rows, 3)).toEqual({ data: rows, has_more: false, first_id: 'a', last_id: 'c' });
    expect(idPage([], 3)).toEqual({ data: [], has_more: false, first_id: null, last_id: null });
  });

  it('turn rows round that were read backward, dropping the one that is furthest', () => {
    const backward = [...rows].reverse();
    expect(idPage(backward, 2, 'backward')).toEqual({
      data: rows.slice(1),
      has_more: true,
      first_id: 'b',
      last_id: 'c',
    });
    expect(backward.map(({ id }) => id)).toEqual(['c', 'b', 'a']);
  });
});

describe('permissions', () => {
  const everything = PERMISSION_AREAS.flatMap((area): Permission[] => [`${area}:view`, `${area}:manage`]);
  const member = (role: (typeof ORGANISATION_ROLES)[number]): Actor => ({
    kind: 'member',
    userId: 'user_1',
    email: 'ada@example.com',
    role,
    credentialId: null,
    sessionId: null,
    permissions: permissionsOfRole(role),
  });
  const administrator: Actor = {
    kind: 'administrator',
    credentialId: 'apikey_1',
    permissions: ADMINISTRATOR_PERMISSIONS,
  };
  const service: Actor = { kind: 'service', groupId: 'rbac_group_1', credentialId: 'apikey_1' };

  it.each<readonly [string, Actor, readonly Permission[]]>([
    ['an owner', member('owner'), ['self', ...everything]],
    ['the primary owner', member('primary_owner'), ['self', ...everything]],
    ['an admin', member('membership_admin'), ['self', 'users:view', 'users:manage', 'analytics:view']],
    ['a user', member('user'), ['self']],
    ['a custom member', member('managed'), ['self']],
    ['an admin key', administrator, everything],
    ['a service key', service, []],
    ['a visitor', { kind: 'anonymous' }, []],
  ])('of %s are these and no others', (_, actor, wanted) => {
    const all: readonly Permission[] = ['public', 'self', ...everything];
    expect(all.filter((permission) => mayUse(actor, permission))).toEqual(['public', ...wanted]);
  });

  it('of a scoped admin key are its scopes, and to read everything for an auditor', () => {
    const key = (...scopes: AdminScope[]): Actor => ({ ...administrator, permissions: permissionsOfScopes(scopes) });
    const groups = { permission: 'identity:view', scope: 'read:rbac_groups' } as const;
    expect(mayCall(key('read:rbac_groups'), groups)).toBe(true);
    expect(mayCall(key('write:rbac_groups', 'read:members'), groups)).toBe(false);
    expect(mayCall(key('read:rbac_groups'), { permission: 'identity:view' })).toBe(false);
    expect(mayCall(key('read:org_audit'), { permission: 'identity:view' })).toBe(true);
    for (const area of PERMISSION_AREAS) {
      expect(mayCall(key(...ADMIN_SCOPES), { permission: `${area}:manage` })).toBe(false);
      expect(mayCall(administrator, { permission: `${area}:manage` })).toBe(true);
    }
  });

  it('to manage include those to view', () => {
    for (const role of ORGANISATION_ROLES)
      for (const area of PERMISSION_AREAS)
        if (permissionsOfRole(role).has(`${area}:manage`))
          expect(permissionsOfRole(role).has(`${area}:view`)).toBe(true);
  });
});
