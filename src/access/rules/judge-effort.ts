import { type Effort, higherEffort, lowerEffort } from '../../kernel/index.ts';
import type { CapOrigin, Changes, Finding, FindingEffect } from './decision.ts';
import { capWithin, isAbove, THINKING_BUDGETS, weighEffort } from './effort-cap.ts';
import type { Entitlement } from './entitlement.ts';
import type { EffortAction, Wanted } from './types.ts';

/** The ceiling over one request: the lowest cap among the model and its fallbacks, and who set it. */
export type Ceiling = { readonly cap: Effort; readonly limit: Effort; readonly setBy: CapOrigin };

/** What the effort rules look at. `startAt` is the principal's default effort, null unless the request asks for `default`. */
export type EffortFacts = {
  readonly wanted: Wanted;
  readonly entitlement: Entitlement;
  readonly fallbacks: readonly Entitlement[];
  readonly ceiling: Ceiling;
  readonly action: EffortAction;
  readonly startAt: Effort | null;
};

/** What one rule says: its findings and what it wants changed. `used` only from the effort rule itself. */
export type EffortRuling = {
  readonly findings: readonly Finding[];
  readonly changes: Changes;
  readonly used: Effort | null;
};

const NOTHING: EffortRuling = { findings: [], changes: {}, used: null };

/** The effect of being above the cap under each action. */
const EFFECT: Readonly<Record<EffortAction, FindingEffect>> = { clamp: 'clamp', refuse: 'deny', observe: 'observe' };

/**
 * The ceiling of a request that any of several models may answer: an attempt by a fallback model runs at the request's
 * effort, so the lowest of their limits holds for all.
 */
export const ceilingOver = (entitlement: Entitlement, fallbacks: readonly Entitlement[]): Ceiling => {
  const { cap: ownCap, limit, capFrom, cappedAtPercent: percent } = entitlement;
  const own: Ceiling = { cap: ownCap, limit, setBy: percent === undefined ? capFrom : { level: 'spend', percent } };
  return fallbacks.reduce<Ceiling>((lowest, fallback) => {
    if (!isAbove(lowest.limit, fallback.limit)) return lowest;
    const cap = capWithin(entitlement.model, fallback.limit);
    return { cap, limit: fallback.limit, setBy: { level: 'fallback', name: fallback.model.displayName } };
  }, own);
};

const named = ({ entitlement: { model } }: EffortFacts) => ({ model: model.id, name: model.displayName });

const capFacts = (facts: EffortFacts) => ({ ...named(facts), cap: facts.ceiling.cap, setBy: facts.ceiling.setBy });

const notOffered = (rule: 'effort' | 'message-effort', asked: string, used: Effort, facts: EffortFacts): Finding => ({
  rule,
  effect: 'clamp',
  reason: 'effort-not-offered',
  because: { ...named(facts), asked, used },
});

const aboveCap = (rule: 'effort' | 'message-effort', asked: string, facts: EffortFacts): Finding => ({
  rule,
  effect: EFFECT[facts.action],
  reason: 'effort-above-cap',
  because: { ...capFacts(facts), asked },
});

/** An effort the request states. Levels the model lacks are always lowered; levels above the cap as the action says. */
const judgeStated = (asked: string, facts: EffortFacts): EffortRuling => {
  const { entitlement, ceiling, action } = facts;
  const { offered, to } = weighEffort(asked, entitlement.model, ceiling.cap);
  if (to === null) {
    const because = { ...named(facts), asked };
    return { ...NOTHING, findings: [{ rule: 'effort', effect: 'allow', reason: 'effort-not-recognised', because }] };
  }
  const above = offered !== to;
  const used = above && action === 'observe' ? offered : to;
  const findings: Finding[] = [];
  if (offered !== null && offered !== asked) findings.push(notOffered('effort', asked, offered, facts));
  if (above) findings.push(aboveCap('effort', asked, facts));
  if (findings.length > 0) return { findings, used, changes: used === null || used === asked ? {} : { effort: used } };
  const because = { ...capFacts(facts), asked, used: to };
  return {
    ...NOTHING,
    used: to,
    findings: [{ rule: 'effort', effect: 'allow', reason: 'effort-within-cap', because }],
  };
};

/** The level a request without effort starts at: the highest default among the models that may answer. */
const ownStart = (modelDefault: Effort, fallbacks: readonly Entitlement[]): Effort =>
  fallbacks.reduce((highest, { model }) => higherEffort(highest, model.defaultEffort ?? highest), modelDefault);

/** A start above the cap. Nobody asked for it, so it is lowered even where the organisation refuses what is above. */
const startsAbove = (start: Effort, chosen: Effort | null, facts: EffortFacts): EffortRuling => {
  const effect = facts.action === 'observe' ? 'observe' : 'clamp';
  const finding: Finding = {
    rule: 'effort',
    effect,
    reason: 'default-effort-above-cap',
    because: { ...capFacts(facts), start },
  };
  const sent = effect === 'clamp' ? facts.ceiling.cap : chosen;
  return { findings: [finding], used: sent ?? start, changes: sent === null ? {} : { effort: sent } };
};

/** An effort the request leaves out: the default holds, and where it is above the cap, the cap is sent. */
const judgeOmitted = (modelDefault: Effort, facts: EffortFacts): EffortRuling => {
  const chosen = facts.startAt === modelDefault ? null : facts.startAt;
  const start = chosen ?? ownStart(modelDefault, facts.fallbacks);
  if (isAbove(start, facts.ceiling.cap)) return startsAbove(start, chosen, facts);
  if (chosen !== null) {
    const because = { ...named(facts), used: chosen };
    const finding: Finding = { rule: 'effort', effect: 'allow', reason: 'default-effort-applied', because };
    return { findings: [finding], used: chosen, changes: { effort: chosen } };
  }
  const because = { ...capFacts(facts), asked: null, used: modelDefault };
  const finding: Finding = { rule: 'effort', effect: 'allow', reason: 'effort-within-cap', because };
  return { findings: [finding], used: modelDefault, changes: {} };
};

/** `output_config.effort`, stated or left out. A model without the parameter is left to the provider's answer. */
export const judgeEffort = (facts: EffortFacts): EffortRuling => {
  const asked = facts.wanted.effort ?? null;
  const { efforts, defaultEffort } = facts.entitlement.model;
  if (efforts.length === 0 || (asked === null && defaultEffort === null)) {
    const because = { ...named(facts), asked };
    return { ...NOTHING, findings: [{ rule: 'effort', effect: 'allow', reason: 'effort-not-applicable', because }] };
  }
  return asked !== null ? judgeStated(asked, facts) : judgeOmitted(defaultEffort ?? facts.ceiling.cap, facts);
};

const nestedLevel = (asked: string, facts: EffortFacts): { readonly finding: Finding; readonly to: Effort } | null => {
  const { offered, to } = weighEffort(asked, facts.entitlement.model, facts.ceiling.cap);
  if (to === null || to === asked) return null;
  if (offered !== to && facts.action !== 'observe') return { finding: aboveCap('message-effort', asked, facts), to };
  if (offered !== null && offered !== asked)
    return { finding: notOffered('message-effort', asked, offered, facts), to: offered };
  return { finding: aboveCap('message-effort', asked, facts), to };
};

/**
 * The efforts inside `messages[]` and `fallbacks[]`. One cap for all of them: where one has to be lowered, every level
 * above that one's new value is lowered to it as well.
 */
export const judgeNestedEfforts = (facts: EffortFacts): EffortRuling => {
  const { messageEfforts } = facts.wanted;
  if (messageEfforts.length === 0 || facts.entitlement.model.efforts.length === 0) return NOTHING;
  const findings = new Map<string, Finding>();
  let lowest: Effort | null = null;
  for (const asked of messageEfforts) {
    const ruling = asked === null || findings.has(asked) ? null : nestedLevel(asked, facts);
    if (asked === null || ruling === null) continue;
    findings.set(asked, ruling.finding);
    if (ruling.finding.effect === 'clamp') lowest = lowest === null ? ruling.to : lowerEffort(lowest, ruling.to);
  }
  if (findings.size === 0) return NOTHING;
  return { findings: [...findings.values()], used: null, changes: lowest === null ? {} : { messageEffortCap: lowest } };
};

/**
 * A thinking budget, on models that take one. The bound comes from the level an administrator set, not from the model's
 * own highest: with no limit set, no budget is too large.
 */
export const judgeThinkingBudget = (facts: EffortFacts): EffortRuling => {
  const asked = facts.wanted.thinkingBudget;
  const { entitlement, ceiling, action } = facts;
  if (asked === null || !entitlement.model.thinking.includes('enabled')) return NOTHING;
  const because = { ...capFacts(facts), cap: ceiling.limit, asked };
  const budget = THINKING_BUDGETS[ceiling.limit];
  if (budget === null || asked <= budget) {
    const finding: Finding = {
      rule: 'thinking-budget',
      effect: 'allow',
      reason: 'thinking-budget-within-cap',
      because,
    };
    return { ...NOTHING, findings: [finding] };
  }
  const effect = EFFECT[action];
  const finding: Finding = {
    rule: 'thinking-budget',
    effect,
    reason: 'thinking-budget-above-cap',
    because: { ...because, budget },
  };
  return { ...NOTHING, findings: [finding], changes: effect === 'clamp' ? { thinkingBudget: budget } : {} };
};
