import { type PolicyPreview, previewModelMatrix } from '../../access/contract.ts';
import { ApiError, type Call } from '../../platform/contract.ts';
import { wireEdit } from './apply-plan.ts';
import type { State } from './rules/state.ts';
import type { Plan } from './rules/step.ts';

/** What the changes of model access would do to people and requests; `refused` when the server would not take them. */
export type Preview =
  | { readonly kind: 'nothing' }
  | { readonly kind: 'known'; readonly preview: PolicyPreview }
  | { readonly kind: 'refused'; readonly reason: string };

/**
 * Asks the server what the edits of models would change, so that a mistake only it can see is found before anything is
 * done. Edits of roles that are yet to be created are left out: nobody has those roles.
 */
export const previewPlan = async (call: Call, plan: Plan, state: State): Promise<Preview> => {
  const known = new Map(state.roles.map(({ name, id }) => [name, id]));
  for (const { action } of plan.steps)
    if (action.kind === 'rename-role') known.set(action.name, known.get(action.from) ?? '');
  const edits = plan.steps.flatMap(({ action }) => (action.kind === 'edit-models' ? action.edits : []));
  const wire = edits.flatMap((edit) => wireEdit(edit, (role) => known.get(role)) ?? []);
  if (wire.length === 0) return { kind: 'nothing' };
  try {
    return { kind: 'known', preview: await call(previewModelMatrix, { body: { edits: wire } }) };
  } catch (error) {
    if (error instanceof ApiError && error.status < 500 && error.status !== 401 && error.status !== 403)
      return { kind: 'refused', reason: error.message };
    throw error;
  }
};
