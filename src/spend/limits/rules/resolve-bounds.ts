import { PERIODS, type Period } from '../../../kernel/index.ts';
import {
  type Account,
  includedAccount,
  keyAccount,
  ORGANISATION,
  PREPAID,
  poolAccount,
  sessionAccount,
  userAccount,
  workspaceAccount,
} from '../../ledger/rules/account.ts';
import type { Bounds, Ceiling, Included } from '../../ledger/rules/ceiling.ts';
import { type Limit, type LimitRules, limitKey, type MultiGroup, type ScopeType } from './limit.ts';

/** What of a caller decides which limits bind them, all but the session. */
export type Spender = {
  readonly userId: string | null;
  readonly keyId: string;
  readonly workspaceId: string | null;
  readonly groupIds: readonly string[];
  readonly seatTier: string | null;
};

/** What of a member decides which limit is their own. */
export type SpendingMember = { readonly userId: string } & Pick<Spender, 'groupIds' | 'seatTier'>;

const inForce = ({ limits }: LimitRules, type: ScopeType, target: string, period: Period | null): Limit | undefined => {
  const limit = limits.get(limitKey(type, target, period));
  return limit?.isEnabled === true ? limit : undefined;
};

const heightOf = ({ amountMicros }: Limit): number => amountMicros ?? Number.POSITIVE_INFINITY;

/** Which of two groups' limits counts. The same answer in whatever order groups were joined: between equals, the older id. */
const chosen = (a: Limit, b: Limit, multiGroup: MultiGroup): Limit => {
  const difference = heightOf(a) - heightOf(b);
  // Two unlimited ones differ by NaN, which is no difference.
  if (Number.isNaN(difference) || difference === 0) return a.id < b.id ? a : b;
  return difference > 0 === (multiGroup === 'higher') ? a : b;
};

/**
 * A member's own limit in a period: theirs alone, else that of their groups, else of their seat tier, else the
 * organisation's default for everybody; undefined for none. An unlimited one ends the search as any other does.
 */
export const ownLimit = (rules: LimitRules, member: SpendingMember, period: Period): Limit | undefined => {
  const own = inForce(rules, 'user', member.userId, period);
  if (own !== undefined) return own;
  const ofGroups = member.groupIds
    .map((id) => inForce(rules, 'rbac_group', id, period))
    .filter((limit) => limit !== undefined);
  if (ofGroups.length > 0) return ofGroups.reduce((a, b) => chosen(a, b, rules.multiGroup));
  const ofSeat = member.seatTier === null ? undefined : inForce(rules, 'seat_tier', member.seatTier, period);
  return ofSeat ?? inForce(rules, 'organization', '', period);
};

/** The limit as it stands on an account; none for one that is unlimited. */
const ceilingOn = (account: Account, limit: Limit | undefined): readonly Ceiling[] =>
  limit === undefined || limit.amountMicros === null
    ? []
    : [
        {
          limitId: limit.id,
          scope: limit.scope,
          account,
          period: limit.period,
          amountMicros: limit.amountMicros,
          mode: limit.mode,
          ladder: limit.ladder,
        },
      ];

const prepaidCeiling = ({ prepaid }: LimitRules): readonly Ceiling[] =>
  prepaid === null
    ? []
    : [
        {
          limitId: 'prepaid',
          scope: { type: 'prepaid' },
          account: PREPAID,
          period: null,
          amountMicros: prepaid.fundedMicros,
          mode: prepaid.mode,
          ladder: [],
        },
      ];

const includedOf = ({ included }: LimitRules, { userId, seatTier }: Spender): Included | null => {
  const usage = userId === null || seatTier === null ? undefined : included.get(seatTier);
  if (userId === null || usage === undefined || usage.amountMicros === 0) return null;
  return { account: includedAccount(userId), ...usage };
};

type Target = { readonly account: Account; readonly type: ScopeType; readonly target: string };

/** What a caller's spend counts in beside their own account, each account one text: it is compared and looked up all the time. */
const sharedTargets = ({ keyId, workspaceId, groupIds }: Spender): readonly Target[] => [
  { account: ORGANISATION, type: 'organization_total', target: '' },
  ...groupIds.map((id) => ({ account: poolAccount(id), type: 'rbac_group_pool' as const, target: id })),
  ...(workspaceId === null
    ? []
    : [{ account: workspaceAccount(workspaceId), type: 'workspace' as const, target: workspaceId }]),
  { account: keyAccount(keyId), type: 'api_key', target: keyId },
];

const allCeilings = (rules: LimitRules, spender: Spender): readonly Ceiling[] => {
  const { userId, groupIds, seatTier } = spender;
  const shared = sharedTargets(spender);
  const own = userId === null ? null : { account: userAccount(userId), member: { userId, groupIds, seatTier } };
  return PERIODS.flatMap((period) => [
    ...shared.flatMap(({ account, type, target }) => ceilingOn(account, inForce(rules, type, target, period))),
    ...(own === null ? [] : ceilingOn(own.account, ownLimit(rules, own.member, period))),
  ]);
};

/**
 * Everything that bounds what a caller may spend, whatever the session: each period on its own. Service keys have no
 * member's limit; their group's pool, the key's own limit and the organisation's bind them.
 */
export const resolveBounds = (rules: LimitRules, spender: Spender): Bounds => ({
  ceilings: [...allCeilings(rules, spender), ...prepaidCeiling(rules)],
  included: includedOf(rules, spender),
});

/** The ceiling that a session has for itself, if sessions have one. */
export const sessionCeiling = (rules: LimitRules, sessionId: string): Ceiling | undefined =>
  ceilingOn(sessionAccount(sessionId), inForce(rules, 'session', '', null))[0];
