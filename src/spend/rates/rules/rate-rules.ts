import type { LimitSet } from './limiter.ts';
import type { Pool } from './pools.ts';
import type { RateScope } from './scope.ts';
import { limitsOfTier, type RateTier } from './tiers.ts';

/** Everything an administrator has set about rates; never changed, only replaced. */
export type RateRules = {
  readonly tier: RateTier;
  /** Limits by scope ({@link scopeKey}) and pool id. Those of the organisation are its custom numbers. */
  readonly limits: ReadonlyMap<string, ReadonlyMap<string, LimitSet>>;
};

/** A scope as a text. */
export const scopeKey = ({ type, id }: RateScope): string => `${type}:${id}`;

const NO_LIMITS: LimitSet = {};

/** What is set for a scope on a pool; for the organisation, what its tier gives it. */
export const limitsOf = ({ tier, limits }: RateRules, scope: RateScope, pool: Pool): LimitSet => {
  const set = limits.get(scopeKey(scope))?.get(pool.id);
  return scope.type === 'organization' ? limitsOfTier(tier, pool.class, set) : (set ?? NO_LIMITS);
};
