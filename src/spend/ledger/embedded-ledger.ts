import { type Day, dayOf } from '../../kernel/index.ts';
import type { Database } from '../../platform/index.ts';
import { firstOfLatestDays, readCounters } from './counter-store.ts';
import { createCounters } from './counters.ts';
import type { HearSpent, Ledger, Reservation, Reserve, Verdict } from './ledger.ts';
import { dayIn } from './rules/account.ts';
import { admit, heldAt, standingsOf } from './rules/admit.ts';
import { isUnbounded } from './rules/ceiling.ts';
import type { DatedHold } from './rules/settle.ts';

const UNTOUCHED: Verdict = { effect: 'granted', reservation: null, lowerMaxTokens: null, standings: [] };

/** A month has 31 days and a week may begin in the month before. */
const DAYS_KEPT = 38;

/**
 * The ledger of a process that is alone on its database: the counters stand in memory and are moved at once, so that no
 * two requests can be let through on the same money; the rows follow in the commits of the journal, and what is in memory
 * is read from them at the start. Reserving neither waits nor reads.
 */
export const openEmbeddedLedger = async (database: Database, now: () => number): Promise<Ledger> => {
  const counters = createCounters();
  const listeners: HearSpent[] = [];

  /** Puts what a reservation holds into the counters, or takes it out of them. */
  const moveHold = (hold: DatedHold, sign: 1 | -1): void => {
    for (let at = 0; at < hold.accounts.length; at++) {
      const account = hold.accounts[at] ?? '';
      counters.move({ account, day: dayIn(account, hold.day), openMicros: sign * heldAt(hold, at), settledMicros: 0 });
    }
  };

  const reserve = (ask: Reserve): Verdict => {
    if (isUnbounded(ask.bounds)) return UNTOUCHED;
    const day = dayOf(ask.startedAt);
    const admission = admit(ask, counters.balances(ask.bounds, day));
    if (admission.effect === 'refused') return admission;
    const { requestId, startedAt, expiresAt, bounds } = ask;
    const reservation: Reservation = {
      ...admission.hold,
      day,
      requestId,
      reservedAt: startedAt,
      expiresAt,
      bounds,
      isStored: false,
    };
    moveHold(reservation, 1);
    const { lowerMaxTokens, standings } = admission;
    return { effect: 'granted', reservation, lowerMaxTokens, standings };
  };

  let lastDay = dayOf(now());
  // Of what was written, and not of the clock alone: it may be far ahead when a machine has just started.
  let firstDay = Math.min(lastDay - DAYS_KEPT, (await firstOfLatestDays(database, DAYS_KEPT + 1)) ?? 1);
  /** One day for each that comes: a clock that was far ahead for a while takes nothing of this month along. */
  const forgetBehind = (day: Day): void => {
    const wasFarAhead = day < lastDay - DAYS_KEPT;
    if (day <= lastDay && !wasFarAhead) return;
    lastDay = day;
    firstDay = Math.min(firstDay + 1, day - DAYS_KEPT);
    counters.forgetBefore(firstDay);
  };

  for (const move of await readCounters(database, firstDay)) counters.move(move);
  return {
    reserve: (ask, answer) => answer(reserve(ask)),
    ended: (end, moves) => {
      for (const move of moves) counters.move(move);
      if (end.reservation === null) return;
      const { day, bounds } = end.reservation;
      const { ofCeilings } = counters.balances(bounds, day);
      for (let at = 0; at < bounds.ceilings.length; at++) {
        const ceiling = bounds.ceilings[at];
        if (ceiling === undefined) continue;
        for (const listener of listeners) listener(ceiling, ofCeilings[at]?.settledMicros ?? 0, day);
      }
      forgetBehind(day);
    },
    release: (reservation) => moveHold(reservation, -1),
    standings: (bounds, at) => standingsOf(bounds, counters.balances(bounds, dayOf(at))),
    correct: (moves) => {
      for (const move of moves) counters.move(move);
    },
    onSpent: (listener) => listeners.push(listener),
  };
};
