import type { ModelMatrix, PolicyEdit } from '../../../access/contract.ts';
import { type Effort, isEffort } from '../../../kernel/index.ts';
import { EFFORT_NAMES } from '../../kit/effort-select.tsx';

const ACTIONS = {
  clamp: 'requests above their cap are lowered to it',
  refuse: 'requests above their cap are refused',
  observe: 'requests above their cap pass and are only noted',
} as const;

const effortWords = (value: unknown, none: string): string => (isEffort(value) ? EFFORT_NAMES[value] : none);

type Names = { readonly model: (id: unknown) => string; readonly role: (id: string) => string };

const namesIn = (matrix: ModelMatrix): Names => ({
  model: (id) => matrix.models.find((model) => model.model === id)?.display_name ?? String(id),
  role: (id) => matrix.roles.find((role) => role.role_id === id)?.display_name ?? id,
});

const modelWords = (who: string, model: string, edit: { enabled?: boolean; max_effort?: Effort | null }): string[] => [
  ...(edit.enabled === undefined ? [] : [`${who}: ${model} is switched ${edit.enabled ? 'on' : 'off'}`]),
  ...(edit.max_effort === undefined
    ? []
    : [
        edit.max_effort === null
          ? `${who}: ${model} has no effort cap any more`
          : `${who}: ${model} is capped at ${EFFORT_NAMES[edit.max_effort]}`,
      ]),
];

const defaultWords = (
  who: string,
  edit: { default_model?: string | null; default_effort?: Effort | null },
  names: Names & { none: string },
): string[] => [
  ...(edit.default_model === undefined
    ? []
    : [`${who}: default model is ${edit.default_model === null ? names.none : names.model(edit.default_model)}`]),
  ...(edit.default_effort === undefined
    ? []
    : [`${who}: default effort is ${effortWords(edit.default_effort, names.none)}`]),
];

const wordsOf = (edit: PolicyEdit, names: Names): string[] => {
  switch (edit.type) {
    case 'organization_model':
      return modelWords('Organisation', names.model(edit.model), edit);
    case 'role_model':
      return modelWords(names.role(edit.role_id), names.model(edit.model), edit);
    case 'role_defaults':
      return defaultWords(names.role(edit.role_id), edit, { ...names, none: 'the organisation’s' });
    case 'organization_settings':
      return [
        ...defaultWords('Organisation', edit, { ...names, none: 'the recommended one' }),
        ...(edit.new_models === undefined ? [] : [`Organisation: new models arrive switched ${edit.new_models}`]),
        ...(edit.effort_action === undefined ? [] : [`Organisation: ${ACTIONS[edit.effort_action]}`]),
      ];
    default:
      return edit satisfies never;
  }
};

/** Every edit as a sentence without its full stop. */
export const describeEdits = (matrix: ModelMatrix, edits: readonly PolicyEdit[]): readonly string[] => {
  const names = namesIn(matrix);
  return edits.flatMap((edit) => wordsOf(edit, names));
};

/** What stands against saving: defaults that point at a model which is off. */
export const findObstacles = (view: ModelMatrix): readonly string[] => {
  const names = namesIn(view);
  const isOn = (id: string) => view.models.some((model) => model.model === id && model.enabled);
  const { default_model } = view.settings;
  return [
    ...(default_model !== null && !isOn(default_model)
      ? [
          `${names.model(default_model)} is the organisation’s default model. Choose another default before switching it off.`,
        ]
      : []),
    ...view.roles.flatMap((role) =>
      role.default_model !== null && !isOn(role.default_model)
        ? [
            `${names.model(role.default_model)} is the default model of the role ${role.display_name}. Choose another default for the role before switching it off.`,
          ]
        : [],
    ),
  ];
};
