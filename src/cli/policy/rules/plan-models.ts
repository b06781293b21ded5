import { type Effort, effortRank, lowerEffort } from '../../../kernel/index.ts';
import { type DeclaredModels, type ModelWord, OTHERS, type Path } from './declared.ts';
import { didYouMean } from './nearest.ts';
import type { Access, ModelState } from './state.ts';
import type { Line, Problem } from './step.ts';

/** What one level (the organisation or a role) will say of a model, and which fields of it are edited. */
export type WantedAccess = Access & {
  readonly model: ModelState;
  readonly edit: { readonly enabled?: boolean; readonly max_effort?: Effort | null } | null;
  /** Where the word stands: its own key or the one for all others; null where nothing is said. */
  readonly path: Path | null;
  /** Whether the model is named itself. */
  readonly isNamed: boolean;
};

/** Whether an effort is above a cap; no cap is above everything. */
export const isAbove = (effort: Effort | null, cap: Effort | null): boolean =>
  effort !== null && cap !== null && effortRank(effort) > effortRank(cap);

const accessOf = (word: ModelWord, current: Access): Access => {
  if (word === 'off') return { enabled: false, maxEffort: current.maxEffort };
  return { enabled: true, maxEffort: word === 'on' ? null : word };
};

const editOf = (current: Access, wanted: Access): WantedAccess['edit'] => {
  const edit = {
    ...(current.enabled === wanted.enabled ? {} : { enabled: wanted.enabled }),
    ...(current.maxEffort === wanted.maxEffort ? {} : { max_effort: wanted.maxEffort }),
  };
  return Object.keys(edit).length === 0 ? null : edit;
};

/** A level as it is and what is said of it. `ceiling` is what the level above will say; none for the organisation. */
type Level = {
  readonly models: readonly ModelState[];
  readonly declared: DeclaredModels;
  readonly current: (model: ModelState) => Access;
  readonly ceiling?: (model: ModelState) => Access;
  readonly path: Path;
};

// The word for all others bends to what is above it; a word for a model by name is refused instead (see plan-roles).
const othersWord = (word: ModelWord, model: ModelState, ceiling: Access | undefined): ModelWord | undefined => {
  if (word === 'off') return model.alwaysAvailable ? undefined : 'off';
  if (ceiling === undefined) return word;
  if (!ceiling.enabled) return undefined;
  if (word === 'on' || ceiling.maxEffort === null) return word;
  return lowerEffort(word, ceiling.maxEffort);
};

/** What a level will say of every model. */
export const wantedAccess = ({ models, declared, current, ceiling, path }: Level): readonly WantedAccess[] =>
  models.map((model) => {
    const now = current(model);
    const own = declared[model.id];
    const others = declared[OTHERS];
    const word = own ?? (others === undefined ? undefined : othersWord(others, model, ceiling?.(model)));
    if (word === undefined) return { ...now, model, edit: null, path: null, isNamed: false };
    const wanted = accessOf(word, now);
    const key = own === undefined ? OTHERS : model.id;
    return { ...wanted, model, edit: editOf(now, wanted), path: [...path, key], isNamed: own !== undefined };
  });

/** Mistakes that need no other level: models that do not exist, and those that are always on. */
export const modelProblems = ({ models, declared, path }: Pick<Level, 'models' | 'declared' | 'path'>): Problem[] =>
  Object.entries(declared).flatMap(([id, word]) => {
    if (id === OTHERS) return [];
    const model = models.find((one) => one.id === id);
    if (model === undefined) return [unknownModel(id, models, [...path, id])];
    return model.alwaysAvailable && word === 'off'
      ? [
          {
            path: [...path, id],
            problem: `${model.name} cannot be switched off: Haiku models are always available. It can be capped.`,
          },
        ]
      : [];
  });

/** The problem of a model's id that nobody knows. */
export const unknownModel = (id: string, models: readonly ModelState[], path: Path): Problem => ({
  path,
  problem: `There is no model “${id}”.${didYouMean(
    id,
    models.map((model) => model.id),
  )} “remit models list” shows them all.`,
});

const capWords = (effort: Effort | null): string => (effort === null ? 'no cap' : effort);

const modelLine = ({ model, edit, maxEffort }: WantedAccess, current: Access, whose: string): Line => {
  if (edit?.enabled === false) return { change: 'update', sentence: `switch ${model.name} off for ${whose}` };
  const cap =
    edit?.max_effort === undefined ? '' : `highest effort ${capWords(maxEffort)} (was ${capWords(current.maxEffort)})`;
  if (edit?.enabled === true)
    return { change: 'update', sentence: `switch ${model.name} on for ${whose}${cap === '' ? '' : `, ${cap}`}` };
  return { change: 'update', sentence: `${model.name} for ${whose}: ${cap}` };
};

/**
 * What the edits of a level do, for the level `whose`: `the organisation`, `the role “Deep work”`. The models that the
 * word for all others switches off share a line.
 */
export const modelLines = (
  edited: readonly WantedAccess[],
  current: (model: ModelState) => Access,
  whose: string,
): readonly Line[] => {
  const closed = edited.filter(({ isNamed, edit }) => !isNamed && edit?.enabled === false);
  const together = closed.length > 1 ? closed : [];
  return [
    ...edited
      .filter((access) => !together.includes(access))
      .map((access) => modelLine(access, current(access.model), whose)),
    ...(together.length === 0
      ? []
      : [{ change: 'update' as const, sentence: `switch ${together.length} other models off for ${whose}` }]),
  ];
};
