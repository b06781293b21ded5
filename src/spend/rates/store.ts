import type { Sql } from '../../platform/index.ts';
import { type Limiter, type LimitSet, REFILLING_LIMITERS } from './rules/limiter.ts';
import { type RateRules, scopeKey } from './rules/rate-rules.ts';
import { LOWER_SCOPES, type RateScope, type RateScopeType } from './rules/scope.ts';
import { RATE_TIERS, type RateTier } from './rules/tiers.ts';
import type { RateTables } from './tables.ts';

const LIMITERS: ReadonlySet<string> = new Set([...REFILLING_LIMITERS, 'enqueued_batch_requests']);
const isLimiter = (text: string): text is Limiter => LIMITERS.has(text);
const SCOPE_TYPES: ReadonlySet<string> = new Set(['organization', ...LOWER_SCOPES]);
const isScopeType = (text: string): text is RateScopeType => SCOPE_TYPES.has(text);
const isTier = (text: string): text is RateTier => (RATE_TIERS as readonly string[]).includes(text);

/** One limit as it is stored. */
export type StoredLimit = {
  readonly scope: RateScope;
  readonly poolId: string;
  readonly limiter: Limiter;
  readonly value: number;
};

/** Which limits to read; a field that is left out selects nothing. */
export type LimitFilter = {
  readonly scopeType?: RateScopeType | undefined;
  readonly scopeId?: string | undefined;
  readonly poolId?: string | undefined;
};

/** Where tier and limits live. `set` replaces the value of (scope, pool, limiter); rows of a later version's words are passed over. */
export const rateStore = (sql: Sql) => {
  const tables = sql.tables<RateTables>();

  const list = async ({ scopeType, scopeId, poolId }: LimitFilter = {}): Promise<readonly StoredLimit[]> => {
    let query = tables.selectFrom('rate_limits').selectAll();
    if (scopeType !== undefined) query = query.where('scope_type', '=', scopeType);
    if (scopeId !== undefined) query = query.where('scope_id', '=', scopeId);
    if (poolId !== undefined) query = query.where('pool_id', '=', poolId);
    const rows = await query.orderBy('scope_type').orderBy('scope_id').orderBy('pool_id').orderBy('limiter').execute();
    return rows.flatMap(({ scope_type, scope_id, pool_id, limiter, value }) =>
      isScopeType(scope_type) && isLimiter(limiter)
        ? [{ scope: { type: scope_type, id: scope_id }, poolId: pool_id, limiter, value }]
        : [],
    );
  };

  const readTier = async (): Promise<RateTier> => {
    const row = await tables.selectFrom('rate_tier').select('tier').executeTakeFirst();
    return row !== undefined && isTier(row.tier) ? row.tier : 'unlimited';
  };

  return {
    list,
    readTier,
    readRules: async (): Promise<RateRules> => {
      const [tier, rows] = await Promise.all([readTier(), list()]);
      return { tier, limits: gather(rows) };
    },
    setTier: async (tier: RateTier, at: number): Promise<void> => {
      const row = { tier, changed_at: at };
      await tables
        .insertInto('rate_tier')
        .values({ singleton: 1, ...row })
        .onConflict((conflict) => conflict.column('singleton').doUpdateSet(row))
        .execute();
    },
    set: async ({ scope, poolId, limiter, value }: StoredLimit, at: number): Promise<void> => {
      const row = { value, changed_at: at };
      await tables
        .insertInto('rate_limits')
        .values({ scope_type: scope.type, scope_id: scope.id, pool_id: poolId, limiter, ...row })
        .onConflict((conflict) => conflict.columns(['scope_type', 'scope_id', 'pool_id', 'limiter']).doUpdateSet(row))
        .execute();
    },
    clear: async ({ scope, poolId, limiter }: Omit<StoredLimit, 'value'>): Promise<void> => {
      await tables
        .deleteFrom('rate_limits')
        .where('scope_type', '=', scope.type)
        .where('scope_id', '=', scope.id)
        .where('pool_id', '=', poolId)
        .where('limiter', '=', limiter)
        .execute();
    },
  };
};

/** Stored limits by scope and pool. */
const gather = (rows: readonly StoredLimit[]): RateRules['limits'] => {
  const scopes = new Map<string, Map<string, LimitSet>>();
  for (const { scope, poolId, limiter, value } of rows) {
    const key = scopeKey(scope);
    const pools = scopes.get(key) ?? new Map<string, LimitSet>();
    pools.set(poolId, { ...pools.get(poolId), [limiter]: value });
    scopes.set(key, pools);
  }
  return scopes;
};
