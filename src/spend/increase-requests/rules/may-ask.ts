import { DAY_MS, PERIODS, type Period } from '../../../kernel/index.ts';

/** For how long a member whose request was denied cannot ask again for that period. */
export const QUIET_DAYS = 30;

/** What there is to know of one period of a member. */
export type PeriodStanding = {
  readonly period: Period;
  /** Whether a limit of their own binds them; one that is unlimited does not. */
  readonly isLimited: boolean;
  readonly isReached: boolean;
  readonly isPending: boolean;
  /** When a request was last denied (epoch ms). */
  readonly deniedAt: number | null;
};

/** Why a member may not ask. */
export type MayNotAsk = 'switched_off' | 'no_limit' | 'pending' | 'denied_recently';

/** For which periods a member may ask for more, and if for none, why. */
export type MayAsk = { readonly periods: readonly Period[]; readonly because: MayNotAsk | null };

const isQuiet = ({ deniedAt }: PeriodStanding, now: number): boolean =>
  deniedAt !== null && now < deniedAt + QUIET_DAYS * DAY_MS;

/**
 * Who may ask: members with a limit of their own who wait for no answer, whatever period that is about, and for a period
 * not within thirty days of a denial (access-roles-spend-seats §5.5).
 */
export const mayAsk = (
  standings: readonly PeriodStanding[],
  { takesRequests, now }: { readonly takesRequests: boolean; readonly now: number },
): MayAsk => {
  if (!takesRequests) return { periods: [], because: 'switched_off' };
  const limited = standings.filter(({ isLimited }) => isLimited);
  if (limited.length === 0) return { periods: [], because: 'no_limit' };
  if (standings.some(({ isPending }) => isPending)) return { periods: [], because: 'pending' };
  const open = limited.filter((one) => !isQuiet(one, now));
  if (open.length > 0) return { periods: open.map(({ period }) => period), because: null };
  return { periods: [], because: 'denied_recently' };
};

/** The period to ask for when a member names none: the longest of those reached, else the longest they may ask for. */
export const periodToAskFor = (standings: readonly PeriodStanding[], { periods }: MayAsk): Period | undefined => {
  const longestFirst = [...PERIODS].reverse().filter((period) => periods.includes(period));
  const isReached = (period: Period) => standings.some((one) => one.period === period && one.isReached);
  return longestFirst.find(isReached) ?? longestFirst[0];
};
