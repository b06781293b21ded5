import fc from 'fast-check';
import { DAY_MS, PERIODS, type Period } from '../../../kernel/index.ts';
import type { Bounds, Ceiling } from '../../../spend/index.ts';
import type { WantedRule } from '../../../spend/prices/change-rules.ts';

/** Who sends requests. */
export const USERS = ['user_a', 'user_b', 'user_c'] as const;

type Limit = { readonly amountMicros: number; readonly period: Period; readonly mode: 'standard' | 'strict' };

/** The limits in force: what the organisation, each member, and the members of a pool may spend, and what a seat includes. */
export type Limits = {
  readonly organisation: Limit | null;
  readonly user: Limit | null;
  readonly pool: Limit | null;
  readonly included: number | null;
};

const limitOf = (modes: readonly Limit['mode'][]) =>
  fc.option(
    fc.record({
      amountMicros: fc.integer({ min: 0, max: 400_000 }),
      period: fc.constantFrom(...PERIODS),
      mode: fc.constantFrom(...modes),
    }),
  );

const limitsOf = (...modes: readonly Limit['mode'][]): fc.Arbitrary<Limits> =>
  fc.record({
    organisation: limitOf(modes),
    user: limitOf(modes),
    pool: limitOf(modes),
    included: fc.option(fc.integer({ min: 0, max: 20_000 })),
  });

/** Any limits, and strict ones only. */
export const anyLimits = limitsOf('standard', 'strict');
export const strictLimits = limitsOf('strict');

const ceiling = (account: string, scope: Ceiling['scope'], one: Limit): Ceiling => ({
  limitId: `spl_${account}`,
  scope,
  account,
  ladder: [],
  ...one,
});

/** What binds a request of a member. */
export const boundsFor = ({ organisation, user, pool, included }: Limits, userId: string): Bounds => ({
  ceilings: [
    ...(organisation === null ? [] : [ceiling('organization', { type: 'organization_total' }, organisation)]),
    ...(user === null ? [] : [ceiling(`user:${userId}`, { type: 'user', userId }, user)]),
    ...(pool === null ? [] : [ceiling('pool:g', { type: 'rbac_group_pool', groupId: 'g' }, pool)]),
  ],
  included: included === null ? null : { account: `included:${userId}`, period: 'monthly', amountMicros: included },
});

/** One thing that happens; `node` says on which of the nodes there are. */
export type Step =
  | { readonly do: 'begin'; readonly node: number; readonly wishes: readonly Wanting[] }
  | { readonly do: 'end'; readonly node: number; readonly which: number; readonly share: number }
  | { readonly do: 'crash'; readonly node: number; readonly lostSteps: number }
  | { readonly do: 'limits'; readonly limits: Limits }
  /** Time passes, or the clock is put back; then the job that closes what expired runs on some nodes. */
  | { readonly do: 'wait'; readonly ms: number; readonly expireOn: readonly number[] }
  | { readonly do: 'price'; readonly node: number; readonly rule: WantedRule | { readonly takeBack: number } }
  /** A re-rating of some days is booked, counted from the running one, by some version of the book. */
  | {
      readonly do: 'rerate';
      readonly node: number;
      readonly book: number;
      readonly from: number;
      readonly days: number;
    }
  /** It goes on for some pieces: while the next steps happen, or before them. */
  | { readonly do: 'goOn'; readonly node: number; readonly pieces: number; readonly isAwaited: boolean };

/** A request somebody sends. */
export type Wanting = { readonly user: number; readonly promptBytes: number; readonly maxTokens: number };

const node = fc.nat(1);

const wish: fc.Arbitrary<Wanting> = fc.record({
  user: fc.nat(USERS.length - 1),
  promptBytes: fc.nat(8_000),
  maxTokens: fc.integer({ min: 1, max: 4_000 }),
});

const begin: fc.Arbitrary<Step> = fc.record({
  do: fc.constant('begin' as const),
  node,
  wishes: fc.array(wish, { minLength: 1, maxLength: 5 }),
});

const end: fc.Arbitrary<Step> = fc.record({
  do: fc.constant('end' as const),
  node,
  which: fc.nat(50),
  share: fc.double({ min: 0, max: 1, noNaN: true }),
});

const crash: fc.Arbitrary<Step> = fc.record({ do: fc.constant('crash' as const), node, lostSteps: fc.nat(4) });

const waitOf = (expireOn: fc.Arbitrary<readonly number[]>): fc.Arbitrary<Step> =>
  fc.record({
    do: fc.constant('wait' as const),
    // Over midnight, into next week and month, over the time a request may take; a clock that is put back, or was far ahead.
    ms: fc.constantFrom(1, 500, 3_600_001, DAY_MS, 8 * DAY_MS, 90 * DAY_MS, -90 * DAY_MS, -5_000, -DAY_MS),
    expireOn,
  });

const fromDay = fc.constantFrom('2026-11-01', '2026-11-29', '2026-12-01', '2026-12-15');
const scope = fc.constantFrom<WantedRule['scope']>({ type: 'all' }, { type: 'family', family: 'haiku' });
const RATES = { output: 7_000_000, cacheWrite5m: 2_000_000, cacheWrite1h: 3_000_000, cacheRead: 90_000 };

const rule: fc.Arbitrary<WantedRule> = fc.oneof(
  fc.record({
    kind: fc.constant('discount' as const),
    scope,
    from: fromDay,
    until: fc.constantFrom(null, '2026-12-20'),
    basisPoints: fc.integer({ min: 1, max: 10_000 }),
  }),
  fc.record({
    kind: fc.constant('multiplier' as const),
    scope,
    from: fromDay,
    until: fc.constant(null),
    basisPoints: fc.integer({ min: 0, max: 40_000 }),
  }),
  fc.record({
    kind: fc.constant('price' as const),
    scope: fc.constant({ type: 'model' as const, model: 'claude-haiku-4-5' }),
    from: fromDay,
    until: fc.constant(null),
    price: fc.nat(9_000_000).map((input) => ({
      bands: [{ upToPromptTokens: null, input, ...RATES }],
      hasGeoPremium: false,
    })),
  }),
);

const price: fc.Arbitrary<Step> = fc.record({
  do: fc.constant('price' as const),
  node,
  rule: fc.oneof({ weight: 3, arbitrary: rule }, { weight: 1, arbitrary: fc.record({ takeBack: fc.nat(5) }) }),
});

const rerate: fc.Arbitrary<Step> = fc.record({
  do: fc.constant('rerate' as const),
  node,
  book: fc.nat(3),
  from: fc.constantFrom(-60, -9, -1, 0),
  days: fc.constantFrom(1, 10, 70),
});

const goOn: fc.Arbitrary<Step> = fc.record({
  do: fc.constant('goOn' as const),
  node,
  pieces: fc.integer({ min: 1, max: 4 }),
  isAwaited: fc.boolean(),
});

const limitsStep: fc.Arbitrary<Step> = fc.record({ do: fc.constant('limits' as const), limits: anyLimits });

/** Everything that can happen to a ledger. */
export const anySteps = fc.array(
  fc.oneof(
    { weight: 8, arbitrary: begin },
    { weight: 8, arbitrary: end },
    { weight: 2, arbitrary: crash },
    { weight: 1, arbitrary: limitsStep },
    { weight: 4, arbitrary: waitOf(fc.subarray([0, 1])) },
    { weight: 3, arbitrary: price },
    { weight: 3, arbitrary: rerate },
    { weight: 4, arbitrary: goOn },
  ),
  // The largest of what may be, since what goes wrong needs many things before it.
  { minLength: 1, maxLength: 40, size: 'max' },
);

/** What can happen while limits and prices stay as they are, and no node is taken for dead that lives. */
export const quietSteps = fc.array(
  fc.oneof(
    { weight: 8, arbitrary: begin },
    { weight: 7, arbitrary: end },
    { weight: 1, arbitrary: crash },
    { weight: 3, arbitrary: waitOf(fc.constant([])) },
  ),
  { minLength: 1, maxLength: 40, size: 'max' },
);
