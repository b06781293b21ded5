import type { Day, Micros } from '../../../kernel/index.ts';
import { type Account, dayIn } from './account.ts';
import type { Hold } from './admit.ts';

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
export const movesOfHold = ({ held, day }: DatedHold): readonly CounterMove[] =>
  held.map(([account, micros]) => ({ account, day: dayIn(account, day), openMicros: micros, settledMicros: 0 }));

/**
 * What the end of a request moves: its hold goes, its cost comes. `standing` are the accounts that count every request;
 * those it held something in count too.
 */
export const movesOfEnd = (end: {
  readonly standing: readonly Account[];
  readonly hold: DatedHold | null;
  readonly day: Day;
  readonly costMicros: Micros;
}): readonly CounterMove[] => {
  const { standing, hold, day, costMicros } = end;
  const { includedMicros, creditsMicros } = divideCost(costMicros, hold?.includedRoomMicros ?? 0);
  const held = new Map(hold?.held);
  const accounts = new Set([...standing, ...held.keys()]);
  return [...accounts].map((account) => ({
    account,
    day: dayIn(account, hold?.day ?? day),
    openMicros: 0 - (held.get(account) ?? 0),
    settledMicros: isIncluded(account) ? includedMicros : creditsMicros,
  }));
};
