import type { Micros } from '../../../kernel/index.ts';
import type { Account } from './account.ts';
import type { Bounds, Ceiling } from './ceiling.ts';
import { tokensFor, type WorstCost, worstTotal } from './worst-cost.ts';

/** What stands in an account in the window of a ceiling. */
export type Balance = { readonly openMicros: Micros; readonly settledMicros: Micros };

export const standing = ({ openMicros, settledMicros }: Balance): Micros => openMicros + settledMicros;

/** What one request wants to spend. */
export type Ask = {
  readonly bounds: Bounds;
  /** What such a request costs, about. */
  readonly expectedMicros: Micros;
  /** The most it can cost; `unbounded` where nobody can say beforehand (searches, connectors, files from elsewhere). */
  readonly worst: WorstCost | 'unbounded';
  /** Tokens it may write. */
  readonly maxTokens: number;
  /** How far that may be lowered; the same as `maxTokens` where it may not. */
  readonly minTokens: number;
};

/** A ceiling with what stands against it. */
export type Standing = { readonly ceiling: Ceiling; readonly balance: Balance };

/** What a granted request holds: so much in each account with a ceiling, until it is settled. */
export type Hold = {
  readonly held: readonly (readonly [account: Account, micros: Micros])[];
  /** The largest of what is held. */
  readonly amountMicros: Micros;
  /** So much of the cost comes out of what the seat includes, and counts against no limit. */
  readonly includedRoomMicros: Micros;
};

export type Refused = {
  readonly reason: 'spend-limit-reached' | 'spend-remainder-too-small' | 'spend-cost-unbounded';
  readonly standing: Standing;
};

export type Admission =
  | {
      readonly effect: 'granted';
      /** What stands against each ceiling, this request left out. */
      readonly standings: readonly Standing[];
      readonly hold: Hold;
      /** The tokens it may write now, where the remainder does not buy those it asked for. */
      readonly lowerMaxTokens: number | null;
    }
  | ({ readonly effect: 'refused' } & Refused);

/** Answers what stands in an account over a ceiling's window. */
export type BalanceOf = (of: Pick<Ceiling, 'account' | 'period'>) => Balance;

const ORDER = { daily: 0, weekly: 1, monthly: 2 } as const;

/** Of several limits that are reached the one that stays so longest is worth telling. */
const longestLasting = (standings: readonly Standing[]): Standing | undefined => {
  const lasts = ({ ceiling: { period } }: Standing): number => (period === null ? 3 : ORDER[period]);
  return standings.reduce<Standing | undefined>(
    (longest, one) => (longest === undefined || lasts(one) > lasts(longest) ? one : longest),
    undefined,
  );
};

const leftOf = ({ ceiling, balance }: Standing): Micros => ceiling.amountMicros - standing(balance);

const tightest = (standings: readonly Standing[]): Standing | undefined =>
  standings.reduce<Standing | undefined>(
    (least, one) => (least === undefined || leftOf(one) < leftOf(least) ? one : least),
    undefined,
  );

const refused = (reason: Refused['reason'], standing: Standing): Admission => ({ effect: 'refused', reason, standing });

type Amounts = { readonly expected: Micros; readonly worst: Micros | null };

/** Raises what is held in an account to at least so much. */
const holdAtLeast = (held: [Account, Micros][], account: Account, micros: Micros): void => {
  for (const line of held) {
    if (line[0] !== account) continue;
    line[1] = Math.max(line[1], micros);
    return;
  }
  held.push([account, micros]);
};

/** Where strict limits stand on an account the most a request can cost is held there, elsewhere what it is expected to. */
const holdOf = (standings: readonly Standing[], { included }: Bounds, amounts: Amounts & { room: Micros }): Hold => {
  const { expected, worst, room } = amounts;
  const held: [Account, Micros][] = [];
  for (const { ceiling } of standings) {
    const whole = ceiling.mode === 'strict' && worst !== null ? worst : expected;
    holdAtLeast(held, ceiling.account, whole - Math.min(whole, room));
  }
  const whole = worst ?? expected;
  if (included !== null && room > 0) holdAtLeast(held, included.account, Math.min(whole, room));
  return { held, amountMicros: whole, includedRoomMicros: room };
};

/** How many tokens the strict limits leave: all that was asked for, fewer, or a refusal. */
const strictTokens = (ask: Ask, strict: readonly Standing[], room: Micros): number | Admission => {
  const least = tightest(strict);
  if (least === undefined) return ask.maxTokens;
  if (ask.worst === 'unbounded') return refused('spend-cost-unbounded', least);
  const affordable = room + Math.max(0, leftOf(least));
  const tokens = Math.min(ask.maxTokens, tokensFor(ask.worst, affordable));
  if (tokens >= ask.minTokens && tokens > 0) return tokens;
  return refused(leftOf(least) <= 0 && room <= 0 ? 'spend-limit-reached' : 'spend-remainder-too-small', least);
};

/**
 * Whether a request may spend, and what it holds meanwhile. Standard limits let through whoever comes while something is
 * left; strict ones only what they can pay for at its dearest. What a seat includes is spent first, and while some of it is
 * left no standard limit stands in the way: a limit ends the overage, not what is included.
 */
export const admit = (ask: Ask, balanceOf: BalanceOf): Admission => {
  const { ceilings, included } = ask.bounds;
  const room = included === null ? 0 : Math.max(0, included.amountMicros - standing(balanceOf(included)));
  const standings = ceilings.map((ceiling) => ({ ceiling, balance: balanceOf(ceiling) }));
  const strict = standings.filter(({ ceiling }) => ceiling.mode === 'strict');
  const reached = standings.filter((one) => one.ceiling.mode === 'standard' && leftOf(one) <= 0);
  const longest = longestLasting(reached);
  if (longest !== undefined && room <= 0) return refused('spend-limit-reached', longest);
  const tokens = strictTokens(ask, strict, room);
  if (typeof tokens !== 'number') return tokens;
  const worst = strict.length > 0 && ask.worst !== 'unbounded' ? worstTotal(ask.worst, tokens) : null;
  return {
    effect: 'granted',
    standings,
    hold: holdOf(standings, ask.bounds, { expected: ask.expectedMicros, worst, room }),
    lowerMaxTokens: tokens < ask.maxTokens ? tokens : null,
  };
};
