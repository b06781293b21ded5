import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { PERIODS, type Period } from '../../../kernel/index.ts';
import { type Limit, type LimitRules, limitKey, type MultiGroup, type SettableScope, targetOf } from './limit.ts';
import { ownLimit, resolveBounds, type Spender, sessionCeiling } from './resolve-bounds.ts';

let made = 0;
const limit = (scope: SettableScope, amountMicros: number | null, more: Partial<Limit> = {}): Limit => {
  made += 1;
  return {
    id: `spl_${String(made).padStart(6, '0')}`,
    scope,
    period: scope.type === 'session' ? null : 'monthly',
    amountMicros,
    isEnabled: true,
    mode: 'standard',
    ladder: [],
    ...more,
  };
};

const rulesOf = (limits: readonly Limit[], more: Partial<LimitRules> = {}): LimitRules => ({
  limits: new Map(limits.map((one) => [limitKey(one.scope.type, targetOf(one.scope), one.period), one])),
  multiGroup: 'lower',
  included: new Map(),
  prepaid: null,
  ...more,
});

const ADA: Spender = {
  userId: 'ada',
  keyId: 'key-ada',
  workspaceId: 'w',
  groupIds: ['g1', 'g2'],
  seatTier: 'premium',
};
const CI: Spender = { userId: null, keyId: 'key-ci', workspaceId: null, groupIds: ['g1'], seatTier: null };

const user: SettableScope = { type: 'user', userId: 'ada' };
const g1: SettableScope = { type: 'rbac_group', groupId: 'g1' };
const g2: SettableScope = { type: 'rbac_group', groupId: 'g2' };
const seat: SettableScope = { type: 'seat_tier', seatTier: 'premium' };
const everybody: SettableScope = { type: 'organization' };

const shown = (rules: LimitRules, spender: Spender) =>
  resolveBounds(rules, spender).ceilings.map(({ scope, account, period, amountMicros }) =>
    [scope.type, account, period, amountMicros].join(' '),
  );

describe("a member's own limit", () => {
  const cases: readonly (readonly [string, readonly Limit[], MultiGroup, string | undefined])[] = [
    ['is none where nothing is set', [], 'lower', undefined],
    ["is the organisation's default where nothing is nearer", [limit(everybody, 5)], 'lower', 'organization 5'],
    ["is the seat tier's before the default", [limit(everybody, 5), limit(seat, 9)], 'lower', 'seat_tier 9'],
    ["is the group's before the seat tier's", [limit(g1, 7), limit(seat, 9)], 'lower', 'rbac_group 7'],
    ["is the member's own before all, higher or lower", [limit(user, 1), limit(g1, 7)], 'higher', 'user 1'],
    ['is the lower of two groups where the lower counts', [limit(g1, 7), limit(g2, 3)], 'lower', 'rbac_group 3'],
    ['is the higher of two groups where the higher counts', [limit(g1, 7), limit(g2, 3)], 'higher', 'rbac_group 7'],
    ['takes unlimited for the highest', [limit(g1, 7), limit(g2, null)], 'higher', 'rbac_group null'],
    [
      'takes an amount before unlimited where the lower counts',
      [limit(g1, 7), limit(g2, null)],
      'lower',
      'rbac_group 7',
    ],
    ['takes 0 for an amount', [limit(g1, 0), limit(everybody, 7)], 'lower', 'rbac_group 0'],
    [
      'ends at an unlimited one: the default does not bind',
      [limit(user, null), limit(everybody, 5)],
      'lower',
      'user null',
    ],
    [
      'passes over one that is switched off',
      [limit(user, 1, { isEnabled: false }), limit(everybody, 5)],
      'lower',
      'organization 5',
    ],
    ['is not that of a group they are not in', [limit({ type: 'rbac_group', groupId: 'g9' }, 1)], 'lower', undefined],
    ['is not that of another period', [limit(user, 1, { period: 'daily' })], 'lower', undefined],
    ['is not the pool of a group', [limit({ type: 'rbac_group_pool', groupId: 'g1' }, 1)], 'lower', undefined],
  ];

  it.each(cases)('%s', (_, limits, multiGroup, wanted) => {
    const own = ownLimit(rulesOf(limits, { multiGroup }), { ...ADA, userId: 'ada' }, 'monthly');
    expect(own && `${own.scope.type} ${own.amountMicros}`).toBe(wanted);
  });
});

describe('bounds', () => {
  it('hold every limit that stands on the caller, each on its own account', () => {
    const rules = rulesOf([
      limit({ type: 'organization_total' }, 100),
      limit({ type: 'organization_total' }, 10, { period: 'daily' }),
      limit({ type: 'rbac_group_pool', groupId: 'g1' }, 50),
      limit({ type: 'rbac_group_pool', groupId: 'g2' }, 60),
      limit({ type: 'workspace', workspaceId: 'w' }, 40),
      limit({ type: 'api_key', keyId: 'key-ada' }, 30),
      limit(everybody, 20),
      limit(user, 2, { period: 'weekly' }),
    ]);
    expect(shown(rules, ADA)).toEqual([
      'organization_total organization daily 10',
      'user user:ada weekly 2',
      'organization_total organization monthly 100',
      'rbac_group_pool pool:g1 monthly 50',
      'rbac_group_pool pool:g2 monthly 60',
      'workspace workspace:w monthly 40',
      'api_key key:key-ada monthly 30',
      'organization user:ada monthly 20',
    ]);
    expect(shown(rules, CI)).toEqual([
      'organization_total organization daily 10',
      'organization_total organization monthly 100',
      'rbac_group_pool pool:g1 monthly 50',
    ]);
  });

  it('hold what is prepaid over all time, for everybody', () => {
    const rules = rulesOf([], { prepaid: { fundedMicros: 8, mode: 'strict' } });
    for (const spender of [ADA, CI]) expect(shown(rules, spender)).toEqual(['prepaid prepaid  8']);
  });

  it('hold what the seat includes, for members who have it', () => {
    const rules = rulesOf([], { included: new Map([['premium', { period: 'weekly', amountMicros: 4 }]]) });
    expect(resolveBounds(rules, ADA).included).toEqual({ account: 'included:ada', period: 'weekly', amountMicros: 4 });
    expect(resolveBounds(rules, { ...ADA, seatTier: 'basic' }).included).toBeNull();
    expect(resolveBounds(rules, CI).included).toBeNull();
  });

  it('of a session are its own, without a period', () => {
    const rules = rulesOf([limit({ type: 'session' }, 6)]);
    expect(sessionCeiling(rules, 's1')).toMatchObject({ account: 'session:s1', period: null, amountMicros: 6 });
    expect(sessionCeiling(rulesOf([]), 's1')).toBeUndefined();
  });
});

const anyScope = fc.oneof(
  fc.constantFrom<SettableScope>(
    user,
    g1,
    g2,
    seat,
    everybody,
    { type: 'organization_total' },
    { type: 'workspace', workspaceId: 'w' },
    { type: 'api_key', keyId: 'key-ada' },
    { type: 'rbac_group_pool', groupId: 'g1' },
    { type: 'rbac_group_pool', groupId: 'g2' },
    { type: 'user', userId: 'bob' },
    { type: 'rbac_group', groupId: 'g3' },
  ),
);
const anyLimits = fc.array(
  fc.record({
    scope: anyScope,
    period: fc.constantFrom<Period>(...PERIODS),
    amountMicros: fc.option(fc.integer({ min: 0, max: 5 })),
    isEnabled: fc.boolean(),
    id: fc.integer({ min: 0, max: 1e6 }),
  }),
  { maxLength: 30 },
);
const anyRules = fc
  .record({ limits: anyLimits, multiGroup: fc.constantFrom<MultiGroup>('higher', 'lower') })
  .map(({ limits, multiGroup }) =>
    rulesOf(
      limits.map(({ id, scope, ...more }, at) => limit(scope, more.amountMicros, { ...more, id: `spl_${id}_${at}` })),
      { multiGroup },
    ),
  );

describe('whatever is set, bounds', () => {
  it('do not depend on the order in which groups were joined', () => {
    fc.assert(
      fc.property(anyRules, (rules) => {
        const [one, other] = [ADA, { ...ADA, groupIds: ['g2', 'g1'] }].map((spender) => shown(rules, spender).sort());
        expect(one).toEqual(other);
      }),
    );
  });

  it('have each account once in a period, and only limits that are on and have an amount', () => {
    fc.assert(
      fc.property(anyRules, (rules) => {
        const { ceilings } = resolveBounds(rules, ADA);
        const places = ceilings.map(({ account, period }) => `${account} ${period}`);
        expect(new Set(places).size).toBe(places.length);
        const standing = [...rules.limits.values()].filter(
          ({ isEnabled, amountMicros }) => isEnabled && amountMicros !== null,
        );
        const ids = new Set(standing.map(({ id }) => id));
        for (const { limitId } of ceilings) expect(ids.has(limitId)).toBe(true);
      }),
    );
  });

  it("of a period are the same whatever is set for others' periods or people", () => {
    fc.assert(
      fc.property(anyRules, fc.constantFrom<Period>(...PERIODS), (rules, period) => {
        const mine = [...rules.limits].filter(
          ([, one]) => one.period === period && targetOf(one.scope) !== 'bob' && targetOf(one.scope) !== 'g3',
        );
        const alone = shown({ ...rules, limits: new Map(mine) }, ADA);
        expect(alone).toEqual(shown(rules, ADA).filter((line) => line.includes(` ${period} `)));
      }),
    );
  });

  it('never rise when the lower of several groups counts instead of the higher', () => {
    fc.assert(
      fc.property(anyRules, fc.constantFrom<Period>(...PERIODS), (rules, period) => {
        const height = (multiGroup: MultiGroup) =>
          ownLimit({ ...rules, multiGroup }, { ...ADA, userId: 'ada' }, period)?.amountMicros ??
          Number.POSITIVE_INFINITY;
        expect(height('lower')).toBeLessThanOrEqual(height('higher'));
      }),
    );
  });
});
