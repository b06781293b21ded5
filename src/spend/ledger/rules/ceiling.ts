import type { Effort, Micros, Period } from '../../../kernel/index.ts';
import type { Account } from './account.ts';

/**
 * `standard`: the request that crosses the limit completes; what is held meanwhile is its expected cost. `strict`: what
 * is held is the most it can cost, so that nothing is ever spent beyond the limit.
 */
export type LimitMode = 'standard' | 'strict';

/** What happens before a limit is reached, from `atPercent` of its amount on. */
export type LadderStep = { readonly atPercent: number } & (
  | { readonly action: 'notify' }
  | { readonly action: 'lower_effort'; readonly effort: Effort }
  | { readonly action: 'restrict_models'; readonly families: readonly string[] }
);

/** Whose limit it is, by the name of its scope on the wire (access-roles-spend-seats §5.2). */
export type LimitScope =
  | { readonly type: 'organization_total' }
  | { readonly type: 'organization' }
  | { readonly type: 'seat_tier'; readonly seatTier: string }
  | { readonly type: 'rbac_group'; readonly groupId: string }
  | { readonly type: 'rbac_group_pool'; readonly groupId: string }
  | { readonly type: 'user'; readonly userId: string }
  | { readonly type: 'workspace'; readonly workspaceId: string }
  | { readonly type: 'api_key'; readonly keyId: string }
  | { readonly type: 'session' }
  | { readonly type: 'prepaid' }
  /** What the organisation's rate tier lets it spend in a month; nobody sets it. */
  | { readonly type: 'usage_tier' };

/** A limit as it binds one request: so much may stand in this account in the period that is running. */
export type Ceiling = {
  /** `spl_…`; for what is prepaid, `prepaid`. */
  readonly limitId: string;
  readonly scope: LimitScope;
  readonly account: Account;
  /** null: over all time (sessions, what is prepaid). */
  readonly period: Period | null;
  readonly amountMicros: Micros;
  readonly mode: LimitMode;
  readonly ladder: readonly LadderStep[];
};

/** What a seat includes: so much of each period is spent first, and counts against no ceiling. */
export type Included = {
  readonly account: Account;
  readonly period: Period;
  readonly amountMicros: Micros;
};

/** Everything that bounds what one caller may spend. Without ceilings nothing is reserved. */
export type Bounds = { readonly ceilings: readonly Ceiling[]; readonly included: Included | null };

export const UNBOUNDED: Bounds = { ceilings: [], included: null };

const accountsByCeilings = new WeakMap<readonly Ceiling[], readonly Account[]>();

/** The accounts that ceilings stand on, each once; the same list for the same ceilings, which most requests of a caller share. */
export const accountsOf = (ceilings: readonly Ceiling[]): readonly Account[] => {
  const known = accountsByCeilings.get(ceilings);
  if (known !== undefined) return known;
  const accounts = [...new Set(ceilings.map(({ account }) => account))];
  accountsByCeilings.set(ceilings, accounts);
  return accounts;
};

/** Whether nothing bounds what is spent, so that nothing has to be held. */
export const isUnbounded = ({ ceilings, included }: Bounds): boolean => ceilings.length === 0 && included === null;
