import type { Effort } from '../../../kernel/index.ts';
import type { Path } from './declared.ts';
import { isAbove, type WantedAccess } from './plan-models.ts';
import type { Problem } from './step.ts';

/** The families in which the recommended default is looked for, first choice first. */
const RECOMMENDED_LINES = ['opus', 'sonnet', 'haiku'];

const recommended = (
  models: readonly WantedAccess[],
  isOn: (access: WantedAccess) => boolean,
): WantedAccess | undefined =>
  RECOMMENDED_LINES.flatMap((line) => models.filter(({ model }) => model.line === line && !model.isRetired)).find(isOn);

// Models are switched off after defaults are set, so until then one that is to go may still be the recommended one.
const wasOn = ({ enabled, edit }: WantedAccess): boolean => enabled || edit?.enabled === false;

/** The ids of the models that an organisation's default leads to, at the end and while the edits are made. */
export const modelsOfDefault = (models: readonly WantedAccess[], defaultModel: string | null): readonly string[] => {
  if (defaultModel !== null) return [defaultModel];
  const found = [recommended(models, ({ enabled }) => enabled), recommended(models, wasOn)];
  return [...new Set(found.flatMap((access) => access?.model.id ?? []))];
};

type Level = {
  readonly path: Path;
  /** The models that the default leads to, each with the caps that hold for it at this level. */
  readonly defaults: readonly { readonly access: WantedAccess; readonly caps: readonly (Effort | null)[] }[];
};

/** Why a default effort does not fit the model it is for. */
export const defaultEffortProblems = (effort: Effort, { path, defaults }: Level): readonly Problem[] =>
  defaults
    .flatMap(({ access: { model }, caps }) => {
      const at = `${model.name}, where the default leads to,`;
      if (!model.efforts.includes(effort)) return [`${at} does not offer effort ${effort}.`];
      const cap = caps.find((one) => isAbove(effort, one));
      return cap === undefined ? [] : [`${at} is capped at ${cap}; a default effort of ${effort} is above that.`];
    })
    .slice(0, 1)
    .map((problem) => ({ path, problem }));
