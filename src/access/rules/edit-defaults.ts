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
import { isAbove, NO_LIMIT } from './effort-cap.ts';
import { organisationAccessTo, roleAccessTo } from './entitlements.ts';
import type { Model } from './model.ts';
import type { ModelIndex } from './model-index.ts';
import type { PolicyState } from './policy.ts';
import { organisationDefault, organisationLimit, roleDefault, roleLimit } from './settle-policy.ts';

/** Whether an effort stated as a default fits the model it is for; undefined when it does. */
const defaultEffortProblem = (
  effort: Effort | null | undefined,
  model: Model | null,
  limit: Effort,
): Refused | undefined => {
  if (effort == null || model === null) return undefined;
  if (!model.efforts.includes(effort)) {
    return refuse('default_effort_not_offered', `${model.displayName} does not offer effort ${effort}.`);
  }
  if (!isAbove(effort, limit)) return undefined;
  const problem = `A default effort of ${effort} is above the limit of ${limit} on ${model.displayName}.`;
  return refuse('default_effort_above_cap', problem);
};

/** The canonical id a default is to be set to; undefined leaves it, null clears it. */
const defaultId = (index: ModelIndex, name: string | null | undefined): string | null | undefined | Refused => {
  if (name == null) return name;
  return findModel(index, name)?.id ?? noSuchModel(name);
};

/** Sets where everybody's conversations begin: the default model, the default effort, or both. */
export const editOrganisationDefault = (
  state: PolicyState,
  index: ModelIndex,
  edit: Edit<'organisation-default'>,
): Edited => {
  const id = defaultId(index, edit.model);
  if (typeof id === 'object' && id !== null) return id;
  const { organisation } = withOrganisation(state, id === undefined ? {} : { defaultModel: id });
  const model = organisationDefault(organisation, index);
  if (id != null && model !== null && !organisationAccessTo(organisation, model).enabled) {
    const problem = `${model.displayName} is switched off for the organisation, so it cannot be the default. Switch it on first.`;
    return refuse('default_not_enabled', problem);
  }
  const refused = defaultEffortProblem(
    edit.effort,
    model,
    model === null ? NO_LIMIT : organisationLimit(organisation, model),
  );
  if (refused !== undefined) return refused;
  const defaultEffort = edit.effort === undefined ? organisation.defaultEffort : edit.effort;
  return edited({ ...state, organisation: { ...organisation, defaultEffort } });
};

/** Sets where conversations of a role's members begin; wins over the organisation's default. */
export const editRoleDefault = (state: PolicyState, index: ModelIndex, edit: Edit<'role-default'>): Edited => {
  const before = state.roles.get(edit.role);
  if (before === undefined) return noSuchRole(edit.role);
  const id = defaultId(index, edit.model);
  if (typeof id === 'object' && id !== null) return id;
  const role = id === undefined ? before : { ...before, defaultModel: id };
  const model = roleDefault(state, role, index);
  if (id != null && model !== null) {
    const open = organisationAccessTo(state.organisation, model).enabled && roleAccessTo(role, model).enabled;
    const problem = `${model.displayName} is not open to the role ${quoted([role])}, so it cannot be its default. Grant it first.`;
    if (!open) return refuse('default_not_granted', problem, [role]);
  }
  const refused = defaultEffortProblem(edit.effort, model, model === null ? NO_LIMIT : roleLimit(state, role, model));
  if (refused !== undefined) return refused;
  const defaultEffort = edit.effort === undefined ? role.defaultEffort : edit.effort;
  return edited(withRole(state, { ...role, defaultEffort }));
};
