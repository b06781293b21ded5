import type { Changes } from '../../access/index.ts';
import { type Effort, effortRank, isEffort } from '../../kernel/index.ts';
import type { Edit, EffortSite, ScannedRequest } from '../scan/index.ts';

/** The byte edits that make a request what was decided; none when nothing changes. */
export const editsOf = (request: ScannedRequest, changes: Changes): readonly Edit[] => {
  const edits: Edit[] = [];
  if (changes.model !== undefined) edits.push({ ...request.model.span, text: JSON.stringify(changes.model) });
  if (changes.effort !== undefined) edits.push(effortEdit(request, changes.effort));
  if (changes.messageEffortCap !== undefined) edits.push(...nestedEffortEdits(request, changes.messageEffortCap));
  if (changes.thinkingBudget !== undefined) edits.push(...budgetEdits(request, changes.thinkingBudget));
  if (changes.maxTokens !== undefined && request.maxTokensSpan !== null)
    edits.push({ ...request.maxTokensSpan, text: String(changes.maxTokens) });
  return edits;
};

const effortEdit = (request: ScannedRequest, effort: Effort): Edit => {
  const { effort: site, outputConfig, outputConfigNull, objectStart } = request;
  if (site !== null) return { ...site.span, text: `"${effort}"` };
  if (outputConfig !== null) {
    const at = outputConfig.start + 1;
    return { start: at, end: at, text: `"effort":"${effort}"${request.outputConfigIsEmpty ? '' : ','}` };
  }
  if (outputConfigNull !== null) return { ...outputConfigNull, text: `{"effort":"${effort}"}` };
  return { start: objectStart, end: objectStart, text: `"output_config":{"effort":"${effort}"},` };
};

const isAbove = (value: string | null, cap: Effort): boolean =>
  value !== null && (!isEffort(value) || effortRank(value) > effortRank(cap));

const nestedEffortEdits = (request: ScannedRequest, cap: Effort): readonly Edit[] => {
  const ofFallbacks = request.fallbackModels.flatMap(({ effort }): EffortSite[] => (effort === null ? [] : [effort]));
  return [...request.messageEfforts, ...ofFallbacks]
    .filter(({ value }) => isAbove(value, cap))
    .map(({ span }) => ({ ...span, text: `"${cap}"` }));
};

const budgetEdits = (request: ScannedRequest, budgetMax: number): readonly Edit[] =>
  [request.thinking, ...request.fallbackModels.map(({ thinking }) => thinking)]
    .flatMap((thinking) => thinking?.budget ?? [])
    .filter(({ value }) => value > budgetMax)
    .map(({ span }) => ({ ...span, text: String(budgetMax) }));
