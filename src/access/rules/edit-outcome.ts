import type { Model } from './model.ts';
import { type ModelIndex, resolveName } from './model-index.ts';
import { nameOf, type PolicyEdit, type PolicyProblem, type PolicyState, type Rewrite } from './policy.ts';
import type { OrganisationAccess, RoleAccess } from './types.ts';

/** An edit that cannot be made. */
export type Refused = { readonly ok: false } & PolicyProblem;
/** A policy after one edit, before ceilings are applied to it; `listed` are the Models tabs that became lists. */
export type Edited = { readonly ok: true; readonly state: PolicyState; readonly listed: readonly Rewrite[] } | Refused;
/** The edit of one kind. */
export type Edit<K extends PolicyEdit['kind']> = Extract<PolicyEdit, { readonly kind: K }>;

/** Says no to an edit: a code, a whole sentence, and the roles it is about. */
export const refuse = (code: PolicyProblem['code'], problem: string, roles: readonly RoleAccess[] = []): Refused => ({
  ok: false,
  code,
  problem,
  roles: roles.map(nameOf),
});

/** Says yes to an edit. */
export const edited = (state: PolicyState, listed: readonly Rewrite[] = []): Edited => ({ ok: true, state, listed });

/** Roles as a sentence names them. */
export const quoted = (roles: readonly RoleAccess[]): string => roles.map((role) => `“${role.displayName}”`).join(', ');

/** The model an edit names by id or alias; a family name is not specific enough to set a rule for. */
export const findModel = (index: ModelIndex, name: string): Model | undefined => {
  const found = resolveName(index, name);
  return found.kind === 'model' ? found.model : undefined;
};

/** The refusal of an unknown model. */
export const noSuchModel = (name: string): Refused => refuse('model_not_found', `There is no model “${name}”.`);
/** The refusal of an unknown role. */
export const noSuchRole = (id: string): Refused =>
  refuse('role_not_found', `There is no custom role with the id “${id}”.`);

/** The policy with the organisation's level changed. */
export const withOrganisation = (state: PolicyState, change: Partial<OrganisationAccess>): PolicyState => ({
  ...state,
  organisation: { ...state.organisation, ...change },
});

/** The policy with one role replaced. */
export const withRole = (state: PolicyState, role: RoleAccess): PolicyState => ({
  ...state,
  roles: new Map(state.roles).set(role.id, role),
});
