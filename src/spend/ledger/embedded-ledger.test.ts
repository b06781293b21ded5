import { expect, it, onTestFinished } from 'vitest';
import { accessMigrations } from '../../access/index.ts';
import { activityMigrations } from '../../activity/index.ts';
import { directoryMigrations } from '../../directory/index.ts';
import { DAY_MS, dayOf } from '../../kernel/index.ts';
import { type Database, migrate, openTemporaryDatabase } from '../../platform/index.ts';
import { spendMigrations } from '../migrations.ts';
import { openEmbeddedLedger } from './embedded-ledger.ts';
import { type Ledger, movesOf, type Verdict } from './ledger.ts';
import type { Bounds } from './rules/ceiling.ts';
import type { LedgerTables } from './tables.ts';

const TODAY = Date.UTC(2026, 10, 27, 12);

const BOUNDS: Bounds = {
  ceilings: [
    {
      limitId: 'spl_1',
      scope: { type: 'user', userId: 'a' },
      account: 'user:a',
      period: 'monthly',
      amountMicros: 1000,
      mode: 'standard',
      ladder: [],
    },
  ],
  included: null,
};

const openMigrated = async (): Promise<Database> => {
  const database = await openTemporaryDatabase();
  onTestFinished(() => database.close());
  await migrate(database, [...activityMigrations, ...directoryMigrations, ...accessMigrations, ...spendMigrations]);
  return database;
};

const reserve = (ledger: Ledger, startedAt: number): Verdict => {
  let answered: Verdict | undefined;
  ledger.reserve(
    {
      requestId: `req_${startedAt}`,
      startedAt,
      expiresAt: startedAt + 3_600_000,
      bounds: BOUNDS,
      expectedMicros: 10,
      worst: 'unbounded',
      maxTokens: 1,
      minTokens: 1,
    },
    (verdict) => {
      answered = verdict;
    },
  );
  if (answered === undefined) throw new Error('The ledger of one process answers at once');
  return answered;
};

/** A request of some time that costs so much, from its beginning to its end. */
const spend = (ledger: Ledger, startedAt: number, costMicros: number): void => {
  const verdict = reserve(ledger, startedAt);
  if (verdict.effect !== 'granted') throw new Error('There was nothing left');
  const end = { standing: [], reservation: verdict.reservation, startedDay: dayOf(startedAt), costMicros };
  ledger.ended(end, movesOf(end));
};

it('remembers what was spent this month after a clock that was a year ahead for some days', async () => {
  const ledger = await openEmbeddedLedger(await openMigrated(), () => TODAY);
  spend(ledger, TODAY, 1500);
  expect(reserve(ledger, TODAY).effect).toBe('refused');
  for (const day of [365, 366, 367]) spend(ledger, TODAY + day * DAY_MS, 1);
  expect(reserve(ledger, TODAY).effect).toBe('refused');
  expect(reserve(ledger, TODAY + DAY_MS).effect).toBe('refused');
});

it('remembers what was spent this month where it started while the clock was a year ahead', async () => {
  const database = await openMigrated();
  const account = { account: 'user:a', open_micros: 0, settled_micros: 1500 };
  await database
    .tables<LedgerTables>()
    .insertInto('spend_counters')
    .values({ ...account, day: dayOf(TODAY) })
    .execute();
  const ledger = await openEmbeddedLedger(database, () => TODAY + 365 * DAY_MS);
  expect(reserve(ledger, TODAY + 365 * DAY_MS).effect).toBe('granted');
  expect(reserve(ledger, TODAY).effect).toBe('refused');
});
