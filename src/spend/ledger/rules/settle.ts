import type { Day, Micros } from '../../../kernel/index.ts';
import { type Account, dayIn } from './account.ts';
import { type Hold, heldAt } from './admit.ts';

/** What a request adds to one counter. */
export type CounterMove = {
  readonly account: Account;
  readonly day: Day;
  readonly openMicros: Micros;
  readonly settledMicros: Micros;
};

/** A hold with where it is counted. */
export type DatedHold = Hold & { readonly day: Day };

/** How a cost divides: what the seat included, and what counts against limits. */
export const divideCost = (costMicros: Micros, includedRoomMicros: Micros) => {
  const includedMicros = Math.min(costMicros, Math.max(0, includedRoomMicros));
  return { includedMicros, creditsMicros: costMicros - includedMicros };
};

const isIncluded = (account: Account): boolean => account.startsWith('included:');

/** What making a reservation moves. */
export const movesOfHold = (hold: DatedHold): readonly CounterMove[] =>
  hold.accounts.map((account, at) => ({
    account,
    day: dayIn(account, hold.day),
    openMicros: heldAt(hold, at),
    settledMicros: 0,
  }));

const heldIn = (hold: Hold | null, account: Account): Micros => {
  const at = hold === null ? -1 : hold.accounts.indexOf(account);
  return hold === null || at === -1 ? 0 : heldAt(hold, at);
};

const NO_ACCOUNTS: readonly Account[] = [];

/**
 * What the end of a request moves: its hold goes, its cost comes. `standing` are the accounts that count every request,
 * under the day; those it held something in count too, those of pools and sessions among them.
 */
export const movesOfEnd = (end: {
  readonly standing: readonly Account[];
  readonly hold: DatedHold | null;
  readonly day: Day;
  readonly costMicros: Micros;
}): readonly CounterMove[] => {
  const { standing, hold, costMicros } = end;
  const { includedMicros, creditsMicros } = divideCost(costMicros, hold?.includedRoomMicros ?? 0);
  const day = hold?.day ?? end.day;
  const moves: CounterMove[] = standing.map((account) => ({
    account,
    day,
    openMicros: 0 - heldIn(hold, account),
    settledMicros: creditsMicros,
  }));
  for (const account of hold?.accounts ?? NO_ACCOUNTS) {
    if (standing.includes(account)) continue;
    const settledMicros = isIncluded(account) ? includedMicros : creditsMicros;
    moves.push({ account, day: dayIn(account, day), openMicros: 0 - heldIn(hold, account), settledMicros });
  }
  return moves;
};
