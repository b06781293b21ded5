import { microsOfCents, Refusal } from '../../kernel/index.ts';
import { cursorPage, type Route, readCursor, route } from '../../platform/index.ts';
import type { SpendDeps } from '../deps.ts';
import { changeSpendSettings, listSeatTiers, type SeatTier, setIncluded } from './change-settings.ts';
import * as contract from './contract.ts';
import { listEffective } from './list-effective.ts';
import { SCOPE_TYPES } from './rules/limit.ts';
import type { SpendSettings } from './rules/settings.ts';
import { deleteLimit, limitNotFound, setLimit } from './set-limit.ts';
import { spendSettingsStore } from './settings-store.ts';
import { limitStore, type StoredLimit, sortedAmount } from './store.ts';
import { fromWireLadder, fromWireScope, toWireAmount, toWireLimit } from './wire.ts';

/** Binds the endpoints about limits to their operations. */
export const limitRoutes = (deps: SpendDeps): readonly Route[] => [
  ...readRoutes(deps),
  ...changeRoutes(deps),
  ...settingsRoutes(deps),
];

const readRoutes = (deps: SpendDeps): readonly Route[] => [
  // Before the one that takes an id, which would read "effective" as one.
  route(contract.listEffectiveSpendLimits, async ({ query }) => {
    const filters = ['spend_limits_effective', query.user_ids, query.period];
    const page = { limit: query.limit, after: readCursor(query.page, filters), filters };
    const { data, ...rest } = await listEffective(deps)({ userIds: query.user_ids, periods: query.period, ...page });
    return { data: [...data], ...rest };
  }),
  route(contract.listSpendLimits, async ({ query }) => {
    const { limit, page: cursor, scope_type: asked, sort_by: sortBy, sort_order: order, ...named } = query;
    const filters = ['spend_limits', asked, named, ...(sortBy === 'scope' ? [] : [sortBy, order])];
    const wanted = {
      limit,
      after: readCursor(cursor, filters),
      target: targetIn(named),
      types: SCOPE_TYPES.filter((type) => (asked.length === 0 || asked.includes(type)) && isOf(type, named)),
    };
    const store = limitStore(deps.database);
    if (sortBy === 'amount')
      return cursorPage(await store.listByAmount({ ...wanted, order }), { limit, filters }, AMOUNT_PAGE);
    const scopes = sortBy === 'reach' ? contract.SCOPES_BY_REACH : SCOPE_TYPES;
    return cursorPage(
      await store.list({ ...wanted, scopes }),
      { limit, filters },
      { toItem: toWireLimit, positionOf: ({ id, scope }) => [String(scopes.indexOf(scope.type)), id] },
    );
  }),
  route(contract.getSpendLimit, async ({ params }) => {
    const limit = await limitStore(deps.database).find(params.spend_limit_id);
    if (limit === undefined) throw limitNotFound(params.spend_limit_id);
    return toWireLimit(limit);
  }),
];

const AMOUNT_PAGE = {
  toItem: toWireLimit,
  positionOf: (limit: StoredLimit) => [String(sortedAmount(limit)), limit.id],
};

type Named = {
  readonly user_id?: string | undefined;
  readonly rbac_group_id?: string | undefined;
  readonly workspace_id?: string | undefined;
  readonly api_key_id?: string | undefined;
};

const FILTER_OF: Readonly<Record<(typeof SCOPE_TYPES)[number], keyof Named | null>> = {
  organization: null,
  organization_total: null,
  session: null,
  seat_tier: null,
  user: 'user_id',
  rbac_group: 'rbac_group_id',
  rbac_group_pool: 'rbac_group_id',
  workspace: 'workspace_id',
  api_key: 'api_key_id',
};

const namesIn = (named: Named): readonly string[] =>
  Object.entries(named).flatMap(([name, value]) => (value === undefined ? [] : [name]));

const targetIn = (named: Named): string | undefined => {
  const [name, ...others] = namesIn(named);
  if (others.length > 0) throw new Refusal('invalid_request', 'Ask for the limits of one thing at a time.');
  return name === undefined ? undefined : named[name as keyof Named];
};

const isOf = (type: (typeof SCOPE_TYPES)[number], named: Named): boolean => {
  const [name] = namesIn(named);
  return name === undefined || FILTER_OF[type] === name;
};

const changeRoutes = (deps: SpendDeps): readonly Route[] => [
  route(contract.setSpendLimit, async ({ body, by }) => {
    const isSession = body.scope.type === 'session';
    if (isSession && typeof body.period === 'string')
      throw new Refusal('invalid_request', 'A limit of sessions has no period: leave it out.');
    const limit = await setLimit(deps)(
      {
        scope: fromWireScope(body.scope),
        period: isSession ? null : (body.period ?? 'monthly'),
        amountMicros: body.amount === null ? null : microsOfCents(body.amount),
        isEnabled: body.is_enabled,
        mode: body.mode,
        ladder: body.ladder && fromWireLadder(body.ladder),
      },
      by,
    );
    return toWireLimit(limit);
  }),
  route(contract.deleteSpendLimit, async ({ params, by }) => {
    await deleteLimit(deps)(params.spend_limit_id, by);
    return { id: params.spend_limit_id, type: 'spend_limit_deleted' as const };
  }),
];

const settingsRoutes = (deps: SpendDeps): readonly Route[] => [
  route(contract.getSpendSettings, async () => toWireSettings(await spendSettingsStore(deps.database).read())),
  route(contract.updateSpendSettings, async ({ body, by }) => {
    const outage = body.store_outage && { mode: body.store_outage.mode, graceSeconds: body.store_outage.grace_seconds };
    return toWireSettings(
      await changeSpendSettings(deps)(
        {
          multiGroup: body.multi_group_limit,
          takesRequests: body.increase_requests,
          thresholds: body.thresholds,
          askForMore: body.ask_for_more,
          outage,
        },
        by,
      ),
    );
  }),
  route(contract.listSeatTierUsage, async () => ({ data: (await listSeatTiers(deps.database)).map(toWireTier) })),
  route(contract.setSeatTierUsage, async ({ body, by }) => {
    const { seat_tier: seatTier, period, amount } = body;
    await setIncluded(deps)({ seatTier, period, amountMicros: amount === null ? null : microsOfCents(amount) }, by);
    const tiers = await listSeatTiers(deps.database);
    return toWireTier(tiers.find((tier) => tier.seatTier === seatTier) ?? { seatTier, included: null, members: 0 });
  }),
];

const toWireSettings = (settings: SpendSettings): contract.SpendSettings => ({
  type: 'spend_settings',
  multi_group_limit: settings.multiGroup,
  increase_requests: settings.takesRequests,
  store_outage: { mode: settings.outage.mode, grace_seconds: settings.outage.graceSeconds },
  thresholds: [...settings.thresholds],
  ask_for_more: settings.askForMore,
});

const toWireTier = ({ seatTier, included, members }: SeatTier): contract.SeatTierUsage => ({
  type: 'seat_tier_usage',
  seat_tier: seatTier,
  included: included && {
    amount: toWireAmount(included.amountMicros) ?? '0',
    currency: 'USD',
    period: included.period,
  },
  member_count: members,
});
