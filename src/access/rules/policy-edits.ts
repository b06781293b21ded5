import { editOrganisationDefault, editRoleDefault } from './edit-defaults.ts';
import { editNewModels, editOrganisationModel, editRoleModel } from './edit-model-access.ts';
import { type Edited, edited, withOrganisation } from './edit-outcome.ts';
import type { ModelIndex } from './model-index.ts';
import type { EditResult, PolicyEdit, PolicyState } from './policy.ts';
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
 * One edit. The state given is never changed. Whatever the edit leaves above a ceiling is lowered to it and named in
 * `rewritten`; an edit that would contradict a default or a ceiling is refused instead.
 */
export const applyEdit = (state: PolicyState, index: ModelIndex, wanted: PolicyEdit): EditResult => {
  const result = edit(state, index, wanted);
  if (!result.ok) return result;
  const settled = settlePolicy(result.state, index);
  return { ok: true, state: settled.value, rewritten: [...result.listed, ...settled.rewritten] };
};

/** Several edits in their order, all or none: the first that is refused refuses them all. */
export const applyEdits = (state: PolicyState, index: ModelIndex, edits: readonly PolicyEdit[]): EditResult => {
  let result: EditResult = { ok: true, state, rewritten: [] };
  for (const wanted of edits) {
    if (!result.ok) return result;
    const next = applyEdit(result.state, index, wanted);
    result = next.ok ? { ...next, rewritten: [...result.rewritten, ...next.rewritten] } : next;
  }
  return result;
};
