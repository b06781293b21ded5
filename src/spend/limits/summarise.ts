import type { SpenderRow } from '../../directory/index.ts';
import { dayOf, type Micros, type Period, windowOf } from '../../kernel/index.ts';
import type { Sql } from '../../platform/index.ts';
import { readSums } from '../ledger/counter-store.ts';
import { userAccount } from '../ledger/rules/account.ts';
import type { SpendSummary } from './objects/contract.ts';
import type { Limit, LimitRules } from './rules/limit.ts';
import { ownLimit } from './rules/resolve-bounds.ts';
import { toWireAmount, toWireScope } from './wire.ts';

/** A member's own limit in a period. */
export type OwnLimit = { readonly member: SpenderRow; readonly period: Period; readonly limit: Limit };

/** The limits of a member's own in some periods; periods without one are left out. */
export const ownLimits = (rules: LimitRules, member: SpenderRow, periods: readonly Period[]): readonly OwnLimit[] =>
  periods.flatMap((period) => {
    const limit = ownLimit(rules, { userId: member.id, ...member }, period);
    return limit === undefined ? [] : [{ member, period, limit }];
  });

/** A function that answers what a member has spent in the period that runs at `now`. */
export const readSpent = async (
  sql: Sql,
  { userIds, periods, now }: { userIds: readonly string[]; periods: readonly Period[]; now: number },
): Promise<(userId: string, period: Period) => Micros> => {
  const accounts = userIds.map(userAccount);
  const read = async (period: Period) => [period, await readSums(sql, accounts, windowOf(period, dayOf(now)))] as const;
  const sums = new Map(await Promise.all(periods.map(read)));
  return (userId, period) => sums.get(period)?.get(userAccount(userId))?.settledMicros ?? 0;
};

/** A member's own limits with what was spent of them, as the Spend Limits API shows them. */
export const summarise = async (sql: Sql, own: readonly OwnLimit[], now: number): Promise<readonly SpendSummary[]> => {
  if (own.length === 0) return [];
  const userIds = [...new Set(own.map(({ member }) => member.id))];
  const spent = await readSpent(sql, { userIds, periods: [...new Set(own.map(({ period }) => period))], now });
  return own.map(({ member, period, limit }) => ({
    actor: toActor(member),
    amount: toWireAmount(limit.amountMicros),
    currency: 'USD' as const,
    period,
    period_to_date_spend: toWireAmount(spent(member.id, period)) ?? '0',
    scope: { type: 'user' as const, user_id: member.id },
    source: toWireScope(limit.scope),
    spend_limit_id: limit.id,
  }));
};

const toActor = ({ id, name, email }: SpenderRow) => ({
  type: 'user_actor' as const,
  user_id: id,
  name,
  email_address: email,
  deleted: false,
});
