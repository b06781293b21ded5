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

const heldIn = (held: Hold['held'], account: Account): Micros => {
  for (const line of held) if (line[0] === account) return line[1];
  return 0;
};

const NOTHING_HELD: Hold['held'] = [];

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
  const held = hold?.held ?? NOTHING_HELD;
  const day = hold?.day ?? end.day;
  const moves: CounterMove[] = [];
  for (const account of standing)
    moves.push({ account, day, openMicros: 0 - heldIn(held, account), settledMicros: creditsMicros });
  for (const line of held) {
    const account = line[0];
    if (standing.includes(account)) continue;
    const settledMicros = isIncluded(account) ? includedMicros : creditsMicros;
    moves.push({ account, day: dayIn(account, day), openMicros: 0 - line[1], settledMicros });
  }
  return moves;
};
