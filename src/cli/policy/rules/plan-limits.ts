import { centsOf, formatUsd, MICROS_PER_USD, microsOfCents, PERIODS, type Period } from '../../../kernel/index.ts';
import type { Declared } from './declared.ts';
import { type DeclaredAmount, type DeclaredLimit, type DeclaredLimits, NONE, UNLIMITED } from './declared-limits.ts';
import type { LimitState, State } from './state.ts';
import { type LimitFields, type LimitTarget, type Step, step } from './step.ts';

type Wanted = {
  readonly target: LimitTarget;
  /** Who is meant, in words. */
  readonly whose: string;
  readonly period: Period | null;
  readonly limit: DeclaredLimit;
};

/** Dollars as the API takes amounts; unlimited is null. */
const amountOf = (amount: DeclaredAmount): string | null =>
  amount === UNLIMITED ? null : centsOf(Math.round(amount * MICROS_PER_USD));

const inDollars = (amount: string | null): string => (amount === null ? UNLIMITED : formatUsd(microsOfCents(amount)));

const each = (target: LimitTarget, whose: string, limits: DeclaredLimits | undefined): readonly Wanted[] =>
  PERIODS.flatMap((period) => {
    const limit = limits?.[period];
    return limit === undefined ? [] : [{ target, whose, period, limit }];
  });

const wantedOf = ({ organisation, groups, members }: Declared, state: State): readonly Wanted[] => {
  const { total, each_member, each_session, seat_tiers = {} } = organisation.limits ?? {};
  const userOf = (email: string) =>
    state.members.find((member) => member.email.toLowerCase() === email.trim().toLowerCase());
  return [
    ...each({ type: 'organization_total' }, 'the whole organisation', total),
    ...each({ type: 'organization' }, 'each member by default', each_member),
    ...(each_session === undefined
      ? []
      : [{ target: { type: 'session' as const }, whose: 'each session', period: null, limit: each_session }]),
    ...Object.entries(seat_tiers).flatMap(([seatTier, limits]) =>
      each({ type: 'seat_tier', seatTier }, `each member with the seat “${seatTier}”`, limits),
    ),
    ...Object.entries(groups).flatMap(([group, { limits }]) => [
      ...each({ type: 'rbac_group', group }, `each member of the group “${group}”`, limits?.each_member),
      ...each({ type: 'rbac_group_pool', group }, `the group “${group}” together`, limits?.together),
    ]),
    ...Object.entries(members).flatMap(([email, { limits }]) => {
      const user = userOf(email);
      return user === undefined ? [] : each({ type: 'user', userId: user.id }, user.email, limits);
    }),
  ];
};

/** The id of what a target names now; undefined while there is no such group. */
const idOf = (target: LimitTarget, { groups }: Declared, state: State): string | undefined => {
  switch (target.type) {
    case 'organization':
    case 'organization_total':
    case 'session':
      return '';
    case 'seat_tier':
      return target.seatTier;
    case 'user':
      return target.userId;
    case 'rbac_group':
    case 'rbac_group_pool': {
      const named = (name: string | undefined) => state.groups.find((group) => group.name === name)?.id;
      return named(target.group) ?? named(groups[target.group]?.renamed_from);
    }
    default:
      return target satisfies never;
  }
};

/** What of a limit is to be other than it is; an amount is always said, because the API asks for it. */
const fieldsOf = (limit: Exclude<DeclaredLimit, typeof NONE>, now: LimitState | undefined): LimitFields | undefined => {
  const { amount, mode, enabled, ladder } = typeof limit === 'object' ? limit : { amount: limit };
  const fields: LimitFields = {
    amount: amountOf(amount),
    ...(mode === undefined || mode === (now?.mode ?? 'standard') ? {} : { mode }),
    ...(enabled === undefined || enabled === (now?.isEnabled ?? true) ? {} : { is_enabled: enabled }),
    ...(ladder === undefined || isSame(ladder, now?.ladder ?? []) ? {} : { ladder: [...ladder] }),
  };
  const isAsItIs = now !== undefined && now.amount === fields.amount && Object.keys(fields).length === 1;
  return isAsItIs ? undefined : fields;
};

const inOrder = (steps: readonly { readonly at_percent: number }[]) =>
  steps
    .toSorted((a, b) => a.at_percent - b.at_percent)
    .map((one) => Object.fromEntries(Object.entries(one).toSorted(([a], [b]) => (a < b ? -1 : 1))));

const isSame = (a: readonly { readonly at_percent: number }[], b: readonly { readonly at_percent: number }[]) =>
  JSON.stringify(inOrder(a)) === JSON.stringify(inOrder(b));

const inWords = ({ amount, mode, is_enabled: isEnabled, ladder }: LimitFields): string =>
  [
    inDollars(amount),
    ...(mode === undefined ? [] : [mode]),
    ...(isEnabled === undefined ? [] : [isEnabled ? 'switched on' : 'switched off']),
    ...(ladder === undefined ? [] : [`${ladder.length} step${ladder.length === 1 ? '' : 's'} before it`]),
  ].join(', ');

const planLimit = ({ target, whose, period, limit }: Wanted, now: LimitState | undefined): readonly Step[] => {
  const what = `${period === null ? '' : `${period} `}limit of ${whose}`;
  if (limit === NONE)
    return now === undefined
      ? []
      : [step('delete', `take away the ${what} (${inDollars(now.amount)})`, { kind: 'delete-limit', id: now.id })];
  const fields = fieldsOf(limit, now);
  if (fields === undefined) return [];
  const was = now === undefined ? '' : ` (was ${inDollars(now.amount)})`;
  return [
    step(now === undefined ? 'create' : 'update', `${what}: ${inWords(fields)}${was}`, {
      kind: 'set-limit',
      target,
      period,
      fields,
    }),
  ];
};

/** Plans spend limits: those that the files name, each period on its own. */
export const planLimits = (declared: Declared, state: State): readonly Step[] =>
  wantedOf(declared, state).flatMap((wanted) => {
    const id = idOf(wanted.target, declared, state);
    const now = state.limits.find(
      (limit) => limit.type === wanted.target.type && limit.target === id && limit.period === wanted.period,
    );
    return planLimit(wanted, now);
  });
