import fc from 'fast-check';
import { expect, it } from 'vitest';
import { forEachDatabase } from '../../../tests/support/databases.ts';
import { accessMigrations } from '../../access/index.ts';
import { activityMigrations } from '../../activity/index.ts';
import { directoryMigrations } from '../../directory/index.ts';
import { DAY_MS, PERIODS } from '../../kernel/index.ts';
import { type Database, migrate } from '../../platform/index.ts';
import { type Bounds, type Ceiling, spendMigrations } from '../../spend/index.ts';
import { gatewayMigrations } from '../migrations.ts';
import { openWorld, type Running, type World } from './testing/ledger-world.ts';

const prepare = async (database: Database): Promise<Database> => {
  await migrate(database, [
    ...activityMigrations,
    ...directoryMigrations,
    ...accessMigrations,
    ...spendMigrations,
    ...gatewayMigrations,
  ]);
  return database;
};

const USERS = ['user_a', 'user_b', 'user_c'] as const;

const amount = fc.integer({ min: 0, max: 60_000 });
const mode = fc.constantFrom('standard', 'strict');
const period = fc.constantFrom(...PERIODS);

type Limits = {
  readonly organisation: { amountMicros: number; period: (typeof PERIODS)[number]; mode: 'standard' | 'strict' } | null;
  readonly user: { amountMicros: number; period: (typeof PERIODS)[number]; mode: 'standard' | 'strict' } | null;
  readonly pool: { amountMicros: number; period: (typeof PERIODS)[number]; mode: 'standard' | 'strict' } | null;
  readonly included: number | null;
};

const limit = fc.option(fc.record({ amountMicros: amount, period, mode }));

const limits: fc.Arbitrary<Limits> = fc.record({
  organisation: limit,
  user: limit,
  pool: limit,
  included: fc.option(fc.integer({ min: 0, max: 20_000 })),
});

const ceiling = (account: string, scope: Ceiling['scope'], one: NonNullable<Limits['user']>): Ceiling => ({
  limitId: `spl_${account}`,
  scope,
  account,
  ladder: [],
  ...one,
});

const boundsFor = ({ organisation, user, pool, included }: Limits, userId: string): Bounds => ({
  ceilings: [
    ...(organisation === null ? [] : [ceiling('organization', { type: 'organization_total' }, organisation)]),
    ...(user === null ? [] : [ceiling(`user:${userId}`, { type: 'user', userId }, user)]),
    ...(pool === null ? [] : [ceiling('pool:g', { type: 'rbac_group_pool', groupId: 'g' }, pool)]),
  ],
  included: included === null ? null : { account: `included:${userId}`, period: 'monthly', amountMicros: included },
});

type Step =
  | { readonly do: 'begin'; readonly user: number; readonly promptBytes: number; readonly maxTokens: number }
  | { readonly do: 'end'; readonly which: number; readonly share: number }
  | { readonly do: 'crash' }
  | { readonly do: 'limits'; readonly limits: Limits }
  | { readonly do: 'wait'; readonly ms: number };

const step: fc.Arbitrary<Step> = fc.oneof(
  {
    weight: 8,
    arbitrary: fc.record({
      do: fc.constant('begin' as const),
      user: fc.nat(USERS.length - 1),
      promptBytes: fc.nat(8_000),
      maxTokens: fc.integer({ min: 1, max: 4_000 }),
    }),
  },
  {
    weight: 6,
    arbitrary: fc.record({
      do: fc.constant('end' as const),
      which: fc.nat(50),
      share: fc.double({ min: 0, max: 1, noNaN: true }),
    }),
  },
  { weight: 1, arbitrary: fc.constant({ do: 'crash' as const }) },
  { weight: 2, arbitrary: fc.record({ do: fc.constant('limits' as const), limits }) },
  {
    weight: 4,
    // Over midnight, into next week and month, and a clock that is put back.
    arbitrary: fc.record({
      do: fc.constant('wait' as const),
      ms: fc.constantFrom(1, 500, 3_600_000, DAY_MS, 8 * DAY_MS, -5_000, -DAY_MS),
    }),
  },
);

/** What must hold of every verdict by itself. */
const holdsOf = (verdict: Awaited<ReturnType<World['begin']>>['verdict']): void => {
  if (verdict.effect !== 'granted' || verdict.reservation === null) return;
  const { reservation, standings } = verdict;
  for (const { ceiling: one, balance } of standings) {
    const held = new Map(reservation.held).get(one.account) ?? 0;
    const left = one.amountMicros - balance.openMicros - balance.settledMicros;
    if (one.mode === 'strict') expect(held).toBeLessThanOrEqual(Math.max(0, left));
    else if (reservation.includedRoomMicros === 0) expect(left).toBeGreaterThan(0);
  }
};

/** Runs steps; what has been held and spent under strict limits alone must stay within them at every moment. */
const play = async (world: World, clock: { now: number }, steps: readonly Step[], first: Limits): Promise<void> => {
  let now: Limits = first;
  let running: Running[] = [];
  for (const one of steps) {
    switch (one.do) {
      case 'begin': {
        const userId = USERS[one.user] ?? USERS[0];
        const { verdict, running: begun } = await world.begin({ ...one, userId }, boundsFor(now, userId));
        expect(verdict.effect).not.toBe('unknown');
        holdsOf(verdict);
        if (begun !== undefined) running.push(begun);
        break;
      }
      case 'end': {
        const [ended] = running.splice(one.which % Math.max(1, running.length), 1);
        if (ended !== undefined) world.end(ended, one.share);
        break;
      }
      case 'crash':
        running = [];
        await world.crash();
        break;
      case 'limits':
        now = one.limits;
        break;
      case 'wait':
        clock.now += one.ms;
        break;
      default:
        one satisfies never;
    }
  }
  for (const left of running) world.end(left, 0.5);
};

const RUNS = { sqlite: Number(process.env.LEDGER_RUNS ?? 300), postgres: Number(process.env.LEDGER_RUNS ?? 60) };

forEachDatabase((engine, open) => {
  it('open and settled add up to the counters, whatever happens in whatever order', async () => {
    const database = await prepare(await open({ journalPaceMs: 1 }));
    const clock = { now: Date.UTC(2026, 10, 29, 23, 59, 58) };
    const world = await openWorld(database, () => clock.now);
    await fc.assert(
      fc.asyncProperty(fc.array(step, { minLength: 1, maxLength: 40 }), limits, async (steps, first) => {
        clock.now = Date.UTC(2026, 10, 29, 23, 59, 58);
        await world.wipe();
        await play(world, clock, steps, first);
        const found = await world.verify();
        expect(found.drifts).toEqual([]);
        expect(found.openMicros).toBe(0);
        expect(world.failures).toEqual([]);
      }),
      { numRuns: RUNS[engine] },
    );
  }, 600_000);
});
