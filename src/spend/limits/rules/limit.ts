import type { Micros, Period } from '../../../kernel/index.ts';
import type { LadderStep, LimitMode, LimitScope } from '../../ledger/rules/ceiling.ts';

/** What a limit can be set for; what is prepaid is bought, not set. */
export type SettableScope = Exclude<LimitScope, { readonly type: 'prepaid' | 'usage_tier' }>;
export type ScopeType = SettableScope['type'];

/** Every scope a limit can be set for, in the order in which they are listed: those of the API first, then Remit's own. */
export const SCOPE_TYPES = [
  'organization',
  'seat_tier',
  'rbac_group',
  'user',
  'workspace',
  'organization_total',
  'rbac_group_pool',
  'api_key',
  'session',
] as const satisfies readonly ScopeType[];

/** A limit as an administrator has set it; a session's has no period. */
export type Limit = {
  readonly id: string;
  readonly scope: SettableScope;
  readonly period: Period | null;
  /** null is unlimited, which stops the search for a limit further out; 0 leaves what a seat includes. */
  readonly amountMicros: Micros | null;
  /** A limit that is switched off keeps its amount and counts as if it were not there. */
  readonly isEnabled: boolean;
  readonly mode: LimitMode;
  readonly ladder: readonly LadderStep[];
};

/** Which of several groups' limits is a member's. */
export type MultiGroup = 'higher' | 'lower';

/** What a seat tier includes in each of its periods. */
export type IncludedUsage = { readonly period: Period; readonly amountMicros: Micros };

/** The balance that was paid for: what all orders add up to. Spend counts against it while it is in force. */
export type Prepaid = { readonly fundedMicros: Micros; readonly mode: LimitMode };

/** Everything that decides who may spend how much. */
export type LimitRules = {
  /** By {@link limitKey}. */
  readonly limits: ReadonlyMap<string, Limit>;
  readonly multiGroup: MultiGroup;
  /** By seat tier. */
  readonly included: ReadonlyMap<string, IncludedUsage>;
  /** null while spend does not count against a balance. */
  readonly prepaid: Prepaid | null;
};

/** The id of what a scope names; empty for those of which there is one. */
export const targetOf = (scope: SettableScope): string => {
  switch (scope.type) {
    case 'organization':
    case 'organization_total':
    case 'session':
      return '';
    case 'seat_tier':
      return scope.seatTier;
    case 'rbac_group':
    case 'rbac_group_pool':
      return scope.groupId;
    case 'user':
      return scope.userId;
    case 'workspace':
      return scope.workspaceId;
    case 'api_key':
      return scope.keyId;
    default:
      return scope satisfies never;
  }
};

/** The scope of a type that names `target`. */
export const scopeOf = (type: ScopeType, target: string): SettableScope => {
  switch (type) {
    case 'organization':
    case 'organization_total':
    case 'session':
      return { type };
    case 'seat_tier':
      return { type, seatTier: target };
    case 'rbac_group':
    case 'rbac_group_pool':
      return { type, groupId: target };
    case 'user':
      return { type, userId: target };
    case 'workspace':
      return { type, workspaceId: target };
    case 'api_key':
      return { type, keyId: target };
    default:
      return type satisfies never;
  }
};

/** There is one limit for each scope and period. */
export const limitKey = (type: ScopeType, target: string, period: Period | null): string =>
  `${type} ${period ?? 'none'} ${target}`;
