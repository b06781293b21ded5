import type { Bounds } from '../ledger/rules/ceiling.ts';
import type { LimitRules } from './rules/limit.ts';
import { resolveBounds, sessionCeiling } from './rules/resolve-bounds.ts';
import type { SpenderFacts } from './spend-policy.ts';

/** `ofSession`: with what bounds the session that was asked for last. */
type Known = {
  readonly spender: SpenderFacts;
  readonly bounds: Bounds;
  ofSession?: { readonly id: string; readonly bounds: Bounds };
};

/** More than there are keys and workspaces together in any organisation; a bound on memory, never reached. */
const CALLERS_MAX = 200_000;

// Members' groups are the same array for as long as nothing about them has changed, so that comparing them costs nothing.
const areSame = (a: readonly string[], b: readonly string[]): boolean =>
  a === b || (a.length === b.length && a.every((id, at) => id === b[at]));

const isSame = (a: SpenderFacts, b: SpenderFacts): boolean =>
  a.seatTier === b.seatTier && a.userId === b.userId && areSame(a.groupIds, b.groupIds);

/** Answers bounds under one state of the limits, resolved once for each caller and, where sessions have limits, for each session. */
export const createBoundsCache = (rules: LimitRules): ((spender: SpenderFacts) => Bounds) => {
  const known = new Map<string, Known>();
  const knownOf = (spender: SpenderFacts): Known => {
    const key = spender.workspaceId === null ? spender.keyId : `${spender.keyId} ${spender.workspaceId}`;
    const found = known.get(key);
    if (found !== undefined && isSame(found.spender, spender)) return found;
    if (known.size >= CALLERS_MAX) known.clear();
    const made: Known = { spender, bounds: resolveBounds(rules, spender) };
    known.set(key, made);
    return made;
  };
  const withSession = (bounds: Bounds, sessionId: string): Bounds => {
    const ceiling = sessionCeiling(rules, sessionId);
    return ceiling === undefined ? bounds : { ...bounds, ceilings: [...bounds.ceilings, ceiling] };
  };
  const limitsSessions = sessionCeiling(rules, '') !== undefined;
  return (spender) => {
    const caller = knownOf(spender);
    const { sessionId } = spender;
    if (!limitsSessions || sessionId === null) return caller.bounds;
    if (caller.ofSession?.id === sessionId) return caller.ofSession.bounds;
    const bounds = withSession(caller.bounds, sessionId);
    caller.ofSession = { id: sessionId, bounds };
    return bounds;
  };
};
