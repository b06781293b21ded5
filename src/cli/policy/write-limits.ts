import { PERIODS } from '../../kernel/index.ts';
import { type DeclaredAmount, type DeclaredLimit, type DeclaredLimits, UNLIMITED } from './rules/declared-limits.ts';
import { toDollars } from './rules/in-cents.ts';
import type { LimitState } from './rules/money-state.ts';
import type { State } from './rules/state.ts';

/** Cents of the API as a file says them. */
export const amountOf = (amount: string | null): DeclaredAmount => (amount === null ? UNLIMITED : toDollars(amount));

const limitOf = ({ amount, mode, isEnabled, ladder }: LimitState): DeclaredLimit =>
  mode === 'standard' && isEnabled && ladder.length === 0
    ? amountOf(amount)
    : {
        amount: amountOf(amount),
        mode,
        ...(isEnabled ? {} : { enabled: false }),
        ...(ladder.length === 0 ? {} : { ladder }),
      };

/** A section without anything in it is not written. */
export const section = <Value extends object>(value: Value): Value | undefined =>
  Object.values(value).some((one) => one !== undefined) ? value : undefined;

/** What is undefined is not written. */
export const present = <Value extends object>(value: Value): Value =>
  Object.fromEntries(Object.entries(value).filter(([, one]) => one !== undefined)) as Value;

type Limits = Pick<State, 'limits'>;

/** The limits of what has this id, by their periods; undefined for none. */
export const limitsOf = ({ limits }: Limits, type: LimitState['type'], target: string): DeclaredLimits | undefined => {
  const own = limits.filter((limit) => limit.type === type && limit.target === target);
  const byPeriod = PERIODS.flatMap((period) => {
    const limit = own.find((one) => one.period === period);
    return limit === undefined ? [] : [[period, limitOf(limit)] as const];
  });
  return byPeriod.length === 0 ? undefined : Object.fromEntries(byPeriod);
};

/** The limits that stand in the section of the organisation. */
export const organisationLimits = (state: Limits) => {
  const tiers = [...new Set(state.limits.filter(({ type }) => type === 'seat_tier').map(({ target }) => target))];
  const session = state.limits.find(({ type }) => type === 'session');
  return section(
    present({
      total: limitsOf(state, 'organization_total', ''),
      each_member: limitsOf(state, 'organization', ''),
      each_session: session && limitOf(session),
      seat_tiers: section(
        Object.fromEntries(tiers.toSorted().map((tier) => [tier, limitsOf(state, 'seat_tier', tier)])),
      ),
    }),
  );
};

/** The limits of a group: of each member, and of all together. */
export const groupLimits = (state: Limits, groupId: string) =>
  section(
    present({
      each_member: limitsOf(state, 'rbac_group', groupId),
      together: limitsOf(state, 'rbac_group_pool', groupId),
    }),
  );
