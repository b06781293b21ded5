import type { Effort } from '../../../kernel/index.ts';
import { type Declared, type DeclaredModels, type DeclaredRole, INHERIT, type Path } from './declared.ts';
import { defaultEffortProblems, modelsOfDefault } from './default-effort.ts';
import { type IdentityRoles, identityRoles } from './owner-access.ts';
import { isAbove, modelLines, modelProblems, unknownModel, type WantedAccess, wantedAccess } from './plan-models.ts';
import { type NamedFate, planNames } from './plan-names.ts';
import type { OrganisationPlan } from './plan-organisation.ts';
import { NEW_TABS, planRoleTabs } from './plan-role-tabs.ts';
import type { Access, ModelState, RoleState, State } from './state.ts';
import type { Line, ModelEdit, Problem, Step } from './step.ts';

/** The custom roles as they will be. */
export type RolesPlan = {
  readonly openings: readonly Step[];
  readonly deletions: readonly Step[];
  /** What roles grant beside models. */
  readonly tabs: readonly Step[];
  readonly edits: readonly ModelEdit[];
  readonly lines: readonly Line[];
  readonly problems: readonly Problem[];
  /** What every role will be called, by its present id; roles that go are not in it. */
  readonly nameById: ReadonlyMap<string, string>;
  /** The names of all roles that there will be. */
  readonly names: readonly string[];
  readonly identity: IdentityRoles;
};

const OPEN: Access = { enabled: true, maxEffort: null };
const CLOSED: Access = { enabled: false, maxEffort: null };

/** A role that has just been created gives whatever the organisation allows. */
const NEW_ROLE: Omit<RoleState, 'id' | 'name'> = {
  mode: 'all',
  models: {},
  defaultModel: null,
  defaultEffort: null,
  tabs: NEW_TABS,
};

type Role = Omit<RoleState, 'id'> & { readonly declared: DeclaredRole; readonly path: Path };

const currentAccess = (role: Omit<RoleState, 'id'>, model: ModelState): Access => {
  if (role.mode === 'all') return OPEN;
  return role.models[model.id] ?? (model.alwaysAvailable ? OPEN : CLOSED);
};

const saidOf = ({ models }: DeclaredRole): DeclaredModels => (models === undefined || models === 'all' ? {} : models);

const wantedModels = (role: Role, { models }: OrganisationPlan): readonly WantedAccess[] =>
  wantedAccess({
    models: [...models.values()].map(({ model }) => model),
    declared: saidOf(role.declared),
    current: (model) => currentAccess(role, model),
    ceiling: (model) => models.get(model.id) ?? CLOSED,
    path: [...role.path, 'models'],
  });

// A cap above the organisation's is wrong even where it is there already: the organisation's edit would lower it.
const againstCeiling = (wanted: readonly WantedAccess[], { models }: OrganisationPlan): readonly Problem[] =>
  wanted.flatMap(({ model, edit, enabled, maxEffort, path, isNamed }) => {
    const ceiling = models.get(model.id);
    if (path === null || !isNamed || !enabled || ceiling === undefined) return [];
    const problem = isAbove(maxEffort, ceiling.maxEffort)
      ? `The organisation caps ${model.name} at ${ceiling.maxEffort}; a role cannot allow ${maxEffort}.`
      : !ceiling.enabled && edit !== null
        ? `${model.name} is off for the organisation, so no role can grant it. Switch it on there too.`
        : null;
    return problem === null ? [] : [{ path, problem }];
  });

type Defaults = { readonly model: string | null; readonly effort: Effort | null };

const defaultsOf = ({ declared, defaultModel, defaultEffort }: Role): Defaults => ({
  model:
    declared.default_model === undefined
      ? defaultModel
      : declared.default_model === INHERIT
        ? null
        : declared.default_model,
  effort:
    declared.default_effort === undefined
      ? defaultEffort
      : declared.default_effort === INHERIT
        ? null
        : declared.default_effort,
});

const isOpen = (access: WantedAccess | undefined, { models }: OrganisationPlan): boolean =>
  access?.enabled === true && models.get(access.model.id)?.enabled === true;

const defaultProblems = (
  role: Role,
  wanted: ReadonlyMap<string, WantedAccess>,
  organisation: OrganisationPlan,
): readonly Problem[] => {
  const { declared, path, name } = role;
  const { model: id } = defaultsOf(role);
  const access = wanted.get(id ?? '');
  const problems: Problem[] = [];
  if (id !== null && declared.default_model !== undefined) {
    const at = [...path, 'default_model'];
    const all = [...wanted.values()].map(({ model }) => model);
    if (access === undefined) problems.push(unknownModel(id, all, at));
    else if (!isOpen(access, organisation))
      problems.push({
        path: at,
        problem: `${access.model.name} is not open to the role “${name}”, so it cannot be its default.`,
      });
  } else if (access?.edit?.enabled === false)
    problems.push({
      path: access.path ?? path,
      problem: `${access.model.name} is the default model of the role “${name}”. Choose another default_model too.`,
    });
  return [...problems, ...roleEffortProblems(role, wanted, organisation)];
};

const roleEffortProblems = (
  role: Role,
  wanted: ReadonlyMap<string, WantedAccess>,
  organisation: OrganisationPlan,
): readonly Problem[] => {
  const { default_effort: effort } = role.declared;
  if (effort === undefined || effort === INHERIT) return [];
  const own = defaultsOf(role).model;
  const ids = own === null ? modelsOfDefault([...organisation.models.values()], organisation.defaultModel) : [own];
  const defaults = ids
    .flatMap((id) => wanted.get(id) ?? [])
    .map((access) => ({
      access,
      caps: [access.maxEffort, organisation.models.get(access.model.id)?.maxEffort ?? null],
    }));
  return defaultEffortProblems(effort, { path: [...role.path, 'default_effort'], defaults });
};

/**
 * The edit of a role's defaults. A default effort that stays as it is need not be said again beside other edits: the
 * server lowers what is above a cap once all of them are made, and one that would be is an objection.
 */
const defaultEdits = (role: Role): { readonly edits: readonly ModelEdit[]; readonly lines: readonly Line[] } => {
  const { model, effort } = defaultsOf(role);
  const edit = {
    ...(model === role.defaultModel ? {} : { default_model: model }),
    ...(effort === role.defaultEffort ? {} : { default_effort: effort }),
  };
  const line = (what: string, now: string | null, before: string | null): Line => ({
    change: 'update',
    sentence: `default ${what} of the role “${role.name}”: ${now ?? INHERIT} (was ${before ?? INHERIT})`,
  });
  return {
    edits: Object.keys(edit).length === 0 ? [] : [{ type: 'role_defaults', role: role.name, ...edit }],
    lines: [
      ...(model === role.defaultModel ? [] : [line('model', model, role.defaultModel)]),
      ...(effort === role.defaultEffort ? [] : [line('effort', effort, role.defaultEffort)]),
    ],
  };
};

const planRole = (role: Role, organisation: OrganisationPlan) => {
  const wanted = wantedModels(role, organisation);
  const edited = wanted.filter(({ edit }) => edit !== null);
  const defaults = defaultEdits(role);
  const path = [...role.path, 'models'];
  const models = [...organisation.models.values()].map(({ model }) => model);
  return {
    edits: [
      ...edited.map(({ model, edit }) => ({ type: 'role_model' as const, role: role.name, model: model.id, ...edit })),
      ...defaults.edits,
    ],
    lines: [...modelLines(edited, (model) => currentAccess(role, model), `the role “${role.name}”`), ...defaults.lines],
    problems: [
      ...(role.declared.models === 'all' && role.mode === 'selected'
        ? [
            {
              path,
              problem: `The models of the role “${role.name}” have been edited: it has a list of its own and cannot go back to “all”. Write the list, or "*": on.`,
            },
          ]
        : []),
      ...modelProblems({ models, declared: saidOf(role.declared), path }),
      ...againstCeiling(wanted, organisation),
      ...defaultProblems(role, new Map(wanted.map((access) => [access.model.id, access])), organisation),
    ],
  };
};

type Fate = NamedFate<DeclaredRole, RoleState>;

const rolesThatStay = (fates: readonly Fate[]): readonly Role[] =>
  fates.flatMap((fate) =>
    fate.fate === 'stays'
      ? [{ ...(fate.existing ?? NEW_ROLE), name: fate.name, declared: fate.declared, path: ['roles', fate.name] }]
      : [],
  );

/** Roles whose default keeps a model on that the organisation is to lose: those of the files, and those they do not name. */
const heldDefaults = (
  all: readonly { readonly name: string; readonly defaultModel: string | null }[],
  organisation: OrganisationPlan,
): readonly Problem[] =>
  [...organisation.models.values()]
    .filter(({ edit }) => edit?.enabled === false)
    .flatMap(({ model, path }) => {
      const holders = all.filter(({ defaultModel }) => defaultModel === model.id).map(({ name }) => `“${name}”`);
      return holders.length === 0
        ? []
        : [
            {
              path: path ?? ['organisation', 'models'],
              problem: `${model.name} is the default model of the role ${holders.join(', ')}. Choose another default_model there too.`,
            },
          ];
    });

/** A role that is to be deleted must not hold a model on: its default goes first, with the edits of models. */
const releaseDefaults = (fates: readonly Fate[], organisation: OrganisationPlan): readonly ModelEdit[] =>
  fates.flatMap((fate) => {
    const held = fate.fate === 'goes' ? fate.existing.defaultModel : null;
    return held !== null && organisation.models.get(held)?.edit?.enabled === false
      ? [{ type: 'role_defaults', role: fate.name, default_model: null }]
      : [];
  });

/** The connectors that there will be, as far as they are known here. */
const slugsOf = (declared: Declared['connectors'], { connectors }: State): readonly string[] => {
  const kept = connectors.map(({ slug }) => slug).filter((slug) => declared[slug]?.absent !== true);
  const said = Object.entries(declared).flatMap(([slug, { absent }]) => (absent === true ? [] : [slug]));
  return [...new Set([...kept, ...said])];
};

/** Plans the custom roles: which there are, and what they grant below what the organisation will allow. */
export const planRoles = (declared: Declared, state: State, organisation: OrganisationPlan): RolesPlan => {
  const { fates, ...names } = planNames(declared.roles, { kind: 'role', existing: state.roles });
  const staying = rolesThatStay(fates);
  const plans = staying.map((role) => planRole(role, organisation));
  const slugs = slugsOf(declared.connectors, state);
  const tabs = staying.map((role) => planRoleTabs(role, slugs));
  const touched = new Map(fates.flatMap((fate) => (fate.existing === null ? [] : [[fate.existing.id, fate] as const])));
  const untouched = state.roles.filter(({ id }) => !touched.has(id));
  const nameById = new Map(state.roles.map(({ id, name }) => [id, touched.get(id)?.name ?? name]));
  for (const [id, fate] of touched) if (fate.fate === 'goes') nameById.delete(id);
  const defaults = [...untouched, ...staying.filter(({ declared: said }) => said.default_model === undefined)];
  return {
    openings: names.openings,
    deletions: names.deletions,
    tabs: tabs.flatMap(({ steps }) => steps),
    edits: [...releaseDefaults(fates, organisation), ...plans.flatMap(({ edits }) => edits)],
    lines: plans.flatMap(({ lines }) => lines),
    problems: [
      ...names.problems,
      ...plans.flatMap(({ problems }) => problems),
      ...tabs.flatMap(({ problems }) => problems),
      ...heldDefaults(defaults, organisation),
    ],
    nameById,
    names: [...untouched.map(({ name }) => name), ...staying.map(({ name }) => name)],
    identity: identityRoles(fates, untouched),
  };
};
