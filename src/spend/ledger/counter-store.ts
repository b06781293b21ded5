import type { DayRange, Micros } from '../../kernel/index.ts';
import type { Sql } from '../../platform/index.ts';
import type { Account } from './rules/account.ts';
import type { LedgerTables } from './tables.ts';

/** What an account holds: what is reserved for requests that run, and what has been spent. */
export type Sums = { readonly openMicros: Micros; readonly settledMicros: Micros };

/** Ids per statement; both engines take more. */
const ACCOUNTS_PER_READING = 1000;

/** What stands in accounts over a range of days; accounts with nothing are absent. */
export const readSums = async (
  sql: Sql,
  accounts: readonly Account[],
  { from, until }: DayRange,
): Promise<ReadonlyMap<Account, Sums>> => {
  const sums = new Map<Account, Sums>();
  for (let at = 0; at < accounts.length; at += ACCOUNTS_PER_READING) {
    const rows = await sql
      .tables<LedgerTables>()
      .selectFrom('spend_counters')
      .select(({ fn }) => [
        'account',
        fn.sum<number>('open_micros').as('open'),
        fn.sum<number>('settled_micros').as('settled'),
      ])
      .where('account', 'in', accounts.slice(at, at + ACCOUNTS_PER_READING))
      .where('day', '>=', from)
      .where('day', '<', until)
      .groupBy('account')
      .execute();
    for (const row of rows) sums.set(row.account, { openMicros: Number(row.open), settledMicros: Number(row.settled) });
  }
  return sums;
};
