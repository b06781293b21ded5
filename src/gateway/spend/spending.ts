import type { ModelLine } from '../../access/index.ts';
import { type Caller, type Restriction, restrictCaller, type Snapshot } from '../../access/index.ts';
import type { Micros } from '../../kernel/index.ts';
import {
  type Bounds,
  type Ceiling,
  isUnbounded,
  type Ledger,
  ladderOf,
  ORGANISATION,
  type Pricing,
  type SpenderFacts,
  type SpendPolicy,
  type Standing,
  type TypicalOutput,
} from '../../spend/index.ts';

/** What the gateway asks about money. */
export type Spending = {
  readonly ledger: Ledger;
  readonly policy: SpendPolicy;
  readonly typicalOutput: TypicalOutput;
  pricing(): Pricing;
  /** A caller's limits with what the rate tier lets the organisation spend. */
  withTier(bounds: Bounds): Bounds;
  /** Hears which ceiling a request was refused by, and at what time; must not throw. */
  readonly refused?: (standing: Standing, at: number) => void;
};

/** What decides which limits bind a caller. */
export const spenderOf = (caller: Caller, snapshot: Snapshot, sessionId: string | null): SpenderFacts => {
  const member = caller.userId === null ? undefined : snapshot.members.get(caller.userId);
  return {
    userId: caller.userId,
    groupId: caller.groupId,
    keyId: caller.credential.id,
    workspaceId: caller.workspaceId,
    sessionId,
    groupIds: member?.groupIds ?? (caller.groupId === null ? [] : [caller.groupId]),
    seatTier: member?.seatTier ?? null,
  };
};

const hasLadder = ({ ceilings }: Bounds): boolean => ceilings.some(({ ladder }) => ladder.length > 0);

const restrictionOf = ({ ledger }: Spending, bounds: Bounds, at: number): Restriction | null => {
  if (!hasLadder(bounds)) return null;
  const effect = ladderOf(ledger.standings(bounds, at));
  if (effect === null) return null;
  const { models, effort } = effect;
  // The families were checked when the limit was set; one that is no family here opens nothing.
  return {
    effort,
    models: models === null ? null : { lines: models.families as ModelLine[], percent: models.percent },
  };
};

const tierCeiling = (amountMicros: Micros): Ceiling => ({
  limitId: 'usage_tier',
  scope: { type: 'usage_tier' },
  account: ORGANISATION,
  period: 'monthly',
  amountMicros,
  mode: 'standard',
  ladder: [],
});

/**
 * Adds to a caller's limits what the organisation's tier lets it spend in a month, null for as much as it likes. Limits
 * that stay the same are added to once.
 */
export const createWithTier = (capMicros: () => Micros | null): Spending['withTier'] => {
  let tier: Ceiling | undefined;
  let known = new WeakMap<Bounds, Bounds>();
  return (bounds) => {
    const cap = capMicros();
    if (cap === null) return bounds;
    if (tier?.amountMicros !== cap) {
      tier = tierCeiling(cap);
      known = new WeakMap();
    }
    const before = known.get(bounds);
    if (before !== undefined) return before;
    const withTier = { ...bounds, ceilings: [...bounds.ceilings, tier] };
    known.set(bounds, withTier);
    return withTier;
  };
};

/** A caller with the limits that bind them, and with what those leave of their rights for now. */
export const boundCaller = (
  spending: Spending,
  snapshot: Snapshot,
  asked: { readonly caller: Caller; readonly sessionId: string | null; readonly at: number },
): { readonly caller: Caller; readonly bounds: Bounds } => {
  const { caller, sessionId, at } = asked;
  const bounds = spending.withTier(spending.policy.boundsOf(spenderOf(caller, snapshot, sessionId)));
  if (isUnbounded(bounds)) return { caller, bounds };
  const restriction = restrictionOf(spending, bounds, at);
  return { bounds, caller: restriction === null ? caller : restrictCaller(snapshot, caller, restriction) };
};
