import { editOrganisationDefault, editRoleDefault } from './edit-defaults.ts';
import { editNewModels, editOrganisationModel, editRoleModel } from './edit-model-access.ts';
import { type Edited, edited, withOrganisation } from './edit-outcome.ts';
import type { ModelIndex } from './model-index.ts';
import type { EditResult, PolicyEdit, PolicyState, Rewrite } from './policy.ts';
import { settlePolicy } from './settle-policy.ts';

const edit = (state: PolicyState, index: ModelIndex, wanted: PolicyEdit): Edited => {
  switch (wanted.kind) {
    case 'organisation-model':
      return editOrganisationModel(state, index, wanted);
    case 'role-model':
      return editRoleModel(state, index, wanted);
    case 'organisation-default':
      return editOrganisationDefault(state, index, wanted);
    case 'role-default':
      return editRoleDefault(state, index, wanted);
    case 'effort-action':
      return edited(withOrganisation(state, { effortAction: wanted.action }));
    case 'new-models':
      return editNewModels(state, index, wanted);
    default: {
      const unexpected: never = wanted;
      return unexpected;
    }
  }
};

/**
 * Several edits in their order, all or none: the first that is refused refuses them all. The state given is never
 * changed. An edit that would contradict a default or a ceiling is refused; what they leave above a ceiling once all of
 * them are made is lowered to it and named in `rewritten`, so that what lies between two edits rewrites nothing.
 */
export const applyEdits = (state: PolicyState, index: ModelIndex, edits: readonly PolicyEdit[]): EditResult => {
  let reached = state;
  const listed: Rewrite[] = [];
  for (const wanted of edits) {
    const result = edit(reached, index, wanted);
    if (!result.ok) return result;
    reached = result.state;
    listed.push(...result.listed);
  }
  const settled = settlePolicy(reached, index);
  return { ok: true, state: settled.value, rewritten: [...listed, ...settled.rewritten] };
};
