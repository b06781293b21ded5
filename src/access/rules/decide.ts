import type { Changes, Decision, Finding } from './decision.ts';
import type { Entitlement } from './entitlement.ts';
import type { Entitlements } from './entitlements.ts';
import { judgeCapabilities } from './judge-capabilities.ts';
import {
  ceilingOver,
  type EffortFacts,
  type EffortRuling,
  judgeEffort,
  judgeNestedEfforts,
  judgeThinkingBudget,
} from './judge-effort.ts';
import { judgeFallbacks, judgeModel, type ModelRuling } from './judge-model.ts';
import { judgeTools } from './judge-tools.ts';
import type { ModelIndex } from './model-index.ts';
import type { OrganisationAccess, Wanted } from './types.ts';

/** Everything a decision is made from; `entitlements` must be compiled from the same index and organisation. */
export type DecisionFacts = {
  readonly entitlements: Entitlements;
  readonly index: ModelIndex;
  readonly organisation: OrganisationAccess;
  readonly wanted: Wanted;
  readonly policyVersion: number;
};

const NO_CHANGES: Changes = {};

const effectOf = (findings: readonly Finding[]): Decision['effect'] => {
  let effect: Decision['effect'] = 'allow';
  for (const finding of findings) {
    if (finding.effect === 'deny') return 'deny';
    if (finding.effect === 'clamp') effect = 'clamp';
  }
  return effect;
};

type EffortRulings = { readonly effort: EffortRuling; readonly nested: EffortRuling; readonly budget: EffortRuling };

const judgeEfforts = (facts: EffortFacts): EffortRulings => ({
  effort: judgeEffort(facts),
  nested: judgeNestedEfforts(facts),
  budget: judgeThinkingBudget(facts),
});

/** The answer where no model is known: there is no effort to judge. */
const withoutModel = (findings: readonly Finding[], facts: DecisionFacts): Decision => ({
  effect: 'deny',
  model: { asked: facts.wanted.model, used: null, id: null },
  effort: { asked: facts.wanted.effort ?? null, used: null, cap: null },
  changes: NO_CHANGES,
  findings,
  policyVersion: facts.policyVersion,
});

const effortFacts = (
  facts: DecisionFacts,
  ruling: ModelRuling & { readonly entitlement: Entitlement },
  fallbacks: readonly Entitlement[],
): EffortFacts => ({
  wanted: facts.wanted,
  entitlement: ruling.entitlement,
  fallbacks,
  ceiling: ceilingOver(ruling.entitlement, fallbacks),
  action: facts.organisation.effortAction,
  // A default effort is where conversations on the default model begin; whoever names a model gets that model's own.
  startAt: ruling.finding.reason === 'default-resolved' ? facts.entitlements.defaultEffort : null,
});

/**
 * Whether a request may go ahead, and with what changed. Every rule runs, so that the record shows all that was wrong;
 * deny wins, and then nothing is to be forwarded. Costs a few look-ups however many roles there are.
 */
export const decide = (facts: DecisionFacts): Decision => {
  const { entitlements, index, wanted, policyVersion } = facts;
  const ruling = judgeModel(index, entitlements, wanted.model);
  const fallback = judgeFallbacks(index, entitlements, wanted.fallbackModels);
  const { entitlement, forward } = ruling;
  const brought = [
    ...judgeCapabilities(entitlements, wanted),
    ...judgeTools(entitlements, facts.organisation, wanted),
    ruling.finding,
    ...fallback.findings,
  ];
  if (entitlement === null) return withoutModel(brought, facts);

  const judged = effortFacts(facts, { ...ruling, entitlement }, fallback.entitlements);
  const { effort, nested, budget } = judgeEfforts(judged);
  const findings = [...brought, ...effort.findings, ...nested.findings, ...budget.findings];
  const effect = effectOf(findings);
  const denied = effect === 'deny';
  const renamed = forward === wanted.model ? NO_CHANGES : { model: forward };
  return {
    effect,
    model: { asked: wanted.model, used: denied ? null : forward, id: entitlement.model.id },
    effort: { asked: wanted.effort ?? null, used: denied ? null : effort.used, cap: judged.ceiling.cap },
    changes: denied ? NO_CHANGES : { ...renamed, ...effort.changes, ...nested.changes, ...budget.changes },
    findings,
    policyVersion,
  };
};
