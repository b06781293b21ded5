import type { Micros } from '../../../kernel/index.ts';
import type { Account } from './account.ts';
import { accountsOf, type Bounds, type Ceiling } from './ceiling.ts';
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
  /** Where it is held, each account once. */
  readonly accounts: readonly Account[];
  /** How much in each of them; null where it is all of the amount everywhere, as it nearly always is. */
  readonly parts: readonly Micros[] | null;
  /** The largest of what is held. */
  readonly amountMicros: Micros;
  /** So much of the cost comes out of what the seat includes, and counts against no limit. */
  readonly includedRoomMicros: Micros;
};

/** What is held in the account at this place of a hold. */
export const heldAt = ({ parts, amountMicros }: Pick<Hold, 'parts' | 'amountMicros'>, at: number): Micros =>
  parts?.[at] ?? amountMicros;

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

/** What stands against bounds: against each of their ceilings, in their order, and in what the seat includes. */
export type Balances = { readonly ofCeilings: readonly Balance[]; readonly ofIncluded: Balance | null };

const NOTHING: Balance = { openMicros: 0, settledMicros: 0 };

/** How each ceiling stands; balances go on moving, and this does not. */
export const standingsOf = ({ ceilings }: Bounds, { ofCeilings }: Balances): readonly Standing[] =>
  ceilings.map((ceiling, at) => {
    const { openMicros, settledMicros } = ofCeilings[at] ?? NOTHING;
    return { ceiling, balance: { openMicros, settledMicros } };
  });

const ORDER = { daily: 0, weekly: 1, monthly: 2 } as const;

const lasts = ({ ceiling: { period } }: Standing): number => (period === null ? 3 : ORDER[period]);

const leftOf = ({ ceiling, balance }: Standing): Micros => ceiling.amountMicros - standing(balance);

/** The ceilings that decide, of all that stand on a request. */
type Deciding = {
  /** Of the standard ones that are reached the one that stays so longest: it is the one worth telling. */
  readonly reached: Standing | undefined;
  /** Of the strict ones the one that leaves least. */
  readonly tightest: Standing | undefined;
};

const decidingOf = (standings: readonly Standing[]): Deciding => {
  let reached: Standing | undefined;
  let tightest: Standing | undefined;
  for (const one of standings) {
    const left = leftOf(one);
    if (one.ceiling.mode === 'strict') {
      if (tightest === undefined || left < leftOf(tightest)) tightest = one;
    } else if (left <= 0 && (reached === undefined || lasts(one) > lasts(reached))) reached = one;
  }
  return { reached, tightest };
};

const refused = (reason: Refused['reason'], standing: Standing): Admission => ({ effect: 'refused', reason, standing });

type Amounts = { readonly expected: Micros; readonly worst: Micros | null; readonly room: Micros };

/** Where strict limits stand on an account the most a request can cost is held there, elsewhere what it is expected to. */
const holdInParts = ({ ceilings, included }: Bounds, { expected, worst, room }: Amounts): Hold => {
  const accounts: Account[] = [];
  const parts: Micros[] = [];
  const holdAtLeast = (account: Account, micros: Micros): void => {
    const known = accounts.indexOf(account);
    const at = known === -1 ? accounts.push(account) - 1 : known;
    parts[at] = Math.max(parts[at] ?? 0, micros);
  };
  for (const { mode, account } of ceilings) {
    const whole = mode === 'strict' && worst !== null ? worst : expected;
    holdAtLeast(account, whole - Math.min(whole, room));
  }
  const whole = worst ?? expected;
  if (included !== null && room > 0) holdAtLeast(included.account, Math.min(whole, room));
  return { accounts, parts, amountMicros: whole, includedRoomMicros: room };
};

const holdOf = (bounds: Bounds, amounts: Amounts): Hold => {
  const { expected, worst, room } = amounts;
  const isAlike = room === 0 && (worst === null || bounds.ceilings.every(({ mode }) => mode === 'strict'));
  if (!isAlike) return holdInParts(bounds, amounts);
  return { accounts: accountsOf(bounds.ceilings), parts: null, amountMicros: worst ?? expected, includedRoomMicros: 0 };
};

/** How many tokens the strict limits leave: all that was asked for, fewer, or a refusal. */
const strictTokens = (ask: Ask, least: Standing | undefined, room: Micros): number | Admission => {
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
export const admit = (ask: Ask, balances: Balances): Admission => {
  const { included } = ask.bounds;
  const room = included === null ? 0 : Math.max(0, included.amountMicros - standing(balances.ofIncluded ?? NOTHING));
  const standings = standingsOf(ask.bounds, balances);
  const { reached, tightest } = decidingOf(standings);
  if (reached !== undefined && room <= 0) return refused('spend-limit-reached', reached);
  const tokens = strictTokens(ask, tightest, room);
  if (typeof tokens !== 'number') return tokens;
  const worst = tightest !== undefined && ask.worst !== 'unbounded' ? worstTotal(ask.worst, tokens) : null;
  return {
    effect: 'granted',
    standings,
    hold: holdOf(ask.bounds, { expected: ask.expectedMicros, worst, room }),
    lowerMaxTokens: tokens < ask.maxTokens ? tokens : null,
  };
};
