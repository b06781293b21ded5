import type { Effort, Period } from '../../../kernel/index.ts';

/** The word for a limit that is not there: it takes one away. */
export const NONE = 'none';
export const UNLIMITED = 'unlimited';

/** A step before a limit is reached, as the API has it. */
export type DeclaredStep = { readonly at_percent: number } & (
  | { readonly action: 'notify' }
  | { readonly action: 'lower_effort'; readonly effort: Effort }
  | { readonly action: 'restrict_models'; readonly families: readonly string[] }
);

/** Dollars, or `unlimited`. */
export type DeclaredAmount = number | typeof UNLIMITED;

/** A limit: an amount that leaves the rest as it is, the whole of it, or none. */
export type DeclaredLimit =
  | DeclaredAmount
  | typeof NONE
  | {
      readonly amount: DeclaredAmount;
      readonly mode?: 'standard' | 'strict' | undefined;
      readonly enabled?: boolean | undefined;
      readonly ladder?: readonly DeclaredStep[] | undefined;
    };

/** Limits by their periods. */
export type DeclaredLimits = { readonly [P in Period]?: DeclaredLimit | undefined };

/** The organisation's own limits, and those of what has no section of its own. */
export type DeclaredOrganisationLimits = {
  /** What everybody may spend together. */
  readonly total?: DeclaredLimits | undefined;
  /** What each member may spend who has no nearer limit. */
  readonly each_member?: DeclaredLimits | undefined;
  readonly each_session?: DeclaredLimit | undefined;
  readonly seat_tiers?: Readonly<Record<string, DeclaredLimits>> | undefined;
};

export type DeclaredGroupLimits = {
  readonly each_member?: DeclaredLimits | undefined;
  /** What the group's members and service keys may spend together. */
  readonly together?: DeclaredLimits | undefined;
};
