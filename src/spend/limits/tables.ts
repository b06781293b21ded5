import type { Period } from '../../kernel/index.ts';
import type { LimitMode } from '../ledger/rules/ceiling.ts';
import type { ScopeType } from './rules/limit.ts';

/** The tables of limits. */
export type LimitTables = {
  /** One row for each scope and period. */
  spend_limits: {
    id: string;
    scope_type: ScopeType;
    /** The id of what the scope names; empty for those of which there is one. */
    scope_id: string;
    /** The group it is for, so that it goes with its group. */
    group_id: string | null;
    /** `none` for limits over all time. */
    period: Period | 'none';
    amount_micros: number | null;
    is_enabled: number;
    mode: LimitMode;
    /** JSON: the steps before the limit. */
    ladder: string;
    created_at: number;
    updated_at: number;
  };
  /** One row: what is not about one limit, as JSON. */
  spend_settings: { singleton: number; settings: string };
  /** What the seats of a tier include. */
  seat_tier_usage: { seat_tier: string; period: Period; amount_micros: number };
};
