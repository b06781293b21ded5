import { type Effort, lowerEffort } from '../../kernel/index.ts';
import { RECOMMENDED_LINES } from './default-model.ts';
import { fitEffort, isAbove, NO_LIMIT } from './effort-cap.ts';
import { organisationAccessTo, roleAccessTo } from './entitlements.ts';
import type { Model } from './model.ts';
import type { ModelIndex } from './model-index.ts';
import { nameOf, type PolicyState, type Rewrite } from './policy.ts';
import type { ModelAccess, OrganisationAccess, RoleAccess } from './types.ts';

/** The model the organisation's default leads to; null when neither it nor a recommended one is switched on. */
export const organisationDefault = (organisation: OrganisationAccess, index: ModelIndex): Model | null => {
  const named = index.byId.get(organisation.defaultModel ?? '');
  if (named !== undefined) return named;
  const enabled = RECOMMENDED_LINES.flatMap((line) => index.byLine.get(line) ?? []);
  return enabled.find((model) => organisationAccessTo(organisation, model).enabled) ?? null;
};

/** The model a role's default effort is about: the role's own default, else the organisation's. */
export const roleDefault = (state: PolicyState, role: RoleAccess, index: ModelIndex): Model | null =>
  index.byId.get(role.defaultModel ?? '') ?? organisationDefault(state.organisation, index);

/** The organisation's limit on a model; `max` without one. */
export const organisationLimit = (organisation: OrganisationAccess, model: Model): Effort =>
  organisationAccessTo(organisation, model).maxEffort ?? NO_LIMIT;

/** A role's limit on a model, within the organisation's. */
export const roleLimit = (state: PolicyState, role: RoleAccess, model: Model): Effort =>
  lowerEffort(roleAccessTo(role, model).maxEffort ?? NO_LIMIT, organisationLimit(state.organisation, model));

type Settled<T> = { readonly value: T; readonly rewritten: readonly Rewrite[] };

// A role without a cap of its own is left without one: it follows the organisation's cap, also when that is raised again.
const settleCaps = (role: RoleAccess, organisation: OrganisationAccess): Settled<RoleAccess> => {
  if (role.models === 'all') return { value: role, rewritten: [] };
  const rewritten: Rewrite[] = [];
  const models = new Map<string, ModelAccess>(role.models);
  for (const [model, access] of role.models) {
    const to = organisation.models.get(model)?.maxEffort ?? null;
    const from = access.maxEffort;
    if (from === null || to === null || !isAbove(from, to)) continue;
    models.set(model, { ...access, maxEffort: to });
    rewritten.push({ kind: 'role-cap', role: nameOf(role), model, from, to });
  }
  return rewritten.length === 0 ? { value: role, rewritten } : { value: { ...role, models }, rewritten };
};

const settleRole = (role: RoleAccess, state: PolicyState, index: ModelIndex): Settled<RoleAccess> => {
  const capped = settleCaps(role, state.organisation);
  const from = role.defaultEffort;
  const model = from === null ? null : roleDefault(state, role, index);
  if (from === null || model === null) return capped;
  const to = fitEffort(model, from, roleLimit(state, capped.value, model));
  if (to === from) return capped;
  const rewrite: Rewrite = { kind: 'role-default-effort', role: nameOf(role), from, to };
  return { value: { ...capped.value, defaultEffort: to }, rewritten: [...capped.rewritten, rewrite] };
};

const settleOrganisation = (organisation: OrganisationAccess, index: ModelIndex): Settled<OrganisationAccess> => {
  const from = organisation.defaultEffort;
  const model = from === null ? null : organisationDefault(organisation, index);
  if (from === null || model === null) return { value: organisation, rewritten: [] };
  const to = fitEffort(model, from, organisationLimit(organisation, model));
  if (to === from) return { value: organisation, rewritten: [] };
  const rewrite: Rewrite = { kind: 'organisation-default-effort', from, to };
  return { value: { ...organisation, defaultEffort: to }, rewritten: [rewrite] };
};

/**
 * Brings stored values back under the ceilings above them: role caps under the organisation's, default efforts under the
 * cap of the default model. Only ever lowers; a policy that is in order comes back equal, with nothing rewritten.
 */
export const settlePolicy = (state: PolicyState, index: ModelIndex): Settled<PolicyState> => {
  const organisation = settleOrganisation(state.organisation, index);
  const settled = { ...state, organisation: organisation.value };
  const rewritten = [...organisation.rewritten];
  const roles = new Map<string, RoleAccess>();
  for (const [id, role] of state.roles) {
    const one = settleRole(role, settled, index);
    roles.set(id, one.value);
    rewritten.push(...one.rewritten);
  }
  return { value: { organisation: organisation.value, roles }, rewritten };
};
