import { sql as raw } from 'kysely';
import { type AccessTables, type KindFacts, rememberKinds } from '../../access/index.ts';
import { DAY_MS, type Day, dayOf, firstIdAt } from '../../kernel/index.ts';
import type { Database, Sql } from '../../platform/index.ts';
import { forgetMonths } from '../months/month-store.ts';
import { countMonthDrifts } from '../months/verify-months.ts';
import type { SpendTables } from '../tables.ts';
import { readCounters } from './counter-store.ts';
import { createCounters } from './counters.ts';
import { spellOut } from './held-accounts.ts';
import { type Ledger, reservationFrom } from './ledger.ts';
import { moveCounters } from './move-counters.ts';
import { standingAccounts, TIMELESS } from './rules/account.ts';
import { type CounterMove, movesOfEnd, movesOfHold } from './rules/settle.ts';
import { LEDGER_LOCK } from './shared-ledger.ts';
import type { LedgerTables } from './tables.ts';

type Tables = AccessTables & SpendTables & LedgerTables;

/** A counter that is not the sum of its rows: what the rows say less what the counter says. */
export type Drift = CounterMove;

/** What a check found: a ledger adds up that has no drifts. */
export type Verification = {
  readonly from: Day;
  readonly until: Day;
  readonly requests: number;
  readonly counters: number;
  readonly openMicros: number;
  readonly drifts: readonly Drift[];
  /** Accounts whose sums of months, which reports read, are not those of their days. */
  readonly monthDrifts: number;
};

const PAGE = 2000;

/** A request's id is made in the same moment as its start is read, which may be just before midnight. */
const ID_MARGIN_MS = 60_000;

/** Requests from an id on, or behind one: a single lower bound, as SQLite would seek by the other and read all in between. */
const readPage = async (sql: Sql, start: { readonly from: string } | { readonly after: string }, until: string) => {
  const first = 'from' in start ? start.from : start.after;
  const rows = await sql
    .tables<Tables>()
    .selectFrom('request_log')
    // PostgreSQL does not carry the lower bound over to the other tables, and would read them from their beginnings.
    .leftJoin('usage', (join) =>
      join.onRef('usage.request_id', '=', 'request_log.id').on('usage.request_id', '>=', first),
    )
    .leftJoin('reservations', (join) =>
      join.onRef('reservations.request_id', '=', 'request_log.id').on('reservations.request_id', '>=', first),
    )
    .select([
      'request_log.id',
      'request_log.started_at',
      'request_log.kind_id',
      'request_log.user_id',
      'usage.cost_micros',
      'reservations.node',
      'reservations.reserved_at',
      'reservations.expires_at',
      'reservations.day',
      'reservations.amount_micros',
      'reservations.included_room_micros',
      'reservations.accounts',
    ])
    .where('request_log.id', 'from' in start ? '>=' : '>', first)
    .where('request_log.id', '<', until)
    .orderBy('request_log.id')
    .limit(PAGE)
    .execute();
  return spellOut(sql, rows);
};

type Row = Awaited<ReturnType<typeof readPage>>[number];

const reservationOf = (row: Row) =>
  row.accounts === null
    ? null
    : reservationFrom({
        request_id: row.id,
        node: row.node ?? '',
        reserved_at: row.reserved_at ?? 0,
        expires_at: row.expires_at ?? 0,
        day: row.day ?? 0,
        amount_micros: row.amount_micros ?? 0,
        included_room_micros: row.included_room_micros ?? 0,
        accounts: row.accounts,
      });

/** What one request has moved so far. */
const movesOfRow = (row: Row, kind: KindFacts): readonly CounterMove[] => {
  const hold = reservationOf(row);
  const held = hold === null ? [] : movesOfHold(hold);
  if (row.cost_micros === null) return held;
  if (row.cost_micros === 0 && hold === null) return [];
  const standing = standingAccounts({
    userId: row.user_id,
    groupId: kind.group_id,
    keyId: kind.api_key_id,
    workspaceId: kind.workspace_id,
    modelId: kind.model_id,
  });
  return [...held, ...movesOfEnd({ standing, hold, day: dayOf(row.started_at), costMicros: row.cost_micros })];
};

/** Reservations of which no request was recorded (their node died in between) are held until they have expired. */
const readOrphans = async (sql: Sql, from: Day, until: Day) => {
  const rows = await sql
    .tables<Tables>()
    .selectFrom('reservations')
    .leftJoin('request_log', 'request_log.id', 'reservations.request_id')
    .leftJoin('usage', 'usage.request_id', 'reservations.request_id')
    .selectAll('reservations')
    .where('request_log.id', 'is', null)
    .where('usage.request_id', 'is', null)
    .where('reservations.day', '>=', from)
    .where('reservations.day', '<', until)
    .execute();
  return spellOut(sql, rows);
};

const countAgain = async (sql: Sql, from: Day, until: Day) => {
  const counters = createCounters();
  const first = firstIdAt('request', from * DAY_MS - ID_MARGIN_MS);
  const last = firstIdAt('request', until * DAY_MS + ID_MARGIN_MS);
  const readKinds = rememberKinds(sql);
  let requests = 0;
  let after = '';
  for (;;) {
    const rows = await readPage(sql, after === '' ? { from: first } : { after }, last);
    const kinds = await readKinds(rows.map(({ kind_id }) => kind_id));
    for (const row of rows) {
      const day = dayOf(row.started_at);
      const kind = kinds.get(row.kind_id);
      if (kind === undefined || kind.effect === 'deny' || day < from || day >= until) continue;
      requests += 1;
      for (const move of movesOfRow(row, kind)) counters.move(move);
    }
    after = rows.at(-1)?.id ?? after;
    if (rows.length < PAGE) break;
  }
  for (const row of await readOrphans(sql, from, until))
    for (const move of movesOfHold(reservationFrom(row))) counters.move(move);
  return { counters, requests };
};

const keyOf = ({ account, day }: Pick<CounterMove, 'account' | 'day'>): string => `${day} ${account}`;

const differences = (wanted: readonly CounterMove[], stored: readonly CounterMove[]): readonly Drift[] => {
  const lines = new Map(wanted.map((line) => [keyOf(line), line]));
  for (const line of stored) {
    const before = lines.get(keyOf(line)) ?? { ...line, openMicros: 0, settledMicros: 0 };
    lines.set(keyOf(line), {
      ...before,
      openMicros: before.openMicros - line.openMicros,
      settledMicros: before.settledMicros - line.settledMicros,
    });
  }
  return [...lines.values()].filter(({ openMicros, settledMicros }) => openMicros !== 0 || settledMicros !== 0);
};

/** What has a beginning before the days that are looked at cannot be counted again from them. */
const isComplete = (from: Day): boolean => from <= 1;

const verifyWithin = async (sql: Sql, from: Day, until: Day): Promise<Verification> => {
  const { counters, requests } = await countAgain(sql, from, until);
  const isWanted = ({ day }: CounterMove): boolean =>
    day === TIMELESS ? isComplete(from) : day >= from && day < until;
  const stored = (await readCounters(sql, from)).filter(isWanted);
  const wanted = counters.list().filter(isWanted);
  return {
    from,
    until,
    requests,
    counters: stored.length,
    openMicros: stored
      .filter(({ account }) => account === 'organization')
      .reduce((sum, line) => sum + line.openMicros, 0),
    drifts: differences(wanted, stored),
    monthDrifts: await countMonthDrifts(sql, { from, until }),
  };
};

/** One moment for everything that is read: a transaction of its own on SQLite, a snapshot on PostgreSQL. */
const atOneMoment = <R>(database: Database, run: (sql: Sql) => Promise<R>): Promise<R> =>
  database.transaction(async (sql) => {
    if (database.engine === 'postgres')
      await raw`SET TRANSACTION ISOLATION LEVEL REPEATABLE READ`.execute(sql.tables<unknown>());
    return run(sql);
  });

/**
 * Counts the days from `from` to `until` (exclusive) again from their rows and compares the counters with that. On SQLite
 * nothing else is written meanwhile; a month of a few hundred thousand requests takes seconds.
 */
export const verifyLedger = (
  database: Database,
  { from, until }: { readonly from: Day; readonly until: Day },
): Promise<Verification> => atOneMoment(database, (sql) => verifyWithin(sql, from, until));

/** Does the same, and puts counters right that do not add up; `note` writes in the same transaction. Answers what it found before. */
export const rebuildCounters = async (
  { database, ledger }: { readonly database: Database; readonly ledger: Ledger },
  { from, until }: { readonly from: Day; readonly until: Day },
  note: (sql: Sql, found: Verification) => Promise<void> = async () => undefined,
): Promise<Verification> => {
  const found = await database.transaction(async (sql) => {
    await database.lock(sql, LEDGER_LOCK);
    if (database.engine === 'postgres')
      // Ends of requests move counters too; they wait until the counters are right.
      await raw`LOCK TABLE spend_counters IN EXCLUSIVE MODE`.execute(sql.tables<unknown>());
    const verification = await verifyWithin(sql, from, until);
    await moveCounters(sql, verification.drifts);
    await forgetMonths(sql, [from, until - 1]);
    await note(sql, verification);
    return verification;
  });
  ledger.correct(found.drifts);
  return found;
};
