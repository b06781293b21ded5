import { readWorkspaces } from '../../directory/index.ts';
import { Refusal } from '../../kernel/index.ts';
import { cursorPage, type Route, readCursor, route } from '../../platform/index.ts';
import type { SpendDeps } from '../deps.ts';
import * as contract from './contract.ts';
import { describeOverrides, listOverrides, type Override } from './list-overrides.ts';
import type { Pool } from './rules/pools.ts';
import { ORGANISATION_SCOPE } from './rules/scope.ts';
import { setRates, setTier } from './set-rates.ts';
import { showUsage } from './show-usage.ts';
import { fromWireScope, poolWithId, toRateLimit, toRateTier, toWorkspaceRateLimit } from './to-wire.ts';

/** Binds the endpoints about rate limits to their operations. */
export const rateRoutes = (deps: SpendDeps): readonly Route[] => [
  ...organisationRoutes(deps),
  ...workspaceRoutes(deps),
  ...overrideRoutes(deps),
];

type Page = { readonly limit: number; readonly page?: string | undefined };

/** A page of a list that is in memory; the cursor names the entry it ends with. */
const pageOf = <Item>(
  items: readonly Item[],
  { limit, page }: Page,
  list: { filters: unknown; idOf: (item: Item) => string },
) => {
  const [after] = readCursor(page, list.filters) ?? [];
  const start = after === undefined ? 0 : items.findIndex((item) => list.idOf(item) === after) + 1;
  return cursorPage(
    items.slice(start, start + limit + 1),
    { limit, filters: list.filters },
    {
      toItem: (item) => item,
      positionOf: (item) => [list.idOf(item)],
    },
  );
};

const ofType = (groupType: string | undefined) => (pool: Pool) => groupType === undefined || pool.kind === groupType;

const organisationRoutes = (deps: SpendDeps): readonly Route[] => {
  const { rates } = deps;
  const poolsOfModel = (name: string): readonly Pool[] => {
    const pool = rates.pools().named(name);
    if (pool === undefined) throw new Refusal('not_found', `model: ${name}. No rate limits are known for it.`);
    return [pool];
  };
  return [
    route(contract.listRateLimits, async ({ query }) => {
      const { model, group_type: type } = query;
      const pools = model === undefined ? rates.pools().pools : poolsOfModel(model);
      const items = pools.filter(ofType(type)).map((pool) => toRateLimit(rates.rules(), pool));
      return pageOf(items, query, { filters: ['rate_limits', model, type], idOf: ({ id }) => id });
    }),
    route(contract.setRateLimit, async ({ params, body, by }) => {
      const poolId = params.rate_limit_id;
      await setRates(deps)({ scope: ORGANISATION_SCOPE, poolId, limits: body.limits }, by);
      await rates.refresh();
      return toRateLimit(rates.rules(), existing(deps, poolId));
    }),
    route(contract.getRateTier, async () => toRateTier(rates.rules(), rates.pools())),
    route(contract.setRateTier, async ({ body, by }) => {
      await setTier(deps)(body.tier, by);
      await rates.refresh();
      return toRateTier(rates.rules(), rates.pools());
    }),
    route(contract.getRateUsage, async () => showUsage(rates)),
  ];
};

/** A pool that is known to be there, since something was just set on it. */
const existing = ({ rates }: SpendDeps, poolId: string): Pool => {
  const pool = poolWithId(rates.pools(), poolId);
  if (pool === undefined) throw new Refusal('not_found', `There is no rate limit with the id ${poolId}.`);
  return pool;
};

const workspaceRoutes = (deps: SpendDeps): readonly Route[] => {
  const { rates, database } = deps;
  return [
    route(contract.listWorkspaceRateLimits, async ({ params, query }) => {
      const workspaceId = params.workspace_id;
      if ((await readWorkspaces(database, [workspaceId])).length === 0)
        throw new Refusal('not_found', `There is no workspace with the id ${workspaceId}.`);
      const inherits = query.include_inherited === 'true';
      const items = rates
        .pools()
        .pools.filter(ofType(query.group_type))
        .map((pool) => toWorkspaceRateLimit(rates.rules(), pool, { workspaceId, inherits }))
        .filter(({ limits }) => limits.length > 0);
      const filters = ['workspace_rate_limits', workspaceId, query.group_type, inherits];
      return pageOf(items, query, { filters, idOf: ({ rate_limit_id }) => rate_limit_id });
    }),
    route(contract.setWorkspaceRateLimit, async ({ params, body, by }) => {
      const { workspace_id: workspaceId, rate_limit_id: poolId } = params;
      await setRates(deps)({ scope: { type: 'workspace', id: workspaceId }, poolId, limits: body.limits }, by);
      await rates.refresh();
      return toWorkspaceRateLimit(rates.rules(), existing(deps, poolId), { workspaceId, inherits: false });
    }),
  ];
};

const overrideRoutes = (deps: SpendDeps): readonly Route[] => {
  const { rates } = deps;
  return [
    route(contract.listRateLimitOverrides, async ({ query }) => {
      const { scope_type: type, scope_id: id } = query;
      const found = listOverrides(deps).filter(
        ({ scope }) => (type === undefined || scope.type === type) && (id === undefined || scope.id === id),
      );
      const filters = ['rate_limit_overrides', type, id];
      const idOf = ({ scope, pool }: Override) => `${scope.type}:${scope.id} ${pool.id}`;
      const { data, ...rest } = pageOf(found, query, { filters, idOf });
      return { data: await describeOverrides(deps, data), ...rest };
    }),
    route(contract.setRateLimitOverride, async ({ body, by }) => {
      const scope = fromWireScope(body.scope);
      await setRates(deps)({ scope, poolId: body.rate_limit_id, limits: body.limits }, by);
      await rates.refresh();
      const pool = existing(deps, body.rate_limit_id);
      const [described] = await describeOverrides(deps, [{ scope: { type: body.scope.type, id: scope.id }, pool }]);
      if (described === undefined) throw new Error('one scope was described as none');
      return described;
    }),
  ];
};
