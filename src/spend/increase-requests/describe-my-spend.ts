import { centsOf, type Micros, PERIODS, type Period, windowEnd } from '../../kernel/index.ts';
import { userAccount } from '../ledger/rules/account.ts';
import type { Ceiling } from '../ledger/rules/ceiling.ts';
import type { SpendSettings } from '../limits/rules/settings.ts';
import { toWireScope, toWireTime } from '../limits/wire.ts';
import type { MySpendLimits } from './contract.ts';
import type { MyStanding } from './my-spend.ts';

type Shown = MySpendLimits['limits'][number];

/** From this share of a limit on, it is near. */
const NEAR_PERCENT = 75;

const stateOf = (used: Micros, amount: Micros): Shown['state'] => {
  if (used >= amount) return 'reached';
  return used * 100 >= amount * NEAR_PERCENT ? 'near' : 'open';
};

const left = (amount: Micros, used: Micros): string => centsOf(Math.max(0, amount - used));

/** A member's standing as they see it: their own figures, and of what they share with others only how it stands. */
export const describeMySpend = (standing: MyStanding, { askForMore }: SpendSettings): MySpendLimits => {
  const { member, usedOf, now, mayAsk } = standing;
  const account = userAccount(member.id);
  return {
    type: 'my_spend_limits',
    currency: 'USD',
    spent: PERIODS.map((period) => ({
      period,
      amount: centsOf(usedOf(account, period)),
      resets_at: resetsAt(period, now),
    })),
    limits: [
      ...standing.own.map((one) => describeOwn(standing, one)),
      ...standing.shared.map((one) => describeShared(standing, one)),
    ],
    included: describeIncluded(standing),
    may_ask_for: [...mayAsk.periods],
    may_not_ask_because: mayAsk.because,
    ask_for_more: askForMore,
    requests: standing.requests.map(({ id, period, status, created_at, resolved_at }) => ({
      id,
      period,
      status,
      created_at: toWireTime(created_at),
      resolved_at: resolved_at === null ? null : toWireTime(resolved_at),
    })),
  };
};

const resetsAt = (period: Period, now: number): string => toWireTime(windowEnd(period, now));

const describeOwn = (
  { member, usedOf, groupNames, now }: MyStanding,
  { period, limit }: MyStanding['own'][number],
): Shown => {
  const used = usedOf(userAccount(member.id), period);
  const { amountMicros: amount, scope } = limit;
  return {
    spend_limit_id: limit.id,
    kind: 'own',
    source: toWireScope(scope),
    group_name: scope.type === 'rbac_group' ? (groupNames.get(scope.groupId) ?? null) : null,
    period,
    state: amount === null ? 'open' : stateOf(used, amount),
    resets_at: resetsAt(period, now),
    amount: amount === null ? null : centsOf(amount),
    used: centsOf(used),
    remaining: amount === null ? null : left(amount, used),
  };
};

const KINDS: { readonly [Type in Ceiling['scope']['type']]?: Shown['kind'] } = {
  rbac_group_pool: 'group_pool',
  prepaid: 'prepaid',
};

const describeShared = ({ usedOf, groupNames, now }: MyStanding, ceiling: Ceiling): Shown => {
  const { scope, period, limitId, account, amountMicros } = ceiling;
  return {
    spend_limit_id: limitId,
    kind: KINDS[scope.type] ?? 'organization',
    // The tier's cap is no limit anybody asks to raise here; it is not among these.
    source: scope.type === 'prepaid' || scope.type === 'usage_tier' ? { type: 'prepaid' } : toWireScope(scope),
    group_name: scope.type === 'rbac_group_pool' ? (groupNames.get(scope.groupId) ?? null) : null,
    period,
    state: stateOf(usedOf(account, period), amountMicros),
    resets_at: period === null ? null : resetsAt(period, now),
    amount: null,
    used: null,
    remaining: null,
  };
};

const describeIncluded = ({ included, member, usedOf, now }: MyStanding): MySpendLimits['included'] => {
  if (included === null || member.seatTier === null) return null;
  const { account, period, amountMicros } = included;
  const used = Math.min(amountMicros, usedOf(account, period));
  return {
    seat_tier: member.seatTier,
    period,
    amount: centsOf(amountMicros),
    used: centsOf(used),
    remaining: left(amountMicros, used),
    resets_at: resetsAt(period, now),
  };
};
