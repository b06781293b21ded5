import type { Period } from '../../../kernel/index.ts';
import type { DeclaredStep } from './declared-limits.ts';
import type { DeclaredTier } from './declared-money.ts';

type LimitType =
  | 'organization_total'
  | 'organization'
  | 'session'
  | 'seat_tier'
  | 'rbac_group'
  | 'rbac_group_pool'
  | 'user'
  | 'workspace'
  | 'api_key';

/** A spend limit that is set. */
export type LimitState = {
  readonly id: string;
  readonly type: LimitType;
  /** The id of what it is for; empty for those of which there is one. */
  readonly target: string;
  /** null for a session's. */
  readonly period: Period | null;
  /** Cents; null is unlimited. */
  readonly amount: string | null;
  readonly isEnabled: boolean;
  readonly mode: 'standard' | 'strict';
  readonly ladder: readonly DeclaredStep[];
};

/** How limits work, in the words of the API. */
export type SettingsState = {
  readonly multi_group_limit: 'higher' | 'lower';
  readonly increase_requests: boolean;
  readonly store_outage: { readonly mode: 'closed' | 'open'; readonly grace_seconds: number };
  /** In order, each once. */
  readonly thresholds: readonly number[];
  readonly ask_for_more: { readonly url: string | null; readonly sentence: string | null };
};

/** The settings of the prepaid balance, in the words of the API; amounts are cents. */
export type PrepaidState = {
  readonly is_enabled: boolean;
  readonly mode: 'standard' | 'strict';
  readonly auto_reload: {
    readonly is_enabled: boolean;
    readonly threshold: string;
    readonly amount: string;
    readonly monthly_maximum: string | null;
  };
};

/** What the seats of a tier include; cents. */
export type IncludedState = { readonly amount: string; readonly period: Period };

/** What is said about spend beside limits; each is null where it was not asked for. */
export type SpendState = {
  readonly settings: SettingsState | null;
  readonly prepaid: PrepaidState | null;
  /** By seat tier. */
  readonly included: Readonly<Record<string, IncludedState>> | null;
};

/** Numbers by limiter. */
export type RateNumbers = Readonly<Record<string, number>>;

export type RateScopeType = 'workspace' | 'rbac_group' | 'user' | 'api_key';

/** A group of models or a part of the API that is limited. */
export type PoolState = {
  readonly id: string;
  readonly name: string;
  readonly kind: 'model_group' | 'batch' | 'token_count' | 'files';
};

/** Rates as they are set. */
export type RatesState = {
  readonly tier: DeclaredTier;
  readonly pools: readonly PoolState[];
  /** What the tiers custom and scale give, by pool. */
  readonly custom: Readonly<Record<string, RateNumbers>>;
  readonly scale: Readonly<Record<string, RateNumbers>>;
  readonly overrides: readonly {
    readonly type: RateScopeType;
    readonly target: string;
    readonly pool: string;
    readonly limits: RateNumbers;
  }[];
};

/** A workspace that is open, or a key that is not archived. */
export type LimitedState = {
  readonly id: string;
  readonly name: string;
  /** The default workspace, which has no rate limits of its own. */
  readonly isDefault?: boolean;
};
