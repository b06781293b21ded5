import type { Period } from '../../../kernel/index.ts';
import type { DeclaredStep } from './declared-limits.ts';
import type { DeclaredTier, RateLimiter } from './declared-money.ts';
import type { PrepaidState, SettingsState } from './money-state.ts';

/** Somebody or something whose limits are set; groups by name, because one that is to be created has no id yet. */
type SharedTarget =
  | { readonly type: 'user'; readonly userId: string }
  | { readonly type: 'workspace'; readonly workspaceId: string }
  | { readonly type: 'api_key'; readonly keyId: string };

/** Whose limit of spend is set. */
export type LimitTarget =
  | { readonly type: 'organization_total' | 'organization' | 'session' }
  | { readonly type: 'seat_tier'; readonly seatTier: string }
  | { readonly type: 'rbac_group' | 'rbac_group_pool'; readonly group: string }
  | SharedTarget;

/** Whose limit of rates is set. */
export type RateTarget = { readonly type: 'rbac_group'; readonly group: string } | SharedTarget;

/** What of a limit is set; an amount of null is unlimited. */
export type LimitFields = {
  readonly amount: string | null;
  readonly mode?: 'standard' | 'strict';
  readonly is_enabled?: boolean;
  readonly ladder?: readonly DeclaredStep[];
};

/** Numbers to set; null takes one away. */
export type RateChanges = readonly { readonly type: RateLimiter; readonly value: number | null }[];

/** One call of the API about money or rates. */
export type MoneyAction =
  | {
      readonly kind: 'set-limit';
      readonly target: LimitTarget;
      readonly period: Period | null;
      readonly fields: LimitFields;
    }
  | { readonly kind: 'delete-limit'; readonly id: string }
  | { readonly kind: 'set-spend-settings'; readonly settings: Partial<SettingsState> }
  | { readonly kind: 'set-prepaid'; readonly settings: Partial<PrepaidState> }
  | {
      readonly kind: 'set-included';
      readonly seatTier: string;
      /** Cents; null for nothing. */
      readonly amount: string | null;
      readonly period: Period;
    }
  | { readonly kind: 'set-rate-tier'; readonly tier: DeclaredTier }
  | { readonly kind: 'set-custom-rates'; readonly pool: string; readonly limits: RateChanges }
  | {
      readonly kind: 'set-lower-rates';
      readonly target: RateTarget;
      readonly pool: string;
      readonly limits: RateChanges;
    };
