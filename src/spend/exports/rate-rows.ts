import type { CsvRows } from '../../platform/index.ts';
import type { SpendDeps } from '../deps.ts';
import type { RateLimitGroup, RateLimitOverride, RateUsage } from '../rates/contract.ts';
import { describeOverrides, listOverrides } from '../rates/list-overrides.ts';
import { showUsage } from '../rates/show-usage.ts';
import { poolWithId, toRateLimit } from '../rates/to-wire.ts';

type Deps = Pick<SpendDeps, 'database' | 'rates' | 'policy'>;

const AT_ONCE = 1000;

const percent = (share: number): string => String(Math.round(share * 10_000) / 100);

/** The organisation's limits, with what is used of those that refill. None are listed while it is in no tier. */
export async function* usageRows({ rates }: Deps): CsvRows {
  yield [
    ...['tier', 'rate_limit_id', 'name', 'models', 'limiter', 'limit'],
    ...['used', 'used_percent', 'peak', 'peak_percent'],
  ];
  const { tier, data } = showUsage(rates);
  for (const pool of rates.pools().pools) {
    const { id, limits, models } = toRateLimit(rates.rules(), pool);
    const used = data.find(({ rate_limit_id }) => rate_limit_id === id)?.limits ?? [];
    for (const { type, value } of limits)
      yield [
        ...[tier, id, pool.displayName, (models ?? []).join(' '), type, String(value)],
        ...usedCells(used.find((limit) => limit.type === type)),
      ];
  }
}

const usedCells = (limit: RateUsage['data'][number]['limits'][number] | undefined): readonly string[] =>
  limit === undefined
    ? ['', '', '', '']
    : [String(limit.used), percent(limit.utilization), String(limit.peak), percent(limit.peak_utilization)];

/** The own limits of workspaces, groups, members and keys. */
export async function* overrideRows(deps: Deps): CsvRows {
  yield [
    ...['scope_type', 'scope_id', 'scope_name', 'rate_limit_id', 'name'],
    ...['limiter', 'limit', 'organization_limit'],
  ];
  const overrides = listOverrides(deps);
  for (let at = 0; at < overrides.length; at += AT_ONCE)
    for (const one of await describeOverrides(deps, overrides.slice(at, at + AT_ONCE)))
      for (const { type, value, org_limit } of one.limits)
        yield [
          ...[one.scope.type, scopeIdOf(one), one.name ?? '', one.rate_limit_id, poolName(deps, one.group)],
          ...[type, String(value), org_limit === null ? '' : String(org_limit)],
        ];
}

const scopeIdOf = ({ scope: { type: _, ...named } }: RateLimitOverride): string => Object.values(named)[0] ?? '';

const poolName = ({ rates }: Deps, { id }: RateLimitGroup): string => poolWithId(rates.pools(), id)?.displayName ?? id;
