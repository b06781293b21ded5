import type { Finding } from './decision.ts';
import type { Entitlement } from './entitlement.ts';
import type { Entitlements } from './entitlements.ts';
import type { ModelLine } from './model.ts';
import { bareName, type ModelIndex, resolveName } from './model-index.ts';
import { grantsOf, holderOf, rolesOf } from './naming.ts';

/** What the model rule says: the entitlement that applies (null when no model is known) and the name to forward. */
export type ModelRuling = {
  readonly entitlement: Entitlement | null;
  readonly forward: string;
  readonly finding: Finding;
};

const named = ({ model }: Entitlement) => ({ model: model.id, name: model.displayName });

const insteadFor = (entitlements: Entitlements): string | null => entitlements.defaultModel?.model.displayName ?? null;

/** Why a known model is refused to this principal. */
const refused = (asked: string, entitlement: Entitlement, entitlements: Entitlements): Finding => {
  const because = { asked, ...named(entitlement), instead: insteadFor(entitlements) };
  const stop = { rule: 'model-access', effect: 'deny' } as const;
  const { closedAtPercent: percent } = entitlement;
  if (percent !== undefined) return { ...stop, reason: 'model-closed-by-spend', because: { ...because, percent } };
  if (entitlement.stoppedBy === 'organisation') return { ...stop, reason: 'model-disabled-by-organisation', because };
  const { principal } = entitlements;
  return {
    ...stop,
    reason: 'model-not-granted-by-role',
    because: { ...because, ...rolesOf(grantsOf(principal)), holder: holderOf(principal) },
  };
};

const judgeNamed = (asked: string, entitlement: Entitlement, entitlements: Entitlements): ModelRuling => {
  const forward = bareName(asked);
  if (!entitlement.allowed) return { entitlement, forward, finding: refused(asked, entitlement, entitlements) };
  const because = { asked, ...named(entitlement), ...rolesOf(entitlement.grantedBy) };
  return {
    entitlement,
    forward,
    finding: { rule: 'model-access', effect: 'allow', reason: 'model-permitted', because },
  };
};

const judgeFamily = (asked: string, line: ModelLine, entitlements: Entitlements): ModelRuling => {
  const entitlement = entitlements.newestByLine.get(line);
  if (entitlement === undefined) {
    const because = { asked, line, instead: insteadFor(entitlements) };
    const finding: Finding = { rule: 'model-access', effect: 'deny', reason: 'family-not-permitted', because };
    return { entitlement: null, forward: asked, finding };
  }
  const because = { asked, line, ...named(entitlement) };
  const finding: Finding = { rule: 'model-access', effect: 'allow', reason: 'family-resolved', because };
  return { entitlement, forward: entitlement.model.id, finding };
};

const judgeDefault = (asked: string, { defaultModel, defaultFrom }: Entitlements): ModelRuling => {
  if (defaultModel === null) {
    const because = { asked };
    const finding: Finding = { rule: 'model-access', effect: 'deny', reason: 'no-default-permitted', because };
    return { entitlement: null, forward: asked, finding };
  }
  const because = { asked, ...named(defaultModel), from: defaultFrom };
  const finding: Finding = { rule: 'model-access', effect: 'allow', reason: 'default-resolved', because };
  return { entitlement: defaultModel, forward: defaultModel.model.id, finding };
};

const unknown = (asked: string, entitlements: Entitlements): ModelRuling => {
  const because = { asked, instead: insteadFor(entitlements) };
  const finding: Finding = { rule: 'model-access', effect: 'deny', reason: 'model-unknown', because };
  return { entitlement: null, forward: asked, finding };
};

/**
 * Whether the principal may use the model a request names. A family name and `default` lead to the newest permitted model
 * and to the principal's default; a model named outright is refused when it is not permitted, never exchanged.
 */
export const judgeModel = (index: ModelIndex, entitlements: Entitlements, asked: string): ModelRuling => {
  const name = resolveName(index, asked);
  switch (name.kind) {
    case 'model': {
      const entitlement = entitlements.byModel.get(name.model.id);
      return entitlement === undefined ? unknown(asked, entitlements) : judgeNamed(asked, entitlement, entitlements);
    }
    case 'family':
      return judgeFamily(asked, name.line, entitlements);
    case 'default':
      return judgeDefault(asked, entitlements);
    case 'unknown':
      return unknown(asked, entitlements);
    default: {
      const unexpected: never = name;
      return unexpected;
    }
  }
};

/** What the fallback rule says: the entitlements of the fallback models, and a finding for each that is refused. */
export type FallbackRuling = { readonly entitlements: readonly Entitlement[]; readonly findings: readonly Finding[] };

const NO_FALLBACKS: FallbackRuling = { entitlements: [], findings: [] };

const refusedFallback = (asked: string, entitlement: Entitlement | undefined): Finding => ({
  rule: 'fallback-access',
  effect: 'deny',
  reason: 'fallback-not-permitted',
  because: {
    asked,
    name: entitlement?.model.displayName ?? null,
    stoppedBy: entitlement?.stoppedBy ?? 'unknown',
  },
});

/**
 * Whether every model of the beta `fallbacks` is permitted. They are forwarded as they stand, so a family name or
 * `default` is refused there: the provider could make something else of it.
 */
export const judgeFallbacks = (
  index: ModelIndex,
  entitlements: Entitlements,
  fallbacks: readonly string[],
): FallbackRuling => {
  if (fallbacks.length === 0) return NO_FALLBACKS;
  const permitted: Entitlement[] = [];
  const findings: Finding[] = [];
  for (const asked of fallbacks) {
    const name = index.names.get(asked);
    const entitlement = name?.kind === 'model' ? entitlements.byModel.get(name.model.id) : undefined;
    if (entitlement?.allowed === true) permitted.push(entitlement);
    else findings.push(refusedFallback(asked, entitlement));
  }
  if (findings.length > 0) return { entitlements: permitted, findings };
  const because = { fallbacks: permitted.map((one) => one.model.displayName) };
  return {
    entitlements: permitted,
    findings: [{ rule: 'fallback-access', effect: 'allow', reason: 'fallbacks-permitted', because }],
  };
};
