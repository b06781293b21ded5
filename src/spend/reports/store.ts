import { sql as raw } from 'kysely';
import { type Day, type DayRange, type Micros, PERIODS, type Period, windowOf } from '../../kernel/index.ts';
import type { Sql } from '../../platform/index.ts';
import type { Sums } from '../ledger/counter-store.ts';
import type { Account } from '../ledger/rules/account.ts';
import type { LedgerTables } from '../ledger/tables.ts';

/** What stands in an account in the window of each period: spent, and held for requests that run. */
export type PeriodSums = { readonly [P in Period]: Micros };

/** Accounts per statement; both engines take more. */
const ACCOUNTS_PER_READING = 5000;

/** The sums of counters as reports ask for them. Days and accounts with nothing are absent. */
export const reportStore = (sql: Sql) => {
  const counters = () => sql.tables<LedgerTables>().selectFrom('spend_counters');
  const readSome = async (accounts: readonly Account[], { from, until }: DayRange) =>
    counters()
      .select(({ fn }) => [
        'day',
        fn.sum<number>('open_micros').as('open'),
        fn.sum<number>('settled_micros').as('settled'),
      ])
      .where('account', 'in', [...accounts])
      .where('day', '>=', from)
      .where('day', '<', until)
      .groupBy('day')
      .execute();
  return {
    /** What stands in some accounts together, by day. */
    readDays: async (accounts: readonly Account[], range: DayRange): Promise<ReadonlyMap<Day, Sums>> => {
      const days = new Map<Day, Sums>();
      for (let at = 0; at < accounts.length; at += ACCOUNTS_PER_READING)
        for (const row of await readSome(accounts.slice(at, at + ACCOUNTS_PER_READING), range)) {
          const before = days.get(row.day);
          days.set(row.day, {
            openMicros: (before?.openMicros ?? 0) + Number(row.open),
            settledMicros: (before?.settledMicros ?? 0) + Number(row.settled),
          });
        }
      return days;
    },
    /** What was spent in every account whose name begins with `kind:`, by what follows. Nothing spent is left out. */
    readKind: async (kind: string, { from, until }: DayRange): Promise<ReadonlyMap<string, Micros>> => {
      const rows = await counters()
        .select(({ fn }) => ['account', fn.sum<number>('settled_micros').as('settled')])
        .where('account', '>=', `${kind}:`)
        // The character behind the colon: accounts of the kind stand before it.
        .where('account', '<', `${kind};`)
        .where('day', '>=', from)
        .where('day', '<', until)
        .groupBy('account')
        .execute();
      return new Map(
        rows
          .map(({ account, settled }): [string, Micros] => [account.slice(kind.length + 1), Number(settled)])
          .filter(([, micros]) => micros !== 0),
      );
    },
    /** What stands in every account of a kind in the windows that hold `today`, in one pass over the longest of them. */
    readPeriods: async (kind: string, today: Day): Promise<ReadonlyMap<Account, PeriodSums>> => {
      const from = (period: Period): Day => windowOf(period, today).from;
      const sumSince = (period: Period) =>
        raw<number>`sum(case when day >= ${raw.lit(from(period))} then open_micros + settled_micros else 0 end)`;
      const rows = await counters()
        .select('account')
        .select([sumSince('daily').as('daily'), sumSince('weekly').as('weekly'), sumSince('monthly').as('monthly')])
        .where((row) =>
          row.or([
            row('account', '=', kind),
            row.and([row('account', '>=', `${kind}:`), row('account', '<', `${kind};`)]),
          ]),
        )
        .where('day', '>=', Math.min(...PERIODS.map(from)))
        .where('day', '<=', today)
        .groupBy('account')
        .execute();
      return new Map(
        rows.map(({ account, daily, weekly, monthly }) => [
          account,
          { daily: Number(daily), weekly: Number(weekly), monthly: Number(monthly) },
        ]),
      );
    },
  };
};
