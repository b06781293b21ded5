import fc from 'fast-check';
import { expect, it, onTestFinished } from 'vitest';
import { forEachDatabase, type OpenDatabase } from '../../../tests/support/databases.ts';
import { accessMigrations } from '../../access/index.ts';
import { activityMigrations } from '../../activity/index.ts';
import { directoryMigrations } from '../../directory/index.ts';
import { dayOf } from '../../kernel/index.ts';
import { migrate } from '../../platform/index.ts';
import { spendMigrations, type Verdict } from '../../spend/index.ts';
import { gatewayMigrations } from '../migrations.ts';
import { type LedgerNode, REQUEST_MS_MAX } from './testing/ledger-node.ts';
import {
  anyLimits,
  anySteps,
  boundsFor,
  type Limits,
  quietSteps,
  type Step,
  strictLimits,
  USERS,
} from './testing/ledger-steps.ts';
import { openWorld, type World } from './testing/ledger-world.ts';

const ACCOUNTS = ['organization', 'pool:g', ...USERS.flatMap((id) => [`user:${id}`, `included:${id}`])];

const START = Date.UTC(2026, 10, 29, 23, 59, 58);

/** What must hold of every verdict by itself. */
const holdsOf = (verdict: Verdict): void => {
  expect(verdict.effect).not.toBe('unknown');
  if (verdict.effect !== 'granted' || verdict.reservation === null) return;
  const { reservation, standings } = verdict;
  for (const { ceiling: one, balance } of standings) {
    const at = reservation.accounts.indexOf(one.account);
    const held = at === -1 ? 0 : (reservation.parts?.[at] ?? reservation.amountMicros);
    const left = one.amountMicros - balance.openMicros - balance.settledMicros;
    if (one.mode === 'strict') expect(held).toBeLessThanOrEqual(Math.max(0, left));
    else if (reservation.includedRoomMicros === 0) expect(left).toBeGreaterThan(0);
  }
};

type Clock = { now: number; latest: number };

/** Lets steps happen, the first with these limits; what runs at the end runs on. */
const play = async (world: World, clock: Clock, steps: readonly Step[], first: Limits): Promise<void> => {
  let limits = first;
  const underWay: Promise<void>[] = [];
  const on = (index: number): LedgerNode => {
    const node = world.nodes[index % world.nodes.length];
    if (node === undefined) throw new Error('There is no node');
    return node;
  };
  const take = async (step: Step): Promise<void> => {
    switch (step.do) {
      case 'begin': {
        const asked = step.wishes.map((wish) => {
          const userId = USERS[wish.user] ?? USERS[0];
          return on(step.node).begin({ ...wish, userId }, boundsFor(limits, userId));
        });
        for (const verdict of await Promise.all(asked)) holdsOf(verdict);
        return;
      }
      case 'end':
        return on(step.node).end(step.which, step.share);
      case 'crash':
        // What the dying process has sent to the database is decided there before it comes back.
        await Promise.all(underWay.splice(0));
        return on(step.node).crash(step.lostSteps);
      case 'limits':
        limits = step.limits;
        return;
      case 'wait':
        clock.now += step.ms;
        clock.latest = Math.max(clock.latest, clock.now);
        for (const index of step.expireOn) await on(index).expire();
        return;
      case 'price':
        await on(step.node).desk.change(step.rule);
        await world.refreshPrices();
        return;
      case 'rerate': {
        const from = dayOf(clock.now) + step.from;
        await on(step.node).desk.book(step.book, { from, until: Math.min(from + step.days, dayOf(clock.now) + 1) });
        return;
      }
      case 'goOn': {
        const going = on(step.node).desk.goOn(step.pieces);
        if (step.isAwaited) await going;
        else underWay.push(going);
        return;
      }
      default:
        step satisfies never;
    }
  };
  for (const step of steps) {
    await take(step);
    for (const node of world.nodes) node.nextStep();
  }
  await Promise.all(underWay);
};

/** The rows, the counters and what nodes know by heart say the same. */
const addsUp = async (world: World) => {
  const found = await world.verify();
  expect(found.drifts).toEqual([]);
  expect(world.failures()).toEqual([]);
  for (const node of world.nodes) expect(await node.memoryDrift(ACCOUNTS)).toEqual([]);
  return found;
};

/** Ends what runs, lets what nobody ends expire, and finishes what is being re-rated. */
const comeToRest = async (world: World, clock: Clock): Promise<void> => {
  for (const node of world.nodes) while (node.running > 0) node.end(0, 0.5);
  await world.settle();
  const wasPutBack = clock.now < clock.latest;
  clock.now = clock.latest + 2 * REQUEST_MS_MAX;
  for (const node of world.nodes) {
    // A job that has looked as far as a clock that was wrong finds what is before it after a restart.
    if (wasPutBack) await node.restart();
    await node.expire();
    await node.desk.goOn(1_000);
  }
};

/** The long form is `npm run prove -- ledger`. */
const SQLITE_RUNS = Number(process.env.LEDGER_RUNS ?? 300);
const RUNS = { sqlite: SQLITE_RUNS, postgres: Math.ceil(SQLITE_RUNS / 10) };

const NODES = { sqlite: ['one'], postgres: ['one', 'two'] };

const openEmptyWorld = async (open: OpenDatabase) => {
  const database = await open({ journalPaceMs: 1 });
  await migrate(database, [
    ...activityMigrations,
    ...directoryMigrations,
    ...accessMigrations,
    ...spendMigrations,
    ...gatewayMigrations,
  ]);
  const clock: Clock = { now: START, latest: START };
  const world = await openWorld(database, () => clock.now, NODES[database.engine]);
  onTestFinished(() => world.close());
  const begin = async () => {
    clock.now = START;
    clock.latest = START;
    await world.wipe();
  };
  return { world, clock, begin };
};

const HOURS = 3_600_000;

forEachDatabase((engine, open) => {
  it(
    'open and settled add up to the counters, and each cost to its book, whatever happens in whatever order',
    async () => {
      const { world, clock, begin } = await openEmptyWorld(open);
      await fc.assert(
        fc.asyncProperty(anySteps, anyLimits, async (steps, first) => {
          await begin();
          await play(world, clock, steps, first);
          await addsUp(world);
          expect(await world.wronglyCharged()).toEqual([]);
          await comeToRest(world, clock);
          expect((await addsUp(world)).openMicros).toBe(0);
          expect(await world.wronglyCharged()).toEqual([]);
          expect(await world.strangeReratings()).toEqual([]);
        }),
        { numRuns: RUNS[engine] },
      );
    },
    HOURS,
  );

  it(
    'no window of a strict limit ever holds more than its amount',
    async () => {
      const { world, clock, begin } = await openEmptyWorld(open);
      await fc.assert(
        fc.asyncProperty(quietSteps, strictLimits, async (steps, limits) => {
          await begin();
          await play(world, clock, steps, limits);
          await addsUp(world);
          for (const userId of USERS)
            for (const { account, period, amountMicros } of boundsFor(limits, userId).ceilings)
              for (const micros of await world.windowsOf(account, period ?? 'monthly'))
                expect(micros).toBeLessThanOrEqual(amountMicros);
        }),
        { numRuns: Math.ceil(RUNS[engine] / 4) },
      );
    },
    HOURS,
  );
});
