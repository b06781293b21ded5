import { type RawBuilder, sql as raw } from 'kysely';
import { type Day, type DayRange, type Micros, type Period, windowOf } from '../../kernel/index.ts';
import type { Sql } from '../../platform/index.ts';
import type { Sums } from '../ledger/counter-store.ts';
import { type Account, ORGANISATION } from '../ledger/rules/account.ts';
import type { LedgerTables } from '../ledger/tables.ts';
import { type AccountSum, monthStore } from '../months/month-store.ts';
import { type Piece, planRange } from '../months/rules/plan-range.ts';
import type { Line } from './rules/pick-lines.ts';
import { sumsOf } from './sums-sql.ts';

type AccountRow = { readonly account: string; readonly micros: number | string };

/** Which lines: `limit` of them behind a position; `among` narrows them to ids that a query answers. */
export type PageOfLines = {
  readonly limit: number;
  readonly after?: Pick<Line, 'id' | 'micros'> | undefined;
  readonly among?: RawBuilder<unknown> | undefined;
};

export type LinesPage = {
  readonly lines: readonly Line[];
  /** On all pages. */
  readonly count: number;
  /** Of every account, also of those that are left out. */
  readonly wholeMicros: Micros;
};

type PageRow = {
  readonly count: number | string;
  readonly whole: number | string | null;
  readonly id: string | null;
  readonly micros: number | string;
  readonly service: number | string | null;
};

type PageQuery = {
  /** What accounts spent; `lines` reads it by this name. */
  readonly sums: RawBuilder<unknown>;
  readonly lines: RawBuilder<unknown>;
  readonly page: PageOfLines;
};

/** Reads sums once, and cuts a page from them in the database: a hundred thousand lines stay there. */
const readPage = async (sql: Sql, { sums, lines, page: { limit, after } }: PageQuery): Promise<LinesPage> => {
  const behind =
    after === undefined
      ? raw``
      : raw`WHERE micros < ${after.micros} OR (micros = ${after.micros} AND id > ${after.id})`;
  const { rows } = await raw<PageRow>`
    WITH sums AS (${sums}), lines AS (${lines})
    SELECT whole.count, whole.whole, shown.id, shown.micros, shown.service
    FROM (SELECT (SELECT COUNT(*) FROM lines) AS count, (SELECT SUM(micros) FROM sums) AS whole) AS whole
    LEFT JOIN (SELECT id, micros, service FROM lines ${behind} ORDER BY micros DESC, id LIMIT ${raw.lit(limit)}) AS shown ON 1 = 1
    ORDER BY shown.micros DESC, shown.id`.execute(sql.tables<LedgerTables>());
  return {
    lines: rows.flatMap(({ id, micros, service }) =>
      id === null ? [] : [{ id, micros: Number(micros), serviceMicros: service === null ? null : Number(service) }],
    ),
    count: Number(rows[0]?.count ?? 0),
    wholeMicros: Number(rows[0]?.whole ?? 0),
  };
};

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
    /** How the sums of a range are to be read just now. */
    planOf: async (range: DayRange): Promise<readonly Piece[]> =>
      planRange(range, await monthStore(sql).readBuilt(range)),
    /** What was spent in every account whose name begins with `kind:`, by what follows. Nothing spent is left out. */
    readKind: async (kind: string, pieces: readonly Piece[]): Promise<ReadonlyMap<string, Micros>> => {
      const { rows } = await sumsOf(kind, pieces).execute(sql.tables<LedgerTables>());
      return new Map(
        (rows as readonly AccountRow[]).map(({ account, micros }) => [account.slice(kind.length + 1), Number(micros)]),
      );
    },
    /** One page of what {@link readKind} answers, the largest first, with how many lines there are and what all of a kind come to. */
    readKindPage: async (kind: string, pieces: readonly Piece[], page: PageOfLines): Promise<LinesPage> => {
      const ids =
        page.among === undefined ? raw`` : raw`WHERE substr(account, ${raw.lit(kind.length + 2)}) IN (${page.among})`;
      const lines = raw`SELECT substr(account, ${raw.lit(kind.length + 2)}) AS id, micros, NULL AS service FROM sums ${ids}`;
      return readPage(sql, { sums: sumsOf(kind, pieces), lines, page });
    },
    /** The same by group: what its members spent, each counted in all of their groups, and its service keys. */
    readGroupPage: async (pieces: readonly Piece[], page: PageOfLines): Promise<LinesPage> => {
      const among = page.among === undefined ? raw`` : raw`WHERE id IN (${page.among})`;
      const lines = raw`
        SELECT id, CAST(SUM(micros) AS bigint) AS micros, CAST(SUM(service) AS bigint) AS service FROM (
          SELECT group_id AS id, micros, 0 AS service FROM sums
            JOIN rbac_group_members ON user_id = substr(account, ${raw.lit('user:'.length + 1)})
          UNION ALL
          SELECT substr(account, ${raw.lit('service:'.length + 1)}), micros, micros FROM (${sumsOf('service', pieces)}) AS services
        ) AS spent ${among} GROUP BY id`;
      return readPage(sql, { sums: sumsOf('user', pieces), lines, page });
    },
    /**
     * What stands in the accounts of a kind in the window of a period that holds `today`, spent and held, by account; those with less
     * than `floorMicros` are left out.
     */
    readWindow: async (kind: string, period: Period, { today, floorMicros }: { today: Day; floorMicros: Micros }) => {
      const range = { from: windowOf(period, today).from, until: today + 1 };
      // Of the organisation there is one line a day, which no month repeats.
      const isByMonth = period === 'monthly' && kind !== ORGANISATION;
      const pieces = planRange(range, isByMonth ? await monthStore(sql).readBuilt(range) : []);
      const { rows } = await raw<AccountRow>`
        SELECT account, micros FROM (${sumsOf(kind, pieces, 'with held')}) AS sums
        WHERE micros >= ${floorMicros}`.execute(sql.tables<LedgerTables>());
      return rows.map(({ account, micros }): AccountSum => ({ account, micros: Number(micros) }));
    },
  };
};
