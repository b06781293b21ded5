import { packWanted } from './decision-log.ts';
import type { Decision } from './rules/decision.ts';
import type { Wanted } from './rules/types.ts';

/** A decision as it is written down. */
export type PackedDecision = {
  /** The one reason that says why, for lists: what denied, else what clamped, else what was observed. */
  readonly reason: string | null;
  /** JSON: the findings. */
  readonly findings: string;
  /** JSON: what was wanted, for replaying it against another policy. */
  readonly wanted: string;
};

export type Judgement = { readonly decision: Decision; readonly packed: PackedDecision };

const reasonOf = ({ findings }: Decision): string | null => {
  for (const effect of ['deny', 'clamp', 'observe'] as const)
    for (const finding of findings) if (finding.effect === effect) return finding.reason;
  return null;
};

/** Makes a decision ready to be stored. */
export const packDecision = (decision: Decision, wanted: Wanted): PackedDecision => ({
  reason: reasonOf(decision),
  findings: JSON.stringify(decision.findings),
  wanted: packWanted(wanted),
});
