import { dayOf } from '../../kernel/index.ts';
import type { Database } from '../../platform/index.ts';
import { readCounters } from './counter-store.ts';
import { createCounters } from './counters.ts';
import { type Ledger, type Reservation, type Reserve, type Spent, standingsOf, type Verdict } from './ledger.ts';
import { admit, type BalanceOf } from './rules/admit.ts';
import { isUnbounded } from './rules/ceiling.ts';
import { movesOfHold } from './rules/settle.ts';

const UNTOUCHED: Verdict = { effect: 'granted', reservation: null, lowerMaxTokens: null, standings: [] };

/** A month has 31 days and a week may begin in the month before. */
const DAYS_KEPT = 38;

const backwards = (reservation: Reservation) =>
  movesOfHold(reservation).map((move) => ({ ...move, openMicros: 0 - move.openMicros }));

/**
 * The ledger of a process that is alone on its database: the counters stand in memory and are moved at once, so that no
 * two requests can be let through on the same money; the rows follow in the commits of the journal, and what is in memory
 * is read from them at the start. Reserving neither waits nor reads.
 */
export const openEmbeddedLedger = async (database: Database, now: () => number): Promise<Ledger> => {
  const counters = createCounters();
  const listeners: ((spent: Spent) => void)[] = [];

  const balanceAt =
    (day: number): BalanceOf =>
    ({ account, period }) =>
      counters.balance(account, period, day);

  const reserve = (ask: Reserve): Verdict => {
    if (isUnbounded(ask.bounds)) return UNTOUCHED;
    const day = dayOf(ask.startedAt);
    const admission = admit(ask, balanceAt(day));
    if (admission.effect === 'refused') return admission;
    const { requestId, startedAt, expiresAt, bounds } = ask;
    const reservation: Reservation = {
      ...admission.hold,
      day,
      requestId,
      reservedAt: startedAt,
      expiresAt,
      ceilings: bounds.ceilings,
      isStored: false,
    };
    for (const move of movesOfHold(reservation)) counters.move(move);
    const { lowerMaxTokens, standings } = admission;
    return { effect: 'granted', reservation, lowerMaxTokens, standings };
  };

  let lastDay = dayOf(now());
  const forgetOldDays = (): void => {
    const today = dayOf(now());
    if (today === lastDay) return;
    lastDay = today;
    counters.forgetBefore(today - DAYS_KEPT);
  };

  for (const move of await readCounters(database, dayOf(now()) - DAYS_KEPT)) counters.move(move);
  return {
    reserve: (ask, answer) => answer(reserve(ask)),
    ended: (end, moves) => {
      for (const move of moves) counters.move(move);
      if (end.reservation === null) return;
      const { day, ceilings } = end.reservation;
      for (const ceiling of ceilings) {
        const { settledMicros: spentMicros } = counters.balance(ceiling.account, ceiling.period, day);
        for (const listener of listeners) listener({ ceiling, day, spentMicros });
      }
      forgetOldDays();
    },
    release: (reservation) => {
      for (const move of backwards(reservation)) counters.move(move);
    },
    standings: (bounds, at) => standingsOf(bounds, balanceAt(dayOf(at))),
    correct: (moves) => {
      for (const move of moves) counters.move(move);
    },
    onSpent: (listener) => listeners.push(listener),
  };
};
