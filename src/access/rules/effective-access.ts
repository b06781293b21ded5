import type { Effort } from '../../kernel/index.ts';
import type { DefaultSource } from './default-model.ts';
import type { CapSource, Entitlement } from './entitlement.ts';
import { type EntitlementFacts, type Entitlements, effortsLeft, entitlementsOf } from './entitlements.ts';
import { isAlwaysAvailable } from './model.ts';
import type { NamedRole } from './policy.ts';
import { bindingGrants, type GrantVia, type Principal } from './types.ts';

/** A role that grants a model, and the way it reached the principal. */
export type GrantedBy = { readonly role: NamedRole; readonly via: GrantVia };

/** What a principal may do with one model, and why, in a sentence for administrators. */
export type EffectiveModel = {
  readonly model: string;
  readonly displayName: string;
  readonly allowed: boolean;
  readonly cap: Effort | null;
  readonly capFrom: CapSource;
  readonly effortsLeft: readonly Effort[];
  readonly grantedBy: readonly GrantedBy[];
  readonly stoppedBy: 'organisation' | 'roles' | null;
  readonly sentence: string;
};

/**
 * The whole of a principal's rights, explained. `rolesBind` is false for those whose roles have no effect. Models are
 * newest first; `cap` is null where the model is not allowed.
 */
export type EffectiveAccess = {
  readonly rolesBind: boolean;
  readonly sentence: string;
  readonly models: readonly EffectiveModel[];
  readonly defaultModel: string | null;
  readonly defaultEffort: Effort | null;
  readonly defaultFrom: DefaultSource;
};

const viaOf = (via: GrantVia): string =>
  via.kind === 'group' ? `through the group “${via.name}”` : 'attached directly';

const grantsIn = ({ grantedBy }: Entitlement): string => {
  const ways = grantedBy.map(({ role, via }) => `“${role.displayName}” (${viaOf(via)})`);
  return ways.length > 3 ? `${ways.slice(0, 3).join(', ')} and ${ways.length - 3} more` : ways.join(', ');
};

const capIn = ({ model, limit, cap, capFrom }: Entitlement): string => {
  if (capFrom.level === 'model')
    return model.efforts.length === 0 ? 'without an effort setting' : `at any effort up to ${cap}`;
  const setBy = capFrom.level === 'organisation' ? 'the organisation' : `the role “${capFrom.displayName}”`;
  return model.efforts.length === 0
    ? `with thinking budgets limited to those of effort ${limit} by ${setBy}`
    : `up to effort ${cap}, a limit set by ${setBy}`;
};

const sentenceOn = (entitlement: Entitlement): string => {
  const { model, stoppedBy, grantedBy } = entitlement;
  if (stoppedBy === 'organisation') return `${model.displayName} is switched off for the whole organisation.`;
  if (stoppedBy === 'roles') return `No role that applies grants ${model.displayName}.`;
  const allowed = `${model.displayName} may be used ${capIn(entitlement)}`;
  if (isAlwaysAvailable(model)) return `${allowed}; Haiku models are always available.`;
  return grantedBy.length === 0 ? `${allowed}.` : `${allowed}; granted by the role ${grantsIn(entitlement)}.`;
};

const explained = (entitlement: Entitlement): EffectiveModel => ({
  model: entitlement.model.id,
  displayName: entitlement.model.displayName,
  allowed: entitlement.allowed,
  cap: entitlement.allowed ? entitlement.cap : null,
  capFrom: entitlement.capFrom,
  effortsLeft: entitlement.allowed ? effortsLeft(entitlement) : [],
  grantedBy: entitlement.grantedBy.map(({ role: { id, displayName }, via }) => ({ role: { id, displayName }, via })),
  stoppedBy: entitlement.stoppedBy,
  sentence: sentenceOn(entitlement),
});

const unboundSentence = (grants: number): string =>
  grants === 0
    ? 'This member has a built-in role, and may use everything the organisation allows.'
    : `This member has a built-in role, so everything the organisation allows may be used, and the custom roles (${grants}) have no effect. They take effect once the member’s role is Custom.`;

const overall = (principal: Principal): string => {
  switch (principal.kind) {
    case 'administrator':
      return 'An admin key sees every model in order to manage them; it cannot send requests to one.';
    case 'service':
      return principal.grants.length === 0
        ? `The group “${principal.groupName}”, which owns this key, has no role, so only Haiku models may be used.`
        : `This key follows the roles of the group “${principal.groupName}”, which owns it.`;
    case 'member': {
      if (bindingGrants(principal) === null) return unboundSentence(principal.grants.length);
      return principal.grants.length === 0
        ? 'This member’s role is Custom and no custom role reaches them, so only Haiku models may be used.'
        : 'This member may use what their custom roles grant, within what the organisation allows.';
    }
    default: {
      const unexpected: never = principal;
      return unexpected;
    }
  }
};

/** Compiled rights in words, for an administrator. */
export const explainAccess = (entitlements: Entitlements): EffectiveAccess => ({
  rolesBind: bindingGrants(entitlements.principal) !== null,
  sentence: overall(entitlements.principal),
  models: entitlements.all.map(explained),
  defaultModel: entitlements.defaultModel?.model.id ?? null,
  defaultEffort: entitlements.defaultEffort,
  defaultFrom: entitlements.defaultFrom,
});

/** What a principal may use and why: the role and the group that grant each model, or the level that stops it. */
export const effectiveAccess = (facts: EntitlementFacts): EffectiveAccess => explainAccess(entitlementsOf(facts));
