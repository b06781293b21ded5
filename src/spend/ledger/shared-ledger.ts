import { setTimeout as sleep } from 'node:timers/promises';
import { dayOf, windowOf } from '../../kernel/index.ts';
import type { Database, Sql } from '../../platform/index.ts';
import { readLines } from './counter-store.ts';
import { createCounters } from './counters.ts';
import { type HearSpent, type Ledger, type Reservation, type Reserve, reservationRow, type Verdict } from './ledger.ts';
import { moveCounters } from './move-counters.ts';
import { removeReservation, removeUnheard } from './reservation-store.ts';
import { type Account, TIMELESS } from './rules/account.ts';
import { type Admission, admit, standing } from './rules/admit.ts';
import { type Ceiling, isUnbounded } from './rules/ceiling.ts';
import { movesOfHold } from './rules/settle.ts';
import type { LedgerTables } from './tables.ts';

/** Reservations take turns on all nodes: what one has read is what the next one starts from. */
export const LEDGER_LOCK = 'remit_ledger';

/** Requests judged in one transaction; more wait for the next one. */
const TOGETHER_MAX = 200;

const ROWS_PER_STATEMENT = 500;

/** How soon the database is asked again that was away. */
const RETRY_MS = 1000;

type Waiting = { readonly ask: Reserve; readonly answer: (verdict: Verdict) => void };

const accountsOf = (asks: readonly Reserve[]): readonly Account[] => [
  ...new Set(
    asks.flatMap(({ bounds: { ceilings, included } }) => [
      ...ceilings.map(({ account }) => account),
      ...(included === null ? [] : [included.account]),
    ]),
  ),
];

/** The first day that any window of these requests reaches back to. */
const firstDayOf = (asks: readonly Reserve[]): number =>
  Math.min(
    ...asks.flatMap(({ startedAt }) => {
      const day = dayOf(startedAt);
      return [windowOf('weekly', day).from, windowOf('monthly', day).from];
    }),
  );

const reservationOf = (ask: Reserve, admission: Admission & { readonly effect: 'granted' }): Reservation => ({
  ...admission.hold,
  day: dayOf(ask.startedAt),
  requestId: ask.requestId,
  reservedAt: ask.startedAt,
  expiresAt: ask.expiresAt,
  bounds: ask.bounds,
  isStored: true,
});

/** Judges requests one after the other on what the database says, and writes down what they hold. */
const reserveTogether = async (sql: Sql, asks: readonly Reserve[], node: string): Promise<readonly Verdict[]> => {
  const counters = createCounters();
  for (const line of await readLines(sql, accountsOf(asks), firstDayOf(asks))) counters.move(line);
  const reservations: Reservation[] = [];
  const verdicts = asks.map((ask): Verdict => {
    const admission = admit(ask, counters.balances(ask.bounds, dayOf(ask.startedAt)));
    if (admission.effect === 'refused') return admission;
    const reservation = reservationOf(ask, admission);
    for (const move of movesOfHold(reservation)) counters.move(move);
    reservations.push(reservation);
    const { lowerMaxTokens, standings } = admission;
    return { effect: 'granted', reservation, lowerMaxTokens, standings };
  });
  const rows = reservations.map((reservation) => reservationRow(reservation, node));
  for (let at = 0; at < rows.length; at += ROWS_PER_STATEMENT)
    await sql
      .tables<LedgerTables>()
      .insertInto('reservations')
      .values(rows.slice(at, at + ROWS_PER_STATEMENT))
      .execute();
  await moveCounters(sql, reservations.flatMap(movesOfHold));
  return verdicts;
};

const givingBack = (reservation: Reservation) =>
  movesOfHold(reservation).map((move) => ({ ...move, openMicros: 0 - move.openMicros }));

/**
 * Gives back what requests hold when their reservations were committed without anybody hearing of it, as soon as the database
 * can be asked; those that expire before that are closed like all that expire.
 */
const takeBack = async (database: Database, asks: readonly Reserve[]): Promise<void> => {
  const requestIds = asks.map(({ requestId }) => requestId);
  const giveUpAt = performance.now() + Math.min(...asks.map(({ expiresAt, startedAt }) => expiresAt - startedAt));
  while (performance.now() < giveUpAt) {
    await sleep(RETRY_MS, undefined, { ref: false });
    const isDone = await database
      .transaction(async (sql) => {
        // Whoever was reserving holds the lock until it is known what became of it.
        await database.lock(sql, LEDGER_LOCK);
        await moveCounters(sql, (await removeUnheard(sql, requestIds)).flatMap(givingBack));
        return true;
      })
      .catch(() => false);
    if (isDone) return;
  }
};

/** What this node last saw of accounts, for warnings and gentler steps: good to a request of the same account. */
const createSeen = () => {
  const seen = new Map<string, { readonly from: number; micros: number }>();
  const keyOf = ({ account, period }: Pick<Ceiling, 'account' | 'period'>): string => `${period ?? ''} ${account}`;
  const fromOf = ({ period }: Pick<Ceiling, 'period'>, day: number): number =>
    period === null ? TIMELESS : windowOf(period, day).from;
  return {
    see: (ceiling: Ceiling, day: number, micros: number): void => {
      if (seen.size > 100_000) seen.clear();
      seen.set(keyOf(ceiling), { from: fromOf(ceiling, day), micros });
    },
    add: (ceiling: Ceiling, micros: number): number => {
      const line = seen.get(keyOf(ceiling));
      if (line === undefined) return micros;
      line.micros += micros;
      return line.micros;
    },
    of: (ceiling: Pick<Ceiling, 'account' | 'period'>, day: number): number => {
      const line = seen.get(keyOf(ceiling));
      return line !== undefined && line.from === fromOf(ceiling, day) ? line.micros : 0;
    },
  };
};

/**
 * The ledger of many processes on one database: requests that come together are judged in one transaction, under a lock
 * that all nodes take, on counters that only rows move. A request waits for that transaction before it goes out.
 */
export const openSharedLedger = (database: Database, node: string): Ledger => {
  const seen = createSeen();
  const listeners: HearSpent[] = [];
  const waiting: Waiting[] = [];
  let isRunning = false;
  /** What has been given back here; who asks afterwards is judged with it, or they would be refused for nothing. */
  let released: Promise<unknown> = Promise.resolve();

  const answerAll = (some: readonly Waiting[], verdictOf: (index: number) => Verdict): void => {
    for (const [index, { ask, answer }] of some.entries()) {
      const verdict = verdictOf(index);
      if (verdict.effect === 'granted')
        for (const { ceiling, balance } of verdict.standings)
          seen.see(ceiling, dayOf(ask.startedAt), standing(balance));
      answer(verdict);
    }
  };

  /** One verdict for each; none can be given while the database is away. */
  const judgeTogether = async (asks: readonly Reserve[]): Promise<readonly Verdict[]> => {
    try {
      return await database.transaction(async (sql) => {
        await database.lock(sql, LEDGER_LOCK);
        return reserveTogether(sql, asks, node);
      });
    } catch (thrown) {
      const error = thrown instanceof Error ? thrown : new Error(String(thrown));
      void takeBack(database, asks);
      return asks.map(() => ({ effect: 'unknown', error }));
    }
  };

  const run = async (): Promise<void> => {
    while (waiting.length > 0) {
      const some = waiting.splice(0, TOGETHER_MAX);
      const asks = some.map(({ ask }) => ask);
      await released;
      const verdicts = await judgeTogether(asks);
      answerAll(
        some,
        (index) => verdicts[index] ?? { effect: 'unknown', error: new Error('The ledger gave no verdict') },
      );
    }
    isRunning = false;
  };

  return {
    reserve: (ask, answer) => {
      if (isUnbounded(ask.bounds)) {
        answer({ effect: 'granted', reservation: null, lowerMaxTokens: null, standings: [] });
        return;
      }
      waiting.push({ ask, answer });
      if (isRunning) return;
      isRunning = true;
      // The requests of this turn of the event loop share the transaction.
      setImmediate(() => void run());
    },
    ended: ({ reservation, costMicros }) => {
      if (reservation === null) return;
      for (const ceiling of reservation.bounds.ceilings) {
        const spentMicros = seen.add(ceiling, costMicros);
        for (const listener of listeners) listener(ceiling, spentMicros, reservation.day);
      }
    },
    release: (reservation) => {
      const given = database
        .transaction(async (sql) => {
          if (!(await removeReservation(sql, reservation.requestId))) return;
          await moveCounters(sql, givingBack(reservation));
        })
        // It expires by itself.
        .catch(() => undefined);
      released = Promise.all([released, given]);
    },
    standings: (bounds, at) =>
      bounds.ceilings.map((ceiling) => ({
        ceiling,
        balance: { openMicros: 0, settledMicros: seen.of(ceiling, dayOf(at)) },
      })),
    correct: () => undefined,
    onSpent: (listener) => listeners.push(listener),
  };
};
