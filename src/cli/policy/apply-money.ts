import * as spend from '../../spend/contract.ts';
import type { Doers, Names } from './doing.ts';
import type { DeclaredStep } from './rules/declared-limits.ts';
import type { LimitTarget, MoneyAction, RateChanges, RateTarget } from './rules/money-actions.ts';

const limitScope = (target: LimitTarget, { idOf }: Names): spend.SpendScope => {
  switch (target.type) {
    case 'seat_tier':
      return { type: target.type, seat_tier: target.seatTier };
    case 'rbac_group':
    case 'rbac_group_pool':
      return { type: target.type, rbac_group_id: idOf('group', target.group) };
    case 'user':
      return { type: target.type, user_id: target.userId };
    case 'workspace':
      return { type: target.type, workspace_id: target.workspaceId };
    case 'api_key':
      return { type: target.type, api_key_id: target.keyId };
    case 'organization':
    case 'organization_total':
    case 'session':
      return { type: target.type };
    default:
      return target satisfies never;
  }
};

const rateScope = (target: RateTarget, { idOf }: Names): spend.RateScope => {
  switch (target.type) {
    case 'rbac_group':
      return { type: target.type, rbac_group_id: idOf('group', target.group) };
    case 'user':
      return { type: target.type, user_id: target.userId };
    case 'workspace':
      return { type: target.type, workspace_id: target.workspaceId };
    case 'api_key':
      return { type: target.type, api_key_id: target.keyId };
    default:
      return target satisfies never;
  }
};

const toWireStep = (step: DeclaredStep): spend.LadderStep =>
  step.action === 'restrict_models' ? { ...step, families: [...step.families] } : step;

// What waits in batches is limited for the organisation only; the planner has refused it elsewhere.
const lowerOf = (limits: RateChanges) =>
  limits.flatMap(({ type, value }) => (type === 'enqueued_batch_requests' ? [] : [{ type, value }]));

/** How each step about money and rates is done. */
export const MONEY_DOERS: Doers<MoneyAction> = {
  'set-limit': ({ target, period, fields: { ladder, ...fields } }, { call, names }) =>
    call(spend.setSpendLimit, {
      body: {
        scope: limitScope(target, names),
        period,
        ...fields,
        ...(ladder === undefined ? {} : { ladder: ladder.map(toWireStep) }),
      },
    }),
  'delete-limit': ({ id }, { call }) => call(spend.deleteSpendLimit, { params: { spend_limit_id: id } }),
  'set-spend-settings': ({ settings: { thresholds, ...settings } }, { call }) =>
    call(spend.updateSpendSettings, {
      body: { ...settings, ...(thresholds === undefined ? {} : { thresholds: [...thresholds] }) },
    }),
  'set-prepaid': ({ settings }, { call }) => call(spend.updatePrepaidSettings, { body: settings }),
  'set-included': ({ seatTier, amount, period }, { call }) =>
    call(spend.setSeatTierUsage, { body: { seat_tier: seatTier, amount, period } }),
  'set-rate-tier': ({ tier }, { call }) => call(spend.setRateTier, { body: { tier } }),
  'set-custom-rates': ({ pool, limits }, { call }) =>
    call(spend.setRateLimit, { params: { rate_limit_id: pool }, body: { limits: [...limits] } }),
  'set-lower-rates': ({ target, pool, limits }, { call, names }) =>
    call(spend.setRateLimitOverride, {
      body: { scope: rateScope(target, names), rate_limit_id: pool, limits: lowerOf(limits) },
    }),
};
