import { type ApiKey, getApiKey, listApiKeys, listWorkspaces } from '../../directory/contract.ts';
import { ApiError, type Call } from '../../platform/contract.ts';
import {
  getPrepaidBalance,
  getRateTier,
  getSpendSettings,
  listRateLimitOverrides,
  listRateLimits,
  listSeatTierUsage,
  listSpendLimits,
  type RateLimitGroup,
  type RateLimitValue,
  type RateScope,
  type SpendLimit,
} from '../../spend/contract.ts';
import { mapAtOnce, readCursorPages, readIdPages } from '../pages.ts';
import type { LimitedState, LimitState, PoolState, RateNumbers, RatesState, SpendState } from './rules/money-state.ts';

/** The id of what a scope names; empty for those of which there is one. */
const targetOf = ({ type: _, ...named }: SpendLimit['scope'] | RateScope): string => Object.values(named)[0] ?? '';

/** Every limit that is set. */
export const readLimits = async (call: Call): Promise<readonly LimitState[]> =>
  (await readCursorPages((query) => call(listSpendLimits, { query }))).map((limit) => ({
    id: limit.id,
    type: limit.scope.type,
    target: targetOf(limit.scope),
    period: limit.period,
    amount: limit.amount,
    isEnabled: limit.is_enabled,
    mode: limit.mode,
    ladder: limit.ladder,
  }));

/** Which settings of spend are read. */
export type WantedSpend = { readonly [Part in keyof SpendState]: boolean };

/** Reads how limits work, what is prepaid and what seats include, as far as is wanted. */
export const readSpend = async (call: Call, wanted: WantedSpend): Promise<SpendState> => {
  const settings = wanted.settings ? await call(getSpendSettings) : null;
  const prepaid = wanted.prepaid ? await call(getPrepaidBalance) : null;
  const tiers = wanted.included ? (await call(listSeatTierUsage)).data : null;
  return {
    settings: settings && {
      multi_group_limit: settings.multi_group_limit,
      increase_requests: settings.increase_requests,
      store_outage: { mode: settings.store_outage.mode, grace_seconds: settings.store_outage.grace_seconds },
      thresholds: settings.thresholds,
      ask_for_more: { url: settings.ask_for_more.url, sentence: settings.ask_for_more.sentence },
    },
    prepaid: prepaid && {
      is_enabled: prepaid.is_enabled,
      mode: prepaid.mode,
      auto_reload: {
        is_enabled: prepaid.auto_reload.is_enabled,
        threshold: prepaid.auto_reload.threshold,
        amount: prepaid.auto_reload.amount,
        monthly_maximum: prepaid.auto_reload.monthly_maximum,
      },
    },
    included:
      tiers &&
      Object.fromEntries(
        tiers.flatMap(({ seat_tier, included }) =>
          included === null ? [] : [[seat_tier, { amount: included.amount, period: included.period }]],
        ),
      ),
  };
};

const PART_NAMES = { batch: 'message batches', token_count: 'token counting', files: 'files' } as const;

const toPool = (group: RateLimitGroup): PoolState => ({
  id: group.id,
  kind: group.type,
  name: group.type === 'model_group' ? group.display_name : PART_NAMES[group.type],
});

const numbersOf = (limits: readonly RateLimitValue[]): RateNumbers =>
  Object.fromEntries(limits.map(({ type, value }) => [type, value]));

/** Reads the tier, what it and its neighbours give, and every lower limit. */
export const readRates = async (call: Call): Promise<RatesState> => {
  const { tier, tiers } = await call(getRateTier);
  const pools = await readCursorPages((query) => call(listRateLimits, { query }));
  const overrides = await readCursorPages((query) => call(listRateLimitOverrides, { query }));
  const given = (name: string) =>
    Object.fromEntries(
      (tiers.find((one) => one.tier === name)?.limits ?? []).map(({ rate_limit_id, limits }) => [
        rate_limit_id,
        numbersOf(limits),
      ]),
    );
  return {
    tier,
    pools: pools.map(({ group }) => toPool(group)),
    custom: given('custom'),
    scale: given('scale'),
    overrides: overrides.map(({ scope, rate_limit_id, limits }) => ({
      type: scope.type,
      target: targetOf(scope),
      pool: rate_limit_id,
      limits: numbersOf(limits),
    })),
  };
};

/** Reads the workspaces that are open, the default one too. */
export const readWorkspaces = async (call: Call): Promise<readonly LimitedState[]> => {
  const named = await readIdPages((query) => call(listWorkspaces, { query }));
  const all = await readIdPages((query) => call(listWorkspaces, { query: { ...query, include_default: 'true' } }));
  const isNamed = new Set(named.map(({ id }) => id));
  return all.map(({ id, name }) => ({ id, name, isDefault: !isNamed.has(id) }));
};

const toKey = ({ id, name }: ApiKey): LimitedState => ({ id, name });

const isThere = ({ status }: ApiKey): boolean => status !== 'archived';

const orNothing = async (key: Promise<ApiKey>): Promise<readonly ApiKey[]> => {
  try {
    return [await key];
  } catch (error) {
    if (error instanceof ApiError && error.status === 404) return [];
    throw error;
  }
};

/** The keys with these ids, those that are archived left out. */
export const readKeysById = async (call: Call, ids: readonly string[]): Promise<readonly LimitedState[]> => {
  const found = await mapAtOnce(ids, (api_key_id) => orNothing(call(getApiKey, { params: { api_key_id } })));
  return found.flat().filter(isThere).map(toKey);
};

const ID = /^apikey_/;

/** The keys with these names or ids, those that are archived left out. Several may have the same name. */
export const readKeys = async (call: Call, asked: readonly string[]): Promise<readonly LimitedState[]> => {
  const ids = asked.filter((name) => ID.test(name));
  const names = asked.filter((name) => !ID.test(name));
  const found = await mapAtOnce(names, async (search) => {
    const keys = await readIdPages((query) => call(listApiKeys, { query: { ...query, search } }));
    return keys.filter((key) => isThere(key) && key.name === search).map(toKey);
  });
  return [...found.flat(), ...(await readKeysById(call, ids))];
};
