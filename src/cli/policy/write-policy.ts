import { Document } from 'yaml';
import { FORMAT } from './file-format.ts';
import { INHERIT, type ModelWord, OTHERS, RECOMMENDED } from './rules/declared.ts';
import type {
  Access,
  ConnectorState,
  GroupState,
  MemberState,
  ModelState,
  RoleState,
  RoleTabs,
  State,
} from './rules/state.ts';
import { groupLimits, limitsOf, organisationLimits } from './write-limits.ts';
import { limitedOf, organisationMoney, ratesOf } from './write-spend.ts';

const wordOf = ({ enabled, maxEffort }: Access): ModelWord => (enabled ? (maxEffort ?? 'on') : 'off');

const switchesOf = (on: Readonly<Record<string, boolean>>): Readonly<Record<string, 'on' | 'off'>> =>
  Object.fromEntries(Object.entries(on).map(([name, isOn]) => [name, isOn ? 'on' : 'off']));

/** What there is of it under its key, or nothing. */
const saidAs = <Value>(key: string, value: Value | undefined): Readonly<Record<string, Value>> =>
  value === undefined ? {} : { [key]: value };

const organisationOf = ({ organisation, ...state }: State) => ({
  name: organisation.name,
  models: Object.fromEntries(organisation.models.map((model) => [model.id, wordOf(model)])),
  default_model: organisation.defaultModel ?? RECOMMENDED,
  default_effort: organisation.defaultEffort ?? RECOMMENDED,
  new_models: organisation.newModels,
  effort_action: organisation.effortAction,
  ...(organisation.unlistedServers === null ? {} : { unlisted_servers: organisation.unlistedServers }),
  ...(organisation.capabilities === null ? {} : { capabilities: switchesOf(organisation.capabilities.on) }),
  ...saidAs('limits', organisationLimits(state)),
  ...organisationMoney({ organisation, ...state }),
});

// A model that the organisation has off cannot be granted anew, so what waits without effect is not written.
const isWorthALine = (access: Access, ceiling: ModelState): boolean => access.enabled && ceiling.enabled;

const roleModels = (role: RoleState, models: readonly ModelState[]) => {
  if (role.mode === 'all') return 'all';
  const granted = models.flatMap((model) => {
    const access = role.models[model.id];
    return access !== undefined && isWorthALine(access, model) ? [[model.id, wordOf(access)] as const] : [];
  });
  return { ...Object.fromEntries(granted) };
};

const roleOf = (role: RoleState, models: readonly ModelState[]) => ({
  models: withOthers(role, roleModels(role, models), models),
  default_model: role.defaultModel ?? INHERIT,
  default_effort: role.defaultEffort ?? INHERIT,
  ...tabsOf(role.tabs),
});

const tabsOf = ({ capabilities, permissions, connectors }: RoleTabs) => ({
  ...(capabilities === null
    ? {}
    : {
        capabilities: [
          ...(capabilities.access === 'selected' ? [] : [capabilities.access]),
          ...capabilities.selected.toSorted(),
        ],
      }),
  ...(permissions === null ? {} : { permissions: permissions.levels }),
  ...(connectors === null ? {} : { connectors: grantsOf(connectors) }),
});

const grantsOf = ({ all, bySlug }: NonNullable<RoleTabs['connectors']>) => {
  if (all !== 'custom') return all;
  const grants = Object.entries(bySlug).map(([slug, { level, tools }]) => [
    slug,
    Object.keys(tools).length === 0 ? level : { level, tools },
  ]);
  return Object.fromEntries(grants);
};

/** Closes the list, unless something waits behind the organisation's ceiling that closing it would lose. */
const withOthers = (
  role: RoleState,
  granted: ReturnType<typeof roleModels>,
  models: readonly ModelState[],
): 'all' | Readonly<Record<string, ModelWord>> => {
  if (granted === 'all') return granted;
  const waits = models.some(({ id, enabled }) => !enabled && role.models[id]?.enabled === true);
  return waits ? { ...granted, ...closedOf(role, models) } : { ...granted, [OTHERS]: 'off' };
};

const closedOf = (role: RoleState, models: readonly ModelState[]): Readonly<Record<string, ModelWord>> =>
  Object.fromEntries(models.filter(({ id }) => role.models[id]?.enabled === false).map(({ id }) => [id, 'off']));

const groupOf = (group: GroupState, roleNames: ReadonlyMap<string, string>, state: State) => ({
  roles: namesOf(group.roleIds, roleNames),
  // An identity provider's members are its own.
  ...(group.isProvisioned || group.members === null
    ? {}
    : { members: group.members.map(({ email }) => email).toSorted() }),
  ...saidAs('limits', groupLimits(state, group.id)),
  ...saidAs('rates', ratesOf(state, 'rbac_group', group.id)),
});

const namesOf = (ids: readonly string[], names: ReadonlyMap<string, string>): readonly string[] =>
  ids.flatMap((id) => names.get(id) ?? []).toSorted();

const connectorOf = ({ name, url, level, tools }: ConnectorState) => ({
  ...{ name, url, level },
  ...(Object.keys(tools).length === 0 ? {} : { tools }),
});

const memberOf = ({ id, roleIds }: MemberState, roleNames: ReadonlyMap<string, string>, state: State) => ({
  ...(roleIds === null ? {} : { roles: namesOf(roleIds, roleNames) }),
  ...saidAs('limits', limitsOf(state, 'user', id)),
  ...saidAs('rates', ratesOf(state, 'user', id)),
});

const byKey = <Thing, Value>(
  things: readonly Thing[],
  keyOf: (thing: Thing) => string,
  toValue: (thing: Thing) => Value,
): Readonly<Record<string, Value>> | undefined =>
  things.length === 0
    ? undefined
    : Object.fromEntries(
        things
          .map((thing) => [keyOf(thing), toValue(thing)] as const)
          .toSorted(([one], [other]) => one.localeCompare(other, 'en')),
      );

const HEADER = ` What this organisation is, for “remit plan” and “remit apply”.
 yaml-language-server: $schema=policy.schema.json
 The schema comes from “remit schema”; the guide is “Configuration as code”.`;

/** The state as a policy file. A plan made from it against the same state is empty. */
export const writePolicy = (state: State): string => {
  const roleNames = new Map(state.roles.map(({ id, name }) => [id, name]));
  const { models } = state.organisation;
  const isLimited = ({ id }: MemberState) =>
    limitsOf(state, 'user', id) !== undefined || ratesOf(state, 'user', id) !== undefined;
  const worthALine = state.members.filter((member) => (member.roleIds?.length ?? 0) > 0 || isLimited(member));
  const sections = {
    organisation: organisationOf(state),
    roles: byKey(
      state.roles,
      ({ name }) => name,
      (role) => roleOf(role, models),
    ),
    groups: byKey(
      state.groups,
      ({ name }) => name,
      (group) => groupOf(group, roleNames, state),
    ),
    members: byKey(
      worthALine,
      ({ email }) => email,
      (member) => memberOf(member, roleNames, state),
    ),
    connectors: byKey(state.connectors, ({ slug }) => slug, connectorOf),
    workspaces: limitedOf(state, 'workspaces'),
    keys: limitedOf(state, 'keys'),
  };
  const present = Object.entries(sections).filter(([, section]) => section !== undefined);
  const document = new Document({ remit: FORMAT, ...Object.fromEntries(present) });
  document.commentBefore = HEADER;
  return document.toString({ lineWidth: 0 });
};
