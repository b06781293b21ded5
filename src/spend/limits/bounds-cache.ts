import type { Bounds } from '../ledger/rules/ceiling.ts';
import type { LimitRules } from './rules/limit.ts';
import { resolveBounds, sessionCeiling } from './rules/resolve-bounds.ts';
import type { SpenderFacts } from './spend-policy.ts';

type Known = { readonly spender: SpenderFacts; readonly bounds: Bounds };

/** More than there are keys and workspaces together in any organisation; a bound on memory, never reached. */
const CALLERS_MAX = 200_000;

// Groups are the same array for as long as the member has not changed, so that comparing them costs nothing.
const isSame = (a: SpenderFacts, b: SpenderFacts): boolean =>
  a.groupIds === b.groupIds && a.seatTier === b.seatTier && a.userId === b.userId;

/** Answers bounds under one state of the limits, resolved once for each caller. */
export const createBoundsCache = (rules: LimitRules): ((spender: SpenderFacts) => Bounds) => {
  const known = new Map<string, Known>();
  const callersBounds = (spender: SpenderFacts): Bounds => {
    const key = spender.workspaceId === null ? spender.keyId : `${spender.keyId} ${spender.workspaceId}`;
    const found = known.get(key);
    if (found !== undefined && isSame(found.spender, spender)) return found.bounds;
    if (known.size >= CALLERS_MAX) known.clear();
    const bounds = resolveBounds(rules, spender);
    known.set(key, { spender, bounds });
    return bounds;
  };
  return (spender) => {
    const bounds = callersBounds(spender);
    const ofSession = spender.sessionId === null ? undefined : sessionCeiling(rules, spender.sessionId);
    return ofSession === undefined ? bounds : { ...bounds, ceilings: [...bounds.ceilings, ofSession] };
  };
};
