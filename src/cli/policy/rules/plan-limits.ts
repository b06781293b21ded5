import { PERIODS, type Period } from '../../../kernel/index.ts';
import type { Declared, Path } from './declared.ts';
import { type DeclaredAmount, type DeclaredLimit, type DeclaredLimits, NONE, UNLIMITED } from './declared-limits.ts';
import { groupIdOf, type Holder } from './holders.ts';
import { inDollars, toCents } from './in-cents.ts';
import type { LimitFields, LimitTarget } from './money-actions.ts';
import type { LimitState } from './money-state.ts';
import { didYouMean } from './nearest.ts';
import type { State } from './state.ts';
import { type Problem, type Step, step } from './step.ts';

/** Whose limits are meant: as they are set, by what they are found, and in words. */
type Whose = { readonly target: LimitTarget; readonly id: string | undefined; readonly whose: string };

/** A limit as it is to be, and where it is said. */
export type WantedLimit = Whose & {
  readonly path: Path;
  readonly period: Period | null;
  readonly limit: DeclaredLimit;
};

/** Dollars as the API takes amounts; unlimited is null. */
const amountOf = (amount: DeclaredAmount): string | null => (amount === UNLIMITED ? null : toCents(amount));

const each = (whose: Whose, limits: DeclaredLimits | undefined, path: Path): readonly WantedLimit[] =>
  PERIODS.flatMap((period) => {
    const limit = limits?.[period];
    return limit === undefined ? [] : [{ ...whose, path: [...path, period], period, limit }];
  });

const ofOrganisation = ({ organisation }: Declared): readonly WantedLimit[] => {
  const { total, each_member, each_session, seat_tiers = {} } = organisation.limits ?? {};
  const path = ['organisation', 'limits'];
  const one = (type: 'organization_total' | 'organization' | 'session', whose: string): Whose => ({
    target: { type },
    id: '',
    whose,
  });
  return [
    ...each(one('organization_total', 'the whole organisation'), total, [...path, 'total']),
    ...each(one('organization', 'each member by default'), each_member, [...path, 'each_member']),
    ...(each_session === undefined
      ? []
      : [{ ...one('session', 'each session'), path: [...path, 'each_session'], period: null, limit: each_session }]),
    ...Object.entries(seat_tiers).flatMap(([seatTier, limits]) => {
      const whose = `each member with the seat “${seatTier}”`;
      const seat = { target: { type: 'seat_tier', seatTier }, id: seatTier, whose } as const;
      return each(seat, limits, [...path, 'seat_tiers', seatTier]);
    }),
  ];
};

const ofPools = ({ groups }: Declared, state: State): readonly WantedLimit[] =>
  Object.entries(groups).flatMap(([group, said]) => {
    if (said.absent === true) return [];
    const target = { type: 'rbac_group_pool', group } as const;
    const pool = { target, id: groupIdOf(group, said, state), whose: `the group “${group}” together` };
    return each(pool, said.limits?.together, ['groups', group, 'limits', 'together']);
  });

const ofHolders = (holders: readonly Holder[]): readonly WantedLimit[] =>
  holders.flatMap(({ target, id, whose, said, path }) => {
    const at = target.type === 'rbac_group' ? ['limits', 'each_member'] : ['limits'];
    return each({ target, id, whose }, said.limits, [...path, ...at]);
  });

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

const planLimit = ({ target, whose, period, limit }: WantedLimit, now: LimitState | undefined): readonly Step[] => {
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

/** Families that nobody knows would leave no model at all, so the server refuses them. */
const familyProblems = ({ limit, path }: WantedLimit, families: readonly string[]): readonly Problem[] =>
  (typeof limit === 'object' ? (limit.ladder ?? []) : []).flatMap((one, at) =>
    (one.action === 'restrict_models' ? one.families : []).flatMap((family, place) =>
      families.includes(family)
        ? []
        : [
            {
              path: [...path, 'ladder', at, 'families', place],
              problem: `There is no family of models “${family}”.${didYouMean(family, families) || ` There are ${families.join(', ')}.`}`,
            },
          ],
    ),
  );

/** Spend limits as they will be. */
export type LimitsPlan = { readonly steps: readonly Step[]; readonly problems: readonly Problem[] };

const keyOf = (type: LimitState['type'], target: string, period: Period | null): string =>
  `${type} ${period ?? NONE} ${target}`;

/** Plans limits that are said one by one: those that are as they are to be are left alone. */
export const planWanted = (
  wanted: readonly WantedLimit[],
  { organisation, limits }: Pick<State, 'organisation' | 'limits'>,
): LimitsPlan => {
  const families = [...new Set(organisation.models.flatMap(({ line }) => line ?? []))].toSorted();
  const now = new Map(limits.map((limit) => [keyOf(limit.type, limit.target, limit.period), limit]));
  return {
    problems: wanted.flatMap((one) => familyProblems(one, families)),
    steps: wanted.flatMap((one) =>
      planLimit(one, one.id === undefined ? undefined : now.get(keyOf(one.target.type, one.id, one.period))),
    ),
  };
};

/** Plans spend limits: those that the files name, each period on its own. */
export const planLimits = (declared: Declared, state: State, holders: readonly Holder[]): LimitsPlan =>
  planWanted([...ofOrganisation(declared), ...ofPools(declared, state), ...ofHolders(holders)], state);
