import { type Judgement, packDecision } from './judgement.ts';
import type { Caller } from './resolve-caller.ts';
import { decide } from './rules/decide.ts';
import type { Wanted } from './rules/types.ts';
import type { Snapshot } from './snapshot.ts';

/**
 * Decides what a caller wants under the snapshot they were resolved in. Answers are kept with the compiled rights they
 * follow from, and go with them when the policy changes.
 */
export const judge = (snapshot: Snapshot, caller: Caller, wanted: Wanted): Judgement => {
  const { entitlements, judgements } = caller;
  const known = judgements.find(wanted);
  if (known !== undefined) return known;
  const { index, organisation, version: policyVersion } = snapshot;
  const decision = decide({ entitlements, index, organisation, wanted, policyVersion });
  const judgement = { decision, packed: packDecision(decision, wanted) };
  judgements.keep(wanted, judgement);
  return judgement;
};
