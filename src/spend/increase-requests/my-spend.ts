import { readNames, readSpenders, type SpenderRow } from '../../directory/index.ts';
import { dayOf, type Micros, PERIODS, type Period, Refusal, windowOf } from '../../kernel/index.ts';
import type { Sql } from '../../platform/index.ts';
import type { SpendDeps } from '../deps.ts';
import { readSums } from '../ledger/counter-store.ts';
import { type Account, PREPAID, TIMELESS, userAccount } from '../ledger/rules/account.ts';
import type { Ceiling, Included } from '../ledger/rules/ceiling.ts';
import type { Limit } from '../limits/rules/limit.ts';
import { ownLimit, resolveBounds } from '../limits/rules/resolve-bounds.ts';
import { type MayAsk, mayAsk, type PeriodStanding } from './rules/may-ask.ts';
import { requestStore, type StoredRequest } from './store.ts';

/** What counts in an account in a period: spent, and held for requests that run. */
export type UsedOf = (account: Account, period: Period | null) => Micros;

/** How a member stands: what binds them, what of it is used, what they have asked for. */
export type MyStanding = {
  readonly member: SpenderRow;
  /** Their own limits, unlimited ones too. */
  readonly own: readonly { readonly period: Period; readonly limit: Limit }[];
  /** What they share with others. */
  readonly shared: readonly Ceiling[];
  readonly included: Included | null;
  readonly usedOf: UsedOf;
  readonly groupNames: ReadonlyMap<string, string>;
  readonly requests: readonly StoredRequest[];
  readonly standings: readonly PeriodStanding[];
  readonly mayAsk: MayAsk;
  readonly now: number;
};

const REQUESTS_SHOWN = 50;

/** Finds out how a member stands. */
export const readMyStanding = async (
  { spendPolicy, now: clock }: Pick<SpendDeps, 'spendPolicy' | 'now'>,
  sql: Sql,
  userId: string,
): Promise<MyStanding> => {
  const now = clock();
  const { rules, settings } = spendPolicy;
  const [member] = await readSpenders(sql, { limit: 1, ids: [userId] });
  if (member === undefined) throw new Refusal('not_found', `There is no member with the id ${userId}.`);
  const { ceilings, included } = resolveBounds(rules, { userId, keyId: '', workspaceId: null, ...member });
  const shared = ceilings.filter(({ account }) => account !== userAccount(userId));
  const own = PERIODS.flatMap((period) => {
    const limit = ownLimit(rules, { userId, ...member }, period);
    return limit === undefined ? [] : [{ period, limit }];
  });
  const accounts = [
    userAccount(userId),
    ...shared.map(({ account }) => account),
    ...(included ? [included.account] : []),
  ];
  const usedOf = await readUsed(sql, accounts, now);
  const groups = member.groupIds.length === 0 ? [] : member.groupIds;
  const { groups: names } = await readNames(sql, { members: [], groups, apiKeys: [] });
  const requests = await requestStore(sql).list({ statuses: [], userIds: [userId], limit: REQUESTS_SHOWN });
  const standings = PERIODS.map((period) => standingIn(period, { own, usedOf, requests, userId }));
  return {
    member,
    own,
    shared,
    included,
    usedOf,
    groupNames: new Map([...names.values()].map(({ id, name }) => [id, name])),
    requests,
    standings,
    mayAsk: mayAsk(standings, { takesRequests: settings.takesRequests, now }),
    now,
  };
};

const readUsed = async (sql: Sql, accounts: readonly Account[], now: number): Promise<UsedOf> => {
  const read = async (period: Period) => [period, await readSums(sql, accounts, windowOf(period, dayOf(now)))] as const;
  const byPeriod = new Map(await Promise.all(PERIODS.map(read)));
  const timeless = await readSums(sql, [PREPAID], { from: TIMELESS, until: TIMELESS + 1 });
  return (account, period) => {
    const sums = (period === null ? timeless : byPeriod.get(period))?.get(account);
    return sums === undefined ? 0 : sums.settledMicros + sums.openMicros;
  };
};

type Known = Pick<MyStanding, 'own' | 'usedOf' | 'requests'> & { readonly userId: string };

const standingIn = (period: Period, { own, usedOf, requests, userId }: Known): PeriodStanding => {
  const amount = own.find((one) => one.period === period)?.limit.amountMicros ?? null;
  const mine = requests.filter((request) => request.period === period);
  return {
    period,
    isLimited: amount !== null,
    isReached: amount !== null && usedOf(userAccount(userId), period) >= amount,
    isPending: mine.some(({ status }) => status === 'pending'),
    deniedAt: mine.find(({ status }) => status === 'denied')?.resolved_at ?? null,
  };
};
