import { DAY_MS, dayOf, type Micros, windowOf } from '../../../kernel/index.ts';
import type { Sql } from '../../../platform/index.ts';
import { readSums } from '../../ledger/counter-store.ts';
import { PREPAID, TIMELESS } from '../../ledger/rules/account.ts';
import { prepaidStore } from './store.ts';

/** What was paid for, what of it is spent, and what is held for requests that run. */
export type Balance = {
  readonly fundedMicros: Micros;
  readonly spentMicros: Micros;
  readonly heldMicros: Micros;
  /** What is left; below nothing when a request that completed crossed it. */
  readonly balanceMicros: Micros;
  /** What was bought by itself in the month that runs. */
  readonly reloadedThisMonthMicros: Micros;
};

/** Reads the balance as of `now`. */
export const readBalance = async (sql: Sql, now: number): Promise<Balance> => {
  const store = prepaidStore(sql);
  const monthStart = windowOf('monthly', dayOf(now)).from * DAY_MS;
  const [fundedMicros, reloadedThisMonthMicros, sums] = await Promise.all([
    store.readFunded(),
    store.readReloadedSince(monthStart),
    readSums(sql, [PREPAID], { from: TIMELESS, until: TIMELESS + 1 }),
  ]);
  const { settledMicros: spentMicros, openMicros: heldMicros } = sums.get(PREPAID) ?? {
    settledMicros: 0,
    openMicros: 0,
  };
  const balanceMicros = fundedMicros - spentMicros - heldMicros;
  return { fundedMicros, spentMicros, heldMicros, balanceMicros, reloadedThisMonthMicros };
};
