import { describe, expect, it } from 'vitest';
import { type Standing, stepsTowards, type Wish } from './desired-member.ts';
import { domainOf, profileOf } from './member-profile.ts';
import { readResource } from './read-resource.ts';
import { mustWait, removalsAllowed } from './removal-guard.ts';
import { USER } from './schema/resource-type.ts';

const wanted: Wish = { isActive: true, isDeleted: false, mappedRoles: undefined, mappedSeat: undefined };
const active: Standing = { status: 'active', role: 'user', isSuspendedHere: false, seatTier: null };
const suspendedHere: Standing = { ...active, status: 'suspended', isSuspendedHere: true };
const suspendedByHand: Standing = { ...active, status: 'suspended' };

describe('how somebody should stand', () => {
  it.each<readonly [string, Partial<Wish>, Standing, readonly object[]]>([
    ['active and here: nothing', {}, active, []],
    ['deactivated', { isActive: false }, active, [{ kind: 'remove-access', to: 'suspended', reason: 'deactivated' }]],
    ['deactivated again: nothing', { isActive: false }, suspendedHere, []],
    ['deleted', { isDeleted: true }, active, [{ kind: 'remove-access', to: 'removed', reason: 'deleted' }]],
    [
      'deleted after deactivation takes no access away',
      { isActive: false, isDeleted: true },
      suspendedHere,
      [{ kind: 'remove-record' }],
    ],
    ['active again', {}, suspendedHere, [{ kind: 'restore' }]],
    ['active, but suspended by hand: stays so', {}, suspendedByHand, []],
    [
      'in no mapped group',
      { mappedRoles: [] },
      active,
      [{ kind: 'remove-access', to: 'suspended', reason: 'unmapped' }],
    ],
    ['in a mapped group again', { mappedRoles: ['user'] }, suspendedHere, [{ kind: 'restore' }]],
    [
      'the highest mapped role',
      { mappedRoles: ['user', 'membership_admin', 'managed'] },
      active,
      [{ kind: 'change-role', role: 'membership_admin' }],
    ],
    ['in a group mapped to a seat', { mappedSeat: 'premium' }, active, [{ kind: 'change-seat', seatTier: 'premium' }]],
    [
      'in no group mapped to a seat any more',
      { mappedSeat: null },
      { ...active, seatTier: 'premium' },
      [{ kind: 'change-seat', seatTier: null }],
    ],
    ['with the seat they should have: nothing', { mappedSeat: 'premium' }, { ...active, seatTier: 'premium' }, []],
    ['with a seat given by hand, where no group is mapped to one: nothing', {}, { ...active, seatTier: 'premium' }, []],
    ['Custom beats User', { mappedRoles: ['user', 'managed'] }, active, [{ kind: 'change-role', role: 'managed' }]],
    [
      'an owner who is mapped to less',
      { mappedRoles: ['user'] },
      { ...active, role: 'owner' },
      [{ kind: 'change-role', role: 'user' }],
    ],
    [
      'an owner who is deactivated',
      { isActive: false },
      { ...active, role: 'owner' },
      [{ kind: 'remove-access', to: 'suspended', reason: 'deactivated' }],
    ],
    ['the primary owner, deactivated: nothing', { isActive: false }, { ...active, role: 'primary_owner' }, []],
    ['the primary owner, deleted: nothing', { isDeleted: true }, { ...active, role: 'primary_owner' }, []],
    ['the primary owner, mapped: nothing', { mappedRoles: ['user'] }, { ...active, role: 'primary_owner' }, []],
    ['roles that are not mapped stay', {}, { ...active, role: 'owner' }, []],
  ])('%s', (_, wish, standing, steps) => {
    expect(stepsTowards({ ...wanted, ...wish }, standing)).toEqual(steps);
  });
});

describe('a mass removal', () => {
  it.each([
    [1, 20, 1],
    [4, 20, 1],
    [10, 20, 2],
    [1000, 20, 200],
    [1000, 0, 1],
    [7, 100, 7],
  ])('of %i members at %i %% may take %i within an hour', (membersAtStart, sharePercent, allowed) => {
    expect(removalsAllowed({ membersAtStart, sharePercent, removed: 0 })).toBe(allowed);
    expect(mustWait({ membersAtStart, sharePercent, removed: allowed - 1 })).toBe(false);
    expect(mustWait({ membersAtStart, sharePercent, removed: allowed })).toBe(true);
  });
});

describe('what a member takes over', () => {
  const profile = (body: object) => profileOf(readResource(USER, { userName: 'ada', ...body }).resource);

  it.each<readonly [object, object]>([
    [{}, { email: 'ada', name: 'ada' }],
    [
      {
        emails: [
          { value: 'h@x', type: 'home' },
          { value: 'w@x', type: 'Work' },
        ],
      },
      { email: 'w@x', name: 'ada' },
    ],
    [{ emails: [{ value: 'h@x' }, { value: 'p@x', primary: true }] }, { email: 'p@x', name: 'ada' }],
    [{ emails: [{ type: 'work' }, { value: 'h@x', type: 'home' }] }, { email: 'h@x', name: 'ada' }],
    [{ name: { givenName: 'Ada', familyName: 'L' } }, { email: 'ada', name: 'Ada L' }],
    [{ name: { familyName: 'L', formatted: 'Lady L' } }, { email: 'ada', name: 'Lady L' }],
    [
      { displayName: ' A ', name: { formatted: 'x' } },
      { email: 'ada', name: 'A' },
    ],
  ])('of %j is %j', (body, wantedProfile) => {
    expect(profile(body)).toEqual(wantedProfile);
  });

  it.each([
    ['a@B.c', 'b.c'],
    ['a@b@c.d', 'c.d'],
    ['a', ''],
    ['', ''],
  ])('%j is of the domain %j', (email, domain) => {
    expect(domainOf(email)).toBe(domain);
  });
});
