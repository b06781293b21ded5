import type { Bounds } from '../ledger/rules/ceiling.ts';
import type { LimitRules } from './rules/limit.ts';
import type { SpendSettings, StoreOutage } from './rules/settings.ts';

export type { StoreOutage } from './rules/settings.ts';

/** What of a caller decides which limits bind them. */
export type SpenderFacts = {
  readonly userId: string | null;
  /** The group whose service key it is; null for a member's key. */
  readonly groupId: string | null;
  readonly keyId: string;
  readonly workspaceId: string | null;
  readonly sessionId: string | null;
  /** The groups the member is in, or the one a service key belongs to. */
  readonly groupIds: readonly string[];
  readonly seatTier: string | null;
};

/** The limits in force on this node, in memory. */
export type SpendPolicy = {
  /** Everything that bounds what this caller may spend. Asked for every request: a look-up, answered from memory. */
  boundsOf(spender: SpenderFacts): Bounds;
  readonly outage: StoreOutage;
  /** The limits that bounds are made of, and the settings, as of now. */
  readonly rules: LimitRules;
  readonly settings: SpendSettings;
  /** Resolves when the node has read everything that was committed before the call. */
  refresh(): Promise<void>;
  close(): Promise<void>;
};
