import { sql as raw } from 'kysely';
import type { Day, DayRange, Micros } from '../../kernel/index.ts';
import type { Sql } from '../../platform/index.ts';
import { ORGANISATION } from '../ledger/rules/account.ts';
import type { LedgerTables } from '../ledger/tables.ts';
import type { BuiltMonth } from './rules/plan-range.ts';
import type { MonthTables } from './tables.ts';

export type MonthState = Readonly<MonthTables['spend_month_states']>;

/** An account and what it spent in the days that are asked for. */
export type AccountSum = { readonly account: string; readonly micros: Micros };

type Tables = MonthTables & LedgerTables;

/** The kinds of accounts that are asked about by whole months. */
export const KINDS_BY_MONTH = ['user', 'service', 'key', 'workspace', 'model', 'pool'] as const;

const LONGEST_MONTH = 31;

const EXPIRED_CLOSED_WITHIN_MS = 600_000;

/** Few enough for the rows of the hot path, which stand in the same line, not to wait long. */
const ROWS_PER_STATEMENT = 1000;

/** What the accounts of a kind lie between: those whose names begin with `kind:`; the organisation's is one by itself. */
export const boundsOfKind = (kind: string) =>
  kind === ORGANISATION ? { first: kind, behind: `${kind}!` } : { first: `${kind}:`, behind: `${kind};` };

/** Where months and what they were made of live. */
export const monthStore = (sql: Sql) => {
  const tables = sql.tables<Tables>();
  return {
    /** The months of a range whose sums are still true: what they were made of comes to the same as then. */
    readBuilt: async ({ from, until }: DayRange): Promise<readonly BuiltMonth[]> => {
      const { rows } = await raw<{ generation: string; month: number; until: number }>`
        SELECT generation, month, until FROM spend_month_states
        WHERE generation IS NOT NULL AND until > ${from} AND month < ${until} AND total_micros = (
          SELECT COALESCE(SUM(settled_micros), 0) FROM spend_counters
          WHERE account = ${ORGANISATION} AND day >= month AND day < until)`.execute(tables);
      return rows.map(({ generation, month, until: end }) => ({ generation, from: Number(month), until: Number(end) }));
    },
    readStates: (): Promise<readonly MonthState[]> => tables.selectFrom('spend_month_states').selectAll().execute(),
    /** What the organisation spent by day, from a day on. */
    readTotals: async (from: Day): Promise<ReadonlyMap<Day, Micros>> => {
      const rows = await tables
        .selectFrom('spend_counters')
        .select(['day', 'settled_micros'])
        .where('account', '=', ORGANISATION)
        .where('day', '>=', from)
        .execute();
      return new Map(rows.map(({ day, settled_micros }) => [day, settled_micros]));
    },
    /** What the organisation spent in a range of days. */
    readTotal: async ({ from, until }: DayRange): Promise<Micros> => {
      const { total } = await tables
        .selectFrom('spend_counters')
        .select(({ fn }) => fn.sum<number | string | null>('settled_micros').as('total'))
        .where('account', '=', ORGANISATION)
        .where('day', '>=', from)
        .where('day', '<', until)
        .executeTakeFirstOrThrow();
      return Number(total ?? 0);
    },
    /** The first day on which something is held for requests that run; undefined where nothing is. */
    readFirstHeld: async (now: number): Promise<Day | undefined> => {
      const { day } = await tables
        .selectFrom('reservations')
        .select(({ fn }) => fn.min<number | null>('day').as('day'))
        .where('expires_at', '>=', now - EXPIRED_CLOSED_WITHIN_MS)
        .executeTakeFirstOrThrow();
      return day ?? undefined;
    },
    /** Claims a month for a generation that is to be made; tells whether nobody else holds it. */
    claim: async (month: Day, building: string, { now, until }: { now: number; until: number }): Promise<boolean> => {
      const claimed = await tables
        .insertInto('spend_month_states')
        .values({
          month,
          generation: null,
          until: month,
          total_micros: 0,
          touched: 0,
          published_at: 0,
          former: null,
          building,
          claimed_until: until,
        })
        .onConflict((conflict) =>
          conflict
            .column('month')
            .doUpdateSet({ building, claimed_until: until })
            .where('spend_month_states.claimed_until', '<', now),
        )
        .returning('month')
        .executeTakeFirst();
      return claimed !== undefined;
    },
    /** Changes a month whose claim still holds, and that nobody has touched since where that matters; tells whether it did. */
    update: async (
      { month, building, touched }: Pick<MonthState, 'month' | 'building'> & { readonly touched?: number },
      changes: Partial<MonthState>,
    ): Promise<boolean> => {
      let update = tables
        .updateTable('spend_month_states')
        .set(changes)
        .where('month', '=', month)
        .where('building', '=', building);
      if (touched !== undefined) update = update.where('touched', '=', touched);
      const { numUpdatedRows } = await update.executeTakeFirst();
      return numUpdatedRows > 0n;
    },
    find: (month: Day): Promise<MonthState | undefined> =>
      tables.selectFrom('spend_month_states').selectAll().where('month', '=', month).executeTakeFirst(),
    forgetFormer: async (month: Day): Promise<void> => {
      await tables.updateTable('spend_month_states').set({ former: null }).where('month', '=', month).execute();
    },
    /**
     * The next accounts of a kind behind `after`, with what they spent in a range; 0 of those who spent nothing. It jumps from
     * account to account, so that it costs the same however many other days there are.
     */
    sumNext: async (kind: string, after: string, { from, until }: DayRange): Promise<readonly AccountSum[]> => {
      const { behind } = boundsOfKind(kind);
      const next = (than: ReturnType<typeof raw>) =>
        raw`(SELECT MIN(account) FROM spend_counters WHERE account > ${than} AND account < ${behind})`;
      const { rows } = await raw<{ account: string; micros: number | string | null }>`
        WITH RECURSIVE found (account, place) AS (
          SELECT ${next(raw`${after}`)}, 1
          UNION ALL
          SELECT ${next(raw`found.account`)}, place + 1 FROM found
          WHERE found.account IS NOT NULL AND place < ${raw.lit(ROWS_PER_STATEMENT)}
        )
        SELECT account, (
          SELECT SUM(settled_micros) FROM spend_counters
          WHERE spend_counters.account = found.account AND day >= ${from} AND day < ${until}) AS micros
        FROM found WHERE account IS NOT NULL ORDER BY place`.execute(tables);
      return rows.map(({ account, micros }) => ({ account, micros: Number(micros ?? 0) }));
    },
    write: async (generation: string, sums: readonly AccountSum[]): Promise<void> => {
      const rows = sums.filter(({ micros }) => micros !== 0);
      if (rows.length === 0) return;
      await tables
        .insertInto('spend_months')
        .values(rows.map(({ account, micros }) => ({ generation, account, settled_micros: micros })))
        .execute();
    },
    /** Deletes some rows of a generation; tells whether there may be more. */
    deleteSome: async (generation: string): Promise<boolean> => {
      const some = tables
        .selectFrom('spend_months')
        .select('account')
        .where('generation', '=', generation)
        .orderBy('account')
        .limit(ROWS_PER_STATEMENT);
      const { numDeletedRows } = await tables
        .deleteFrom('spend_months')
        .where('generation', '=', generation)
        .where('account', 'in', some)
        .executeTakeFirst();
      return numDeletedRows > 0n;
    },
  };
};

/**
 * Makes the months that hold any of these days count no more, within the caller's transaction: they are read by day until they are
 * made anew. Needed where counters of a day move against one another; what moves their total shows by itself.
 */
export const forgetMonths = async (sql: Sql, days: readonly Day[]): Promise<void> => {
  if (days.length === 0) return;
  await sql
    .tables<Tables>()
    .updateTable('spend_month_states')
    .set((row) => ({ total_micros: -1, touched: row('touched', '+', 1) }))
    .where('month', '<=', Math.max(...days))
    .where('month', '>', Math.min(...days) - LONGEST_MONTH)
    .execute();
};
