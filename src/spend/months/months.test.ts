import fc from 'fast-check';
import { expect, it, onTestFinished } from 'vitest';
import { forEachDatabase } from '../../../tests/support/databases.ts';
import { createGroup } from '../../directory/groups/change-group.ts';
import { addGroupMember } from '../../directory/groups/change-membership.ts';
import { BY_TEST } from '../../directory/testing/open-directory.ts';
import { type Day, dayOf, windowOf } from '../../kernel/index.ts';
import type { Database } from '../../platform/index.ts';
import { moveCounters } from '../ledger/move-counters.ts';
import { setLimit } from '../limits/set-limit.ts';
import { reportStore } from '../reports/store.ts';
import { openReports, usd } from '../reports/testing/open-reports.ts';
import { buildMonth } from './build-month.ts';
import { createKeepMonths } from './keep-months.ts';
import { forgetMonths, monthStore } from './month-store.ts';
import type { MonthTables } from './tables.ts';
import { countMonthDrifts } from './verify-months.ts';

// The clock of the tests stands at Monday, 2 November 2026.
const TODAY = dayOf(Date.UTC(2026, 10, 2));
const OCTOBER = windowOf('monthly', TODAY - 5);
const DOLLAR = 1_000_000;
const HOUR_MS = 3_600_000;
const ON = new AbortController().signal;

const open = async (database: Database) => {
  const at = await openReports(database);
  onTestFinished(() => at.close());
  const { now } = at.deps;
  const clock = { ms: 0 };
  /** Moves somebody's counter of a day and the organisation's with it, as every request does. */
  const spend = (account: string, day: Day, micros: number) =>
    database.transaction((sql) =>
      moveCounters(
        sql,
        ['organization', account].map((one) => ({ account: one, day, openMicros: 0, settledMicros: micros })),
      ),
    );
  const keep = createKeepMonths({ database, now: () => now() + 2 * HOUR_MS }, () => clock.ms);
  const generations = async () =>
    (await database.tables<MonthTables>().selectFrom('spend_months').select('generation').distinct().execute()).length;
  return {
    ...at,
    spendDeps: at.spend,
    database,
    now,
    spend,
    generations,
    /** Runs the job, later than any pause it makes. */
    keepLater: async () => {
      clock.ms += HOUR_MS;
      await keep(ON);
    },
    built: () => monthStore(database).readBuilt({ from: TODAY - 400, until: TODAY + 1 }),
    sums: async (kind: string, from: Day, until: Day) => {
      const store = reportStore(database);
      return Object.fromEntries(await store.readKind(kind, await store.planOf({ from, until })));
    },
  };
};

forEachDatabase((_engine, openDatabase) => {
  it('a report is the same by months as by days, whatever was spent and whichever days are asked for', async () => {
    const { spend, sums, keepLater, built } = await open(await openDatabase());
    const accounts = ['user:a', 'user:b', 'user:c', 'key:k', 'model:m', 'service:g', 'pool:g'];
    const moves = fc.sample(
      fc.tuple(
        fc.constantFrom(...accounts),
        fc.integer({ min: TODAY - 100, max: TODAY }),
        fc.integer({ min: 1, max: 1e9 }),
      ),
      { numRuns: 200, seed: 7 },
    );
    for (const [account, day, micros] of moves) await spend(account, day, micros);
    await keepLater();
    const over = moves.map(([, day]) => day).filter((day) => day < TODAY);
    expect(new Set((await built()).map(({ from }) => from))).toEqual(
      new Set(over.map((day) => windowOf('monthly', day).from)),
    );
    const byDay = (kind: string, from: Day, until: Day) =>
      Object.fromEntries(
        accounts
          .filter((account) => account.startsWith(`${kind}:`))
          .map((account): [string, number] => [
            account.slice(kind.length + 1),
            moves
              .filter(([one, day]) => one === account && day >= from && day < until)
              .reduce((sum, move) => sum + move[2], 0),
          ])
          .filter(([, micros]) => micros !== 0),
      );
    const ranges = fc.sample(fc.tuple(fc.integer({ min: TODAY - 110, max: TODAY }), fc.integer({ min: 1, max: 100 })), {
      numRuns: 30,
      seed: 7,
    });
    for (const [from, length] of ranges)
      for (const kind of ['user', 'key', 'pool'])
        expect([from, length, await sums(kind, from, from + length)]).toEqual([
          from,
          length,
          byDay(kind, from, from + length),
        ]);
  });

  it('what comes in late for a day that is over counts at once, and in the month made anew', async () => {
    const { spend, sums, keepLater, built } = await open(await openDatabase());
    await spend('user:a', TODAY - 10, DOLLAR);
    await keepLater();
    expect(await built()).toHaveLength(1);
    await spend('user:a', TODAY - 10, DOLLAR);
    expect(await built()).toEqual([]);
    expect(await sums('user', OCTOBER.from, OCTOBER.until)).toEqual({ a: 2 * DOLLAR });
    await keepLater();
    expect(await built()).toHaveLength(1);
    expect(await sums('user', OCTOBER.from, OCTOBER.until)).toEqual({ a: 2 * DOLLAR });
  });

  it('days whose counters move against one another are read by day until their months are made anew', async () => {
    const { database, spend, sums, keepLater, built } = await open(await openDatabase());
    await spend('user:a', TODAY - 10, 5 * DOLLAR);
    await spend('user:b', TODAY - 10, DOLLAR);
    await keepLater();
    await database.transaction(async (sql) => {
      const move = (account: string, settledMicros: number) => ({
        account,
        day: TODAY - 10,
        openMicros: 0,
        settledMicros,
      });
      await moveCounters(sql, [move('user:a', -DOLLAR), move('user:b', DOLLAR)]);
      await forgetMonths(sql, [TODAY - 10]);
    });
    expect(await built()).toEqual([]);
    expect(await sums('user', OCTOBER.from, OCTOBER.until)).toEqual({ a: 4 * DOLLAR, b: 2 * DOLLAR });
    await keepLater();
    expect(await built()).toHaveLength(1);
    expect(await sums('user', OCTOBER.from, OCTOBER.until)).toEqual({ a: 4 * DOLLAR, b: 2 * DOLLAR });
  });

  it('a month is made by one of those who begin at the same moment, and what it replaces is deleted later', async () => {
    const { database, now, spend, generations, keepLater, built } = await open(await openDatabase());
    await spend('user:a', TODAY - 10, DOLLAR);
    const made = await Promise.all([1, 2, 3].map(() => buildMonth({ database, now }, OCTOBER, ON)));
    expect(made.filter(Boolean)).toHaveLength(1);
    await spend('user:a', TODAY - 9, DOLLAR);
    await keepLater();
    expect([await built(), await generations()]).toMatchObject([[{}], 2]);
    await createKeepMonths({ database, now: () => now() + 3 * HOUR_MS })(ON);
    expect([await built(), await generations()]).toMatchObject([[{}], 1]);
  });

  it('one that is stopped, or that was overtaken by spend, puts nothing in force and leaves nothing behind', async () => {
    const { database, now, spend, generations, built } = await open(await openDatabase());
    for (const account of ['user:a', 'key:k']) await spend(account, TODAY - 10, DOLLAR);
    expect(await buildMonth({ database, now }, OCTOBER, AbortSignal.abort())).toBe(false);
    expect([await built(), await generations()]).toEqual([[], 1]);
    const building = buildMonth({ database, now: () => now() + 1 }, OCTOBER, ON);
    await spend('user:a', TODAY - 10, DOLLAR);
    // Whether the spend came first or last, what is in force knows it.
    const isInForce = await building;
    expect(await built()).toHaveLength(isInForce ? 1 : 0);
    expect(await buildMonth({ database, now: () => now() + 2 }, OCTOBER, ON)).toBe(true);
    expect(await generations()).toBeLessThanOrEqual(2);
  });

  it('the check of the ledger finds a month that is not the sum of its days, and a rebuild drops it', async () => {
    const { database, spend, keepLater, built } = await open(await openDatabase());
    await spend('user:a', TODAY - 10, DOLLAR);
    await spend('pool:g', TODAY - 10, DOLLAR);
    await keepLater();
    const range = { from: TODAY - 20, until: TODAY + 1 };
    expect(await countMonthDrifts(database, range)).toBe(0);
    await database.tables<MonthTables>().updateTable('spend_months').set({ settled_micros: 7 }).execute();
    expect(await countMonthDrifts(database, range)).toBe(2);
    await forgetMonths(database, [range.from, range.until - 1]);
    expect([await countMonthDrifts(database, range), await built()]).toEqual([0, []]);
  });

  it('lists of members, groups and keys, and who is near a limit, are the same by months as by days', async () => {
    const at = await open(await openDatabase());
    const key = await at.keyOf(await at.add('owner', 'owner'));
    const [ada, bea] = [await at.add('ada'), await at.add('bea')];
    const builders = await createGroup(at.deps)('Builders', BY_TEST);
    for (const user of [ada, bea]) await addGroupMember(at.deps)(builders.id, user.id, BY_TEST);
    await setLimit(at.spendDeps)(
      { scope: { type: 'user', userId: ada.id }, period: 'monthly', amountMicros: 10 * DOLLAR },
      BY_TEST,
    );
    await at.spendDeps.spendPolicy.refresh();
    for (const [account, day, dollars] of [
      [`user:${ada.id}`, TODAY - 1, 6],
      [`user:${ada.id}`, TODAY, 3],
      [`user:${bea.id}`, TODAY - 1, 2],
      [`service:${builders.id}`, TODAY - 1, 4],
      ['key:apikey_1', TODAY - 1, 5],
    ] as const)
      await at.spend(account, day, dollars * DOLLAR);
    await at.policy.refresh();
    const paths = [
      'spend/lines?by=member',
      'spend/lines?by=group',
      'spend/lines?by=api_key',
      `spend/lines?by=member&rbac_group_id=${builders.id}&search=ada`,
      'spend/lines?by=member&limit=1',
      'spend/near_limits?percent=90',
    ];
    const ask = () =>
      Promise.all(paths.map(async (path) => (await at.send(`GET /v1/organizations/${path}`, { key })).body));
    const byDay = await ask();
    expect(byDay[0]).toMatchObject({ count: 2, data: [{ amount: usd(9) }, { amount: usd(2) }], other_amount: usd(9) });
    expect(byDay[1]).toMatchObject({ count: 1, data: [{ amount: usd(15), service_amount: usd(4) }] });
    expect(byDay[3]).toMatchObject({ count: 1, data: [{ name: 'ada' }] });
    expect(byDay[5]).toMatchObject({ count: 1, data: [{ percent: 90, used_amount: usd(9) }] });
    await at.keepLater();
    expect(await at.built()).toHaveLength(1);
    expect(await ask()).toEqual(byDay);
  });
});
