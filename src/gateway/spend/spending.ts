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
  /** What the rate tier lets the organisation spend in a month; null for as much as it likes. */
  tierCapMicros(): Micros | null;
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

/** The limits with what the organisation's tier lets it spend in a month. */
const withTier = (bounds: Bounds, capMicros: Micros | null): Bounds => {
  if (capMicros === null) return bounds;
  const tier: Ceiling = {
    limitId: 'usage_tier',
    scope: { type: 'usage_tier' },
    account: ORGANISATION,
    period: 'monthly',
    amountMicros: capMicros,
    mode: 'standard',
    ladder: [],
  };
  return { ...bounds, ceilings: [...bounds.ceilings, tier] };
};

/** A caller with the limits that bind them, and with what those leave of their rights for now. */
export const boundCaller = (
  spending: Spending,
  snapshot: Snapshot,
  asked: { readonly caller: Caller; readonly sessionId: string | null; readonly at: number },
): { readonly caller: Caller; readonly bounds: Bounds } => {
  const { caller, sessionId, at } = asked;
  const bounds = withTier(spending.policy.boundsOf(spenderOf(caller, snapshot, sessionId)), spending.tierCapMicros());
  if (isUnbounded(bounds)) return { caller, bounds };
  const restriction = restrictionOf(spending, bounds, at);
  return { bounds, caller: restriction === null ? caller : restrictCaller(snapshot, caller, restriction) };
};
