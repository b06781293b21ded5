import { type Judgement, packDecision } from './judgement.ts';
import type { Caller } from './resolve-caller.ts';
import { decide } from './rules/decide.ts';
import type { Wanted } from './rules/types.ts';
import type { Snapshot } from './snapshot.ts';

/** Different requests one caller can make before the oldest answers are worked out again. */
const KEPT_MAX = 500;

// Lengths stand before what a client may fill with anything, so that two wants cannot share a key.
const keyOf = (wanted: Wanted): string => {
  const { model, effort, messageEfforts, thinkingBudget, fallbackModels, product, capabilities, servers, tools } =
    wanted;
  const isPlain =
    messageEfforts.length + fallbackModels.length + capabilities.length + servers.length + tools.length === 0;
  const rare = isPlain ? '' : JSON.stringify([messageEfforts, fallbackModels, capabilities, servers, tools]);
  return `${model.length} ${model} ${product} ${effort === null ? 'null' : effort === undefined ? '' : `"${effort}"`} ${thinkingBudget ?? ''} ${rare}`;
};

/**
 * Decides what a caller wants under the snapshot they were resolved in. A client asks for the same over and over, so
 * answers are kept with the compiled rights they follow from, and go with them when the policy changes.
 */
export const judge = (snapshot: Snapshot, caller: Caller, wanted: Wanted): Judgement => {
  const { entitlements, judgements } = caller;
  const key = keyOf(wanted);
  const known = judgements.get(key);
  if (known !== undefined) return known;
  const { index, organisation, version: policyVersion } = snapshot;
  const decision = decide({ entitlements, index, organisation, wanted, policyVersion });
  const judgement = { decision, packed: packDecision(decision, wanted) };
  if (judgements.size >= KEPT_MAX) judgements.clear();
  judgements.set(key, judgement);
  return judgement;
};
