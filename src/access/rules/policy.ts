import type { Effort } from '../../kernel/index.ts';
import type { EffortAction, OrganisationAccess, RoleAccess } from './types.ts';

/** The whole of model access: the organisation's level, and every custom role by id. */
export type PolicyState = {
  readonly organisation: OrganisationAccess;
  readonly roles: ReadonlyMap<string, RoleAccess>;
};

/**
 * One change of the policy; a field left out stays as it is. Models may be named by id or alias. A default model of null
 * is the recommended one (organisation) or none (role); a default effort of null is the model's own.
 */
export type PolicyEdit =
  | {
      readonly kind: 'organisation-model';
      readonly model: string;
      readonly enabled?: boolean;
      readonly maxEffort?: Effort | null;
    }
  | {
      readonly kind: 'role-model';
      readonly role: string;
      readonly model: string;
      readonly enabled?: boolean;
      readonly maxEffort?: Effort | null;
    }
  | { readonly kind: 'organisation-default'; readonly model?: string | null; readonly effort?: Effort | null }
  | {
      readonly kind: 'role-default';
      readonly role: string;
      readonly model?: string | null;
      readonly effort?: Effort | null;
    }
  | { readonly kind: 'effort-action'; readonly action: EffortAction }
  | { readonly kind: 'new-models'; readonly arrive: 'on' | 'off' };

/** A role as an edit's answer names it. */
export type NamedRole = { readonly id: string; readonly displayName: string };

/**
 * A stored value that changed because of an edit, beside what the edit itself says. `role-models-listed`: a role's
 * untouched Models tab became a list, with every known model on.
 */
export type Rewrite =
  | {
      readonly kind: 'role-cap';
      readonly role: NamedRole;
      readonly model: string;
      readonly from: Effort;
      readonly to: Effort;
    }
  | { readonly kind: 'organisation-default-effort'; readonly from: Effort; readonly to: Effort | null }
  | {
      readonly kind: 'role-default-effort';
      readonly role: NamedRole;
      readonly from: Effort;
      readonly to: Effort | null;
    }
  | { readonly kind: 'role-models-listed'; readonly role: NamedRole };

/** Why an edit cannot be made. */
export type ProblemCode =
  | 'model_not_found'
  | 'role_not_found'
  | 'haiku_always_available'
  | 'model_is_default'
  | 'model_disabled_by_organisation'
  | 'effort_above_organisation_cap'
  | 'default_not_enabled'
  | 'default_not_granted'
  | 'default_effort_above_cap'
  | 'default_effort_not_offered';

/** A refused edit: a code for machines, a whole sentence for the administrator, and the roles it is about. */
export type PolicyProblem = {
  readonly code: ProblemCode;
  readonly problem: string;
  readonly roles: readonly NamedRole[];
};

/** What an edit makes of a policy: a new state and what else was rewritten, or the reason why not. */
export type EditResult =
  | { readonly ok: true; readonly state: PolicyState; readonly rewritten: readonly Rewrite[] }
  | ({ readonly ok: false } & PolicyProblem);

/** A role's name and id, without its rules. */
export const nameOf = ({ id, displayName }: RoleAccess): NamedRole => ({ id, displayName });
