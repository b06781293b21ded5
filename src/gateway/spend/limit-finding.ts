import type { Decision, Finding, LimitFacts, Snapshot } from '../../access/index.ts';
import type { LimitScope, Refused, Standing } from '../../spend/index.ts';
import { resetOf } from '../../spend/index.ts';

/** The name of what a limit stands on, as far as the policy knows one. */
const nameOf = (scope: LimitScope, { groups }: Snapshot): string | null => {
  switch (scope.type) {
    case 'rbac_group':
    case 'rbac_group_pool':
      return groups.get(scope.groupId)?.name ?? null;
    case 'seat_tier':
      return scope.seatTier;
    default:
      return null;
  }
};

/** A limit as the record and its sentences tell of it. */
export const limitFacts = ({ ceiling, balance }: Standing, snapshot: Snapshot, at: number): LimitFacts => ({
  limit: ceiling.limitId,
  scope: ceiling.scope.type,
  of: nameOf(ceiling.scope, snapshot),
  period: ceiling.period,
  amountMicros: ceiling.amountMicros,
  spentMicros: balance.settledMicros,
  openMicros: balance.openMicros,
  resetsAt: resetOf(ceiling, at),
});

/** A decision that is denied after all, for a reason found later. */
export const denied = (decision: Decision, finding: Finding): Decision => ({
  ...decision,
  effect: 'deny',
  model: { ...decision.model, used: null },
  effort: { ...decision.effort, used: null },
  changes: {},
  findings: [...decision.findings, finding],
});

/** The finding for a request that a limit refuses. */
export const refusalFinding = ({ reason, standing }: Refused, snapshot: Snapshot, at: number): Finding => ({
  rule: 'spend-limit',
  effect: 'deny',
  reason,
  because: limitFacts(standing, snapshot, at),
});

/** A decision whose answer may be shorter than asked for, because a strict limit pays for no more. */
export const shortened = (
  decision: Decision,
  { asked, to }: { readonly asked: number; readonly to: number },
  limit: LimitFacts,
): Decision => ({
  ...decision,
  effect: 'clamp',
  changes: { ...decision.changes, maxTokens: to },
  findings: [
    ...decision.findings,
    { rule: 'spend-limit', effect: 'clamp', reason: 'spend-max-tokens-lowered', because: { ...limit, asked, to } },
  ],
});
