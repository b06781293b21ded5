import { centsOf } from '../../kernel/index.ts';
import type * as contract from './contract.ts';
import type { Limiter, LimitSet } from './rules/limiter.ts';
import { ALL_MODELS, type Pool, type PoolIndex } from './rules/pools.ts';
import { limitsOf, type RateRules } from './rules/rate-rules.ts';
import { type LowerScope, ORGANISATION_SCOPE, type RateScope } from './rules/scope.ts';
import { limitsOfTier, monthlyCapOf, nextTier, RATE_TIERS, type RateTier } from './rules/tiers.ts';

/** The limits of a set as a list of limiters and values. */
export const valuesOf = (limits: LimitSet): contract.RateLimitValue[] =>
  Object.entries(limits).map(([type, value]) => ({ type, value }));

const toGroup = ({ id, kind, displayName }: Pool): contract.RateLimitGroup =>
  kind === 'model_group' ? { type: kind, id, display_name: displayName } : { type: kind, id };

/** What every entry says of the pool it is about. */
export const groupFields = (pool: Pool) => ({
  group: toGroup(pool),
  group_type: pool.kind,
  models: pool.kind === 'model_group' ? [...pool.models] : null,
});

/** The organisation's limits on a pool. */
export const toRateLimit = (rules: RateRules, pool: Pool): contract.RateLimit => ({
  id: pool.id,
  type: 'rate_limit',
  ...groupFields(pool),
  limits: valuesOf(limitsOf(rules, ORGANISATION_SCOPE, pool)),
});

/** The pool with this id, the one of all models included; undefined for none. */
export const poolWithId = (pools: PoolIndex, id: string): Pool | undefined =>
  id === ALL_MODELS.id ? ALL_MODELS : pools.byId.get(id);

/** A workspace's limits on a pool: its own, and (`inherits`) those of the organisation it has none beside. */
export const toWorkspaceRateLimit = (
  rules: RateRules,
  pool: Pool,
  { workspaceId, inherits }: { readonly workspaceId: string; readonly inherits: boolean },
): contract.WorkspaceRateLimit => {
  const own = limitsOf(rules, { type: 'workspace', id: workspaceId }, pool);
  const org = limitsOf(rules, ORGANISATION_SCOPE, pool);
  const limits = valuesOf(own).map(({ type, value }) => ({
    type,
    value,
    org_limit: org[type as Limiter] ?? null,
    source: { type: 'workspace' as const },
  }));
  const inherited = valuesOf(org)
    .filter(({ type }) => own[type as Limiter] === undefined)
    .map(({ type, value }) => ({ type, value, org_limit: value, source: { type: 'organization' as const } }));
  return {
    type: 'workspace_rate_limit',
    rate_limit_id: pool.id,
    workspace_id: workspaceId,
    ...groupFields(pool),
    limits: inherits ? [...limits, ...inherited] : limits,
  };
};

/** The tier in force, and what each tier would give. */
export const toRateTier = (rules: RateRules, pools: PoolIndex): contract.RateTier => {
  const tierOf = (tier: RateTier) => ({
    tier,
    monthly_spend_cap: toCap(tier),
    limits: pools.pools.map((pool) => ({
      rate_limit_id: pool.id,
      limits: valuesOf(limitsOfTier(tier, pool.class, rules.limits.get('organization:')?.get(pool.id))),
    })),
  });
  return {
    type: 'rate_tier',
    tier: rules.tier,
    next_tier: nextTier(rules.tier),
    monthly_spend_cap: toCap(rules.tier),
    tiers: RATE_TIERS.map(tierOf),
  };
};

const toCap = (tier: RateTier): string | null => {
  const cap = monthlyCapOf(tier);
  return cap === null ? null : centsOf(cap);
};

/** A scope as the endpoints name it. */
export const toWireScope = (type: LowerScope, id: string): contract.RateScope => {
  switch (type) {
    case 'workspace':
      return { type, workspace_id: id };
    case 'rbac_group':
      return { type, rbac_group_id: id };
    case 'user':
      return { type, user_id: id };
    case 'api_key':
      return { type, api_key_id: id };
    default:
      return type satisfies never;
  }
};

/** The scope that an endpoint was asked about. */
export const fromWireScope = (scope: contract.RateScope): RateScope => {
  switch (scope.type) {
    case 'workspace':
      return { type: scope.type, id: scope.workspace_id };
    case 'rbac_group':
      return { type: scope.type, id: scope.rbac_group_id };
    case 'user':
      return { type: scope.type, id: scope.user_id };
    case 'api_key':
      return { type: scope.type, id: scope.api_key_id };
    default:
      return scope satisfies never;
  }
};
