import type { Day, DayRange, Micros } from '../../kernel/index.ts';
import type { Sql } from '../../platform/index.ts';
import { type Account, TIMELESS } from './rules/account.ts';
import type { CounterMove } from './rules/settle.ts';
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

const counters = (sql: Sql, from: number) =>
  sql
    .tables<LedgerTables>()
    .selectFrom('spend_counters')
    .selectAll()
    .where((row) => row.or([row('day', '>=', from), row('day', '=', TIMELESS)]));

const toMove = (row: LedgerTables['spend_counters']): CounterMove => ({
  account: row.account,
  day: row.day,
  openMicros: row.open_micros,
  settledMicros: row.settled_micros,
});

/** Every counter from a day on, and those that know no days. */
export const readCounters = async (sql: Sql, from: number): Promise<readonly CounterMove[]> =>
  (await counters(sql, from).execute()).map(toMove);

/** The counters of some accounts from a day on, and those of them that know no days. */
export const readLines = async (
  sql: Sql,
  accounts: readonly Account[],
  from: number,
): Promise<readonly CounterMove[]> => {
  const lines: CounterMove[] = [];
  for (let at = 0; at < accounts.length; at += ACCOUNTS_PER_READING) {
    const some = accounts.slice(at, at + ACCOUNTS_PER_READING);
    lines.push(...(await counters(sql, from).where('account', 'in', some).execute()).map(toMove));
  }
  return lines;
};

/** The first of so many latest days on which anything was counted; undefined where there were fewer. */
export const firstOfLatestDays = async (sql: Sql, days: number): Promise<Day | undefined> => {
  const row = await sql
    .tables<LedgerTables>()
    .selectFrom('spend_counters')
    .select('day')
    .distinct()
    .where('day', '!=', TIMELESS)
    .orderBy('day', 'desc')
    .limit(1)
    .offset(days - 1)
    .executeTakeFirst();
  return row?.day;
};
