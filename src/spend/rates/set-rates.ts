import type { NewActivity } from '../../activity/index.ts';
import { changeInTurn, readWorkspaces } from '../../directory/index.ts';
import { type Doer, Refusal } from '../../kernel/index.ts';
import type { Sql } from '../../platform/index.ts';
import type { SpendDeps } from '../deps.ts';
import { refuseMissingTarget } from '../limits/refuse-missing-target.ts';
import { type Limiter, REFILLING_LIMITERS } from './rules/limiter.ts';
import { ALL_MODELS, type Pool } from './rules/pools.ts';
import { ORGANISATION_SCOPE, type RateScope } from './rules/scope.ts';
import type { RateTier } from './rules/tiers.ts';
import { rateStore, type StoredLimit } from './store.ts';

/** Limits to set on a pool; a null value clears. Types are those of the wire, of which not all exist for every pool. */
export type WantedRates = {
  readonly scope: RateScope;
  readonly poolId: string;
  readonly limits: readonly { readonly type: string; readonly value: number | null }[];
};

/** Puts the organisation into a tier. */
export const setTier =
  ({ database, changePolicy, record, now }: SpendDeps) =>
  (tier: RateTier, by: Doer): Promise<void> =>
    changeInTurn(database, async (sql) => {
      const before = await rateStore(sql).readTier();
      if (before === tier) return;
      await rateStore(sql).setTier(tier, now());
      await changePolicy(sql, { entity: 'rates', id: 'tier' });
      const updates = [{ type: 'rate_tier', previous_value: before, current_value: tier }];
      await record(sql, by, { type: 'remit_rate_tier_updated', updates });
    });

/** Sets the limits of a scope on a pool, or clears them; what is not named stays. They hold from the next request on. */
export const setRates =
  ({ database, changePolicy, record, now, rates }: SpendDeps) =>
  (wanted: WantedRates, by: Doer): Promise<void> =>
    changeInTurn(database, async (sql) => {
      const { scope } = wanted;
      const pool = findPool(wanted, rates.pools().byId);
      const changes = readChanges(wanted, pool);
      await refuseScope(sql, scope);
      const store = rateStore(sql);
      const before = await store.list({ scopeType: scope.type, scopeId: scope.id, poolId: pool.id });
      const made = changes.filter(({ limiter, value }) => value !== valueIn(before, limiter));
      if (made.length === 0) return;
      for (const { limiter, value } of made)
        if (value === null) await store.clear({ scope, poolId: pool.id, limiter });
        else await store.set({ scope, poolId: pool.id, limiter, value }, now());
      await changePolicy(sql, { entity: 'rates', id: scope.id === '' ? scope.type : scope.id });
      await record(sql, by, ...made.map((change) => activityOf(scope, pool, change)));
    });

type Change = { readonly limiter: Limiter; readonly value: number | null };

const valueIn = (limits: readonly StoredLimit[], limiter: Limiter): number | null =>
  limits.find((limit) => limit.limiter === limiter)?.value ?? null;

const findPool = ({ scope, poolId }: WantedRates, byId: ReadonlyMap<string, Pool>): Pool => {
  const mayBeAll = scope.type !== 'organization' && scope.type !== 'workspace';
  const pool = poolId === ALL_MODELS.id && mayBeAll ? ALL_MODELS : byId.get(poolId);
  if (pool === undefined) throw new Refusal('not_found', `There is no rate limit with the id ${poolId}.`);
  return pool;
};

/** The limiters that can be set for a scope on a pool. */
const settable = (scope: RateScope, { kind }: Pool): readonly Limiter[] => {
  if (kind === 'model_group') return REFILLING_LIMITERS;
  if (kind === 'batch' && scope.type === 'organization') return ['requests_per_minute', 'enqueued_batch_requests'];
  return ['requests_per_minute'];
};

const readChanges = ({ scope, limits }: WantedRates, pool: Pool): readonly Change[] => {
  const possible = settable(scope, pool);
  const types = new Set(limits.map(({ type }) => type));
  if (types.size < limits.length)
    throw new Refusal('invalid_request', 'limits: name each limiter once; which of two values is meant is not clear.');
  return limits.map(({ type, value }) => {
    const limiter = possible.find((each) => each === type);
    if (limiter === undefined)
      throw new Refusal(
        'invalid_request',
        `limits: ${pool.displayName} cannot be limited by ${type} here. Use ${possible.join(', ')}.`,
      );
    return { limiter, value };
  });
};

/** Whose limits cannot be set: who is not there, a workspace that stays as it is, an organisation that has shipped numbers. */
const refuseScope = async (sql: Sql, { type, id }: RateScope): Promise<void> => {
  switch (type) {
    case 'organization':
      if ((await rateStore(sql).readTier()) === 'custom') return;
      throw new Refusal('invalid_request', 'Only the tier custom has numbers of its own. Choose that tier first.');
    case 'workspace':
      return refuseWorkspace(sql, id);
    case 'rbac_group':
      return refuseMissingTarget(sql, { type, groupId: id });
    case 'user':
      return refuseMissingTarget(sql, { type, userId: id });
    case 'api_key':
      return refuseMissingTarget(sql, { type, keyId: id });
    default:
      return type satisfies never;
  }
};

const refuseWorkspace = async (sql: Sql, id: string): Promise<void> => {
  await refuseMissingTarget(sql, { type: 'workspace', workspaceId: id });
  const [workspace] = await readWorkspaces(sql, [id]);
  if (workspace?.isDefault === true)
    throw new Refusal(
      'invalid_request',
      'The default workspace has no rate limits of its own; those of the organisation hold there.',
    );
  if (workspace?.isOpen === false) throw new Refusal('invalid_request', 'An archived workspace stays as it is.');
};

const activityOf = (scope: RateScope, pool: Pool, { limiter, value }: Change): NewActivity => {
  const limited = { limiter_type: limiter, model_group: pool.displayName };
  if (scope.type === 'workspace') {
    const where = { ...limited, workspace_id: scope.id };
    return value === null
      ? { type: 'platform_workspace_rate_limit_deleted', ...where }
      : { type: 'platform_workspace_rate_limit_updated', ...where, value };
  }
  const isOrganisation = scope.type === ORGANISATION_SCOPE.type;
  const whose = {
    limit_type: isOrganisation ? ('organization_total' as const) : scope.type,
    scope_id: isOrganisation ? null : scope.id,
  };
  return value === null
    ? { type: 'remit_rate_limit_deleted', ...limited, ...whose }
    : { type: 'remit_rate_limit_updated', ...limited, ...whose, value };
};
