import type { Effort } from '../../kernel/index.ts';
import {
  type Edit,
  type Edited,
  edited,
  findModel,
  noSuchModel,
  noSuchRole,
  quoted,
  type Refused,
  refuse,
  withOrganisation,
  withRole,
} from './edit-outcome.ts';
import { isAbove } from './effort-cap.ts';
import { organisationAccessTo, roleAccessTo } from './entitlements.ts';
import { isAlwaysAvailable, type Model } from './model.ts';
import type { ModelIndex } from './model-index.ts';
import { nameOf, type PolicyState, type Rewrite } from './policy.ts';
import { organisationLimit } from './settle-policy.ts';
import type { ModelAccess, RoleAccess } from './types.ts';

const haikuStays = (model: Model): Refused =>
  refuse('haiku_always_available', `${model.displayName} cannot be switched off: Haiku models are always available.`);

const changed = (access: ModelAccess, edit: { readonly enabled?: boolean; readonly maxEffort?: Effort | null }) => ({
  enabled: edit.enabled ?? access.enabled,
  maxEffort: edit.maxEffort === undefined ? access.maxEffort : edit.maxEffort,
});

/** Why a model cannot be switched off for the organisation; undefined when it can. */
const keepsOn = (state: PolicyState, model: Model): Refused | undefined => {
  if (isAlwaysAvailable(model)) return haikuStays(model);
  const roles = [...state.roles.values()].filter((role) => role.defaultModel === model.id);
  const ofOrganisation = state.organisation.defaultModel === model.id;
  if (roles.length === 0 && !ofOrganisation) return undefined;
  const holders = [
    ...(ofOrganisation ? ['the organisation'] : []),
    ...(roles.length > 0 ? [`the role ${quoted(roles)}`] : []),
  ];
  const problem = `${model.displayName} is the default model of ${holders.join(' and of ')}. Choose another default there first.`;
  return refuse('model_is_default', problem, roles);
};

/** Switches a model on or off, or caps it, for the whole organisation. */
export const editOrganisationModel = (
  state: PolicyState,
  index: ModelIndex,
  edit: Edit<'organisation-model'>,
): Edited => {
  const model = findModel(index, edit.model);
  if (model === undefined) return noSuchModel(edit.model);
  const refused = edit.enabled === false ? keepsOn(state, model) : undefined;
  if (refused !== undefined) return refused;
  const access = changed(organisationAccessTo(state.organisation, model), edit);
  return edited(withOrganisation(state, { models: new Map(state.organisation.models).set(model.id, access) }));
};

/** An untouched Models tab becomes a list at the first edit, and says at that moment what it meant: every model, any effort. */
const listModels = (role: RoleAccess, index: ModelIndex): ReadonlyMap<string, ModelAccess> =>
  role.models === 'all'
    ? new Map(index.models.map((model) => [model.id, { enabled: true, maxEffort: null }]))
    : role.models;

const roleModelProblem = (
  state: PolicyState,
  role: RoleAccess,
  asked: { readonly model: Model; readonly edit: Edit<'role-model'> },
): Refused | undefined => {
  const { model, edit } = asked;
  if (edit.enabled === false && isAlwaysAvailable(model)) return haikuStays(model);
  if (edit.enabled === false && role.defaultModel === model.id) {
    const problem = `${model.displayName} is the default model of the role ${quoted([role])}. Choose another default there first.`;
    return refuse('model_is_default', problem, [role]);
  }
  if (edit.enabled === true && !organisationAccessTo(state.organisation, model).enabled) {
    const problem = `${model.displayName} is switched off for the organisation, so no role can grant it. Switch it on there first.`;
    return refuse('model_disabled_by_organisation', problem, [role]);
  }
  const limit = organisationLimit(state.organisation, model);
  if (edit.maxEffort == null || !isAbove(edit.maxEffort, limit)) return undefined;
  const problem = `The organisation limits ${model.displayName} to effort ${limit}; a role cannot allow ${edit.maxEffort}.`;
  return refuse('effort_above_organisation_cap', problem, [role]);
};

/** Grants a model in a role, takes it away, or caps it there. */
export const editRoleModel = (state: PolicyState, index: ModelIndex, edit: Edit<'role-model'>): Edited => {
  const role = state.roles.get(edit.role);
  const model = findModel(index, edit.model);
  if (role === undefined) return noSuchRole(edit.role);
  if (model === undefined) return noSuchModel(edit.model);
  const refused = roleModelProblem(state, role, { model, edit });
  if (refused !== undefined) return refused;
  const models = listModels(role, index);
  const access = changed(roleAccessTo({ ...role, models }, model), edit);
  const listed: Rewrite[] = role.models === 'all' ? [{ kind: 'role-models-listed', role: nameOf(role) }] : [];
  return edited(withRole(state, { ...role, models: new Map(models).set(model.id, access) }), listed);
};

/**
 * Decides how models that are still to come arrive. Models already there keep what they have: those without a row of
 * their own get one, since without it the new rule would reach back to them.
 */
export const editNewModels = (state: PolicyState, index: ModelIndex, edit: Edit<'new-models'>): Edited => {
  const models = new Map(
    index.models.map((model) => [model.id, organisationAccessTo(state.organisation, model)] as const),
  );
  for (const [id, access] of state.organisation.models) models.set(id, access);
  return edited(withOrganisation(state, { models, newModels: edit.arrive }));
};
