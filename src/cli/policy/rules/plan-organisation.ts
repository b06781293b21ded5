import { type Declared, RECOMMENDED } from './declared.ts';
import { defaultEffortProblems, modelsOfDefault } from './default-effort.ts';
import { modelLines, modelProblems, unknownModel, type WantedAccess, wantedAccess } from './plan-models.ts';
import type { OrganisationState } from './state.ts';
import { type Line, type ModelEdit, type Problem, type Step, step } from './step.ts';

/** The organisation's level as it will be, with the edits that lead there. */
export type OrganisationPlan = {
  readonly steps: readonly Step[];
  readonly models: ReadonlyMap<string, WantedAccess>;
  readonly defaultModel: string | null;
  readonly edits: readonly ModelEdit[];
  readonly lines: readonly Line[];
  readonly problems: readonly Problem[];
};

type Settings = Omit<Extract<ModelEdit, { type: 'organization_settings' }>, 'type'>;

const valueOrNull = <Value extends string>(word: Value | typeof RECOMMENDED | undefined): Value | null | undefined =>
  word === RECOMMENDED ? null : (word as Value | undefined);

const differing = <Value>(key: keyof Settings, wanted: Value | undefined, now: Value): Partial<Settings> =>
  wanted === undefined || wanted === now ? {} : { [key]: wanted };

const settingsOf = (declared: Declared['organisation'], now: OrganisationState): Settings => ({
  ...differing('default_model', valueOrNull(declared.default_model), now.defaultModel),
  ...differing('default_effort', valueOrNull(declared.default_effort), now.defaultEffort),
  ...differing('new_models', declared.new_models, now.newModels),
  ...differing('effort_action', declared.effort_action, now.effortAction),
});

const LABELS: Readonly<Record<keyof Settings, string>> = {
  default_model: 'default model',
  default_effort: 'default effort',
  new_models: 'new models arrive',
  effort_action: 'too high an effort',
};

const settingLines = (settings: Settings, now: OrganisationState): readonly Line[] => {
  const before: Settings = {
    default_model: now.defaultModel,
    default_effort: now.defaultEffort,
    new_models: now.newModels,
    effort_action: now.effortAction,
  };
  return (Object.keys(settings) as (keyof Settings)[]).map((key) => ({
    change: 'update',
    sentence: `${LABELS[key]} of the organisation: ${settings[key] ?? RECOMMENDED} (was ${before[key] ?? RECOMMENDED})`,
  }));
};

const defaultProblems = (
  { default_model: id, default_effort: effort }: Declared['organisation'],
  models: ReadonlyMap<string, WantedAccess>,
  defaultModel: string | null,
): readonly Problem[] => {
  const named = id === undefined || id === RECOMMENDED ? undefined : models.get(id);
  const problems: Problem[] = [];
  if (id !== undefined && id !== RECOMMENDED && named === undefined)
    problems.push(
      unknownModel(
        id,
        [...models.values()].map(({ model }) => model),
        ['organisation', 'default_model'],
      ),
    );
  if (named?.enabled === false)
    problems.push({
      path: ['organisation', 'default_model'],
      problem: `${named.model.name} is off for the organisation, so it cannot be the default model.`,
    });
  if (effort === undefined || effort === RECOMMENDED) return problems;
  const defaults = modelsOfDefault([...models.values()], defaultModel)
    .flatMap((one) => models.get(one) ?? [])
    .map((access) => ({ access, caps: [access.maxEffort] }));
  return [...problems, ...defaultEffortProblems(effort, { path: ['organisation', 'default_effort'], defaults })];
};

const otherSteps = (declared: Declared['organisation'], now: OrganisationState): readonly Step[] => [
  ...(declared.name === undefined || declared.name === now.name
    ? []
    : [
        step('update', `rename the organisation “${now.name}” to “${declared.name}”`, {
          kind: 'rename-organisation',
          name: declared.name,
        }),
      ]),
  ...(declared.unlisted_servers === undefined || declared.unlisted_servers === now.unlistedServers
    ? []
    : [
        step(
          'update',
          `MCP servers that are not registered: ${declared.unlisted_servers} (was ${now.unlistedServers})`,
          {
            kind: 'set-unlisted-servers',
            value: declared.unlisted_servers,
          },
        ),
      ]),
  ...capabilitySteps(declared.capabilities, now.capabilities),
];

const capabilitySteps = (
  said: Declared['organisation']['capabilities'],
  now: OrganisationState['capabilities'],
): readonly Step[] => {
  if (said === undefined || now === null) return [];
  const names = Object.keys(said) as (keyof typeof said)[];
  const changed = names.filter((name) => said[name] !== undefined && (said[name] === 'on') !== (now.on[name] ?? true));
  if (changed.length === 0) return [];
  const capabilities = Object.fromEntries(changed.map((name) => [name, said[name] === 'on']));
  const lines = changed.map((name) => ({
    change: 'update' as const,
    sentence: `switch the capability ${name} ${said[name]} for the organisation`,
  }));
  return [{ action: { kind: 'set-capabilities', capabilities, ifVersion: now.version }, lines }];
};

/** Plans the organisation's level: its models, defaults and settings. */
export const planOrganisation = (declared: Declared['organisation'], now: OrganisationState): OrganisationPlan => {
  const path = ['organisation', 'models'];
  const said = declared.models ?? {};
  const wanted = wantedAccess({ models: now.models, declared: said, current: (model) => model, path });
  const models = new Map(wanted.map((access) => [access.model.id, access]));
  const settings = settingsOf(declared, now);
  const defaultModel = settings.default_model === undefined ? now.defaultModel : settings.default_model;
  const edited = wanted.filter(({ edit }) => edit !== null);
  return {
    steps: otherSteps(declared, now),
    models,
    defaultModel,
    edits: [
      ...edited.map(({ model, edit }) => ({ type: 'organization_model' as const, model: model.id, ...edit })),
      ...(Object.keys(settings).length === 0 ? [] : [{ type: 'organization_settings' as const, ...settings }]),
    ],
    lines: [...modelLines(edited, (model) => model, 'the organisation'), ...settingLines(settings, now)],
    problems: [
      ...modelProblems({ models: now.models, declared: said, path }),
      ...defaultProblems(declared, models, defaultModel),
      ...edited
        .filter(({ edit, model }) => edit?.enabled === false && model.id === defaultModel)
        .filter(() => declared.default_model === undefined)
        .map(({ model, path: at }) => ({
          path: at ?? path,
          problem: `${model.name} is the default model of the organisation. Choose another default_model too.`,
        })),
    ],
  };
};
