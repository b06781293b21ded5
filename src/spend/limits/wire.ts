import { centsOf, MICROS_PER_CENT, type Micros } from '../../kernel/index.ts';
import type { LadderStep as Step } from '../ledger/rules/ceiling.ts';
import type * as contract from './objects/contract.ts';
import { spendScope, targetOfScope } from './objects/contract.ts';
import { type SettableScope, scopeOf, targetOf } from './rules/limit.ts';
import type { StoredLimit } from './store.ts';

/** Epoch milliseconds as the APIs write times: RFC 3339 in UTC. */
export const toWireTime = (ms: number): string => new Date(ms).toISOString();

/** An amount as cents; unlimited stays null. */
export const toWireAmount = (micros: Micros | null): string | null => (micros === null ? null : centsOf(micros));

/** An amount as the feed of activities writes it: a number of cents. */
export const toCents = (micros: Micros | null): number | null => (micros === null ? null : micros / MICROS_PER_CENT);

/** What a scope is called in the Spend Limits API. */
export const toWireScope = (scope: SettableScope): contract.SpendScope => spendScope(scope.type, targetOf(scope));

/** The scope a client names. */
export const fromWireScope = (scope: contract.SpendScope): SettableScope => scopeOf(scope.type, targetOfScope(scope));

const toWireStep = (step: Step): contract.LadderStep => {
  switch (step.action) {
    case 'notify':
      return { at_percent: step.atPercent, action: step.action };
    case 'lower_effort':
      return { at_percent: step.atPercent, action: step.action, effort: step.effort };
    case 'restrict_models':
      return { at_percent: step.atPercent, action: step.action, families: [...step.families] };
    default:
      return step satisfies never;
  }
};

/** A limit's steps in the order in which they come. */
export const fromWireLadder = (ladder: readonly contract.LadderStep[]): readonly Step[] =>
  ladder
    .map(({ at_percent: atPercent, ...step }): Step => ({ atPercent, ...step }))
    .sort((a, b) => a.atPercent - b.atPercent);

/** A limit as the Spend Limits API shows one. */
export const toWireLimit = (limit: StoredLimit): contract.SpendLimit => ({
  id: limit.id,
  type: 'spend_limit',
  scope: toWireScope(limit.scope),
  amount: toWireAmount(limit.amountMicros),
  currency: 'USD',
  period: limit.period,
  is_enabled: limit.isEnabled,
  mode: limit.mode,
  ladder: limit.ladder.map(toWireStep),
  created_at: toWireTime(limit.createdAt),
  updated_at: toWireTime(limit.updatedAt),
});
