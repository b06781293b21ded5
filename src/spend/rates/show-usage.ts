import type * as contract from './contract.ts';
import type { Utilisation } from './gate/rate-gate.ts';
import type { RateLimits } from './open-rates.ts';
import { LIMITERS } from './rules/limiter.ts';
import { limitsOf } from './rules/rate-rules.ts';
import { ORGANISATION_SCOPE } from './rules/scope.ts';
import { HINT_SHARE, nextTier } from './rules/tiers.ts';
import { groupFields, valuesOf } from './to-wire.ts';

type Shown = contract.RateUsage['data'][number]['limits'][number];

const refills = (type: string): boolean => Object.hasOwn(LIMITERS, type);

const shareOf = (used: number, limit: number): number =>
  limit === 0 ? 0 : Math.round((used / limit) * 10_000) / 10_000;

const toShown = (type: string, value: number, state: Utilisation | undefined): Shown => {
  const used = Math.ceil(state?.used ?? 0);
  const peak = Math.ceil(state?.peak ?? 0);
  return { type, value, used, peak, utilization: shareOf(used, value), peak_utilization: shareOf(peak, value) };
};

/** How much of the organisation's limits is used. On several nodes what the others took is about a second old. */
export const showUsage = (rates: Pick<RateLimits, 'gate' | 'rules' | 'pools'>): contract.RateUsage => {
  const rules = rates.rules();
  const states = new Map<string, Utilisation>(
    rates.gate.utilisation().map((state) => [`${state.poolId} ${state.limiter}`, state]),
  );
  const data = rates.pools().pools.map((pool) => ({
    rate_limit_id: pool.id,
    ...groupFields(pool),
    limits: valuesOf(limitsOf(rules, ORGANISATION_SCOPE, pool))
      .filter(({ type }) => refills(type))
      .map(({ type, value }) => toShown(type, value, states.get(`${pool.id} ${type}`))),
  }));
  const highest = data
    .flatMap(({ rate_limit_id, limits }) => limits.map((limit) => ({ rate_limit_id, ...limit })))
    .toSorted((a, b) => b.peak_utilization - a.peak_utilization)[0];
  const hint =
    highest === undefined || highest.peak_utilization < HINT_SHARE
      ? null
      : {
          rate_limit_id: highest.rate_limit_id,
          limiter: highest.type,
          peak_utilization: highest.peak_utilization,
          next_tier: nextTier(rules.tier),
        };
  return { type: 'rate_usage', tier: rules.tier, data, hint };
};
