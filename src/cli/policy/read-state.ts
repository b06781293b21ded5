import {
  getCapabilities,
  getConnectorSettings,
  getModelMatrix,
  listConnectors,
  type ModelMatrix,
  type RoleModels,
} from '../../access/contract.ts';
import {
  getOrganization,
  listGroupMembers,
  listGroups,
  listUserRoles,
  listUsers,
  type RbacGroup,
} from '../../directory/contract.ts';
import type { Call } from '../../platform/contract.ts';
import { mapAtOnce, readCursorPages, readIdPages } from '../pages.ts';
import type { Extent } from './extent.ts';
import { readKeys, readLimits, readRates, readSpend, readWorkspaces } from './read-money.ts';
import { readTabs, type WantedTabs } from './read-role-tabs.ts';
import type {
  ConnectorState,
  GroupState,
  MemberState,
  OrganisationState,
  RoleState,
  RoleTabs,
  State,
} from './rules/state.ts';

type Settings = Pick<OrganisationState, 'name' | 'unlistedServers' | 'capabilities'>;

/** The rules about models as the API shows them, as a planner sees them. */
export const toOrganisation = (matrix: ModelMatrix, settings: Settings): OrganisationState => ({
  ...settings,
  models: matrix.models.map((model) => ({
    id: model.model,
    name: model.display_name,
    enabled: model.enabled,
    maxEffort: model.max_effort,
    line: model.line,
    isRetired: model.lifecycle === 'retired',
    alwaysAvailable: model.always_available,
    efforts: model.efforts,
  })),
  defaultModel: matrix.settings.default_model,
  defaultEffort: matrix.settings.default_effort,
  newModels: matrix.settings.new_models,
  effortAction: matrix.settings.effort_action,
  version: matrix.version,
});

/** A role as the API shows it, as a planner sees it. */
export const toRole = (role: RoleModels, tabs: RoleTabs): RoleState => ({
  id: role.role_id,
  name: role.display_name,
  mode: role.mode,
  models: Object.fromEntries(
    role.models.map(({ model, enabled, max_effort }) => [model, { enabled, maxEffort: max_effort }]),
  ),
  defaultModel: role.default_model,
  defaultEffort: role.default_effort,
  tabs,
});

const readGroup = async (call: Call, group: RbacGroup, hasMembers: boolean): Promise<GroupState> => {
  const params = { group_id: group.id };
  const members = hasMembers ? await readCursorPages((query) => call(listGroupMembers, { params, query })) : null;
  return {
    id: group.id,
    name: group.name,
    isProvisioned: group.source_type === 'scim',
    roleIds: group.role_ids ?? [],
    members: members?.map(({ user_id, email }) => ({ id: user_id, email })) ?? null,
  };
};

// Above this many, reading all members in pages takes fewer calls than asking for each.
const LOOKED_UP_MAX = 100;

const findUsers = async (call: Call, emails: readonly string[]) => {
  if (emails.length > LOOKED_UP_MAX) return readIdPages((query) => call(listUsers, { query }));
  const found = await mapAtOnce(emails, async (email) => (await call(listUsers, { query: { email } })).data);
  return found.flat();
};

/** The custom roles attached to a member directly, by id. */
export const readOwnRoles = async (call: Call, userId: string): Promise<readonly string[]> =>
  (await call(listUserRoles, { params: { user_id: userId } })).data.map(({ role_id }) => role_id);

const readMembers = async (call: Call, { emails, emailsWithRoles }: Extent): Promise<readonly MemberState[]> => {
  const wanted = new Set(emails.map((email) => email.toLowerCase()));
  const withRoles = new Set(emailsWithRoles.map((email) => email.toLowerCase()));
  const users = (await findUsers(call, [...wanted])).filter(({ email }) => wanted.has(email.toLowerCase()));
  return mapAtOnce(users, async ({ id, email, role }) => ({
    id,
    email,
    organisationRole: role,
    roleIds: withRoles.has(email.toLowerCase()) ? await readOwnRoles(call, id) : null,
  }));
};

const readConnectors = async (call: Call): Promise<readonly ConnectorState[]> =>
  (await call(listConnectors)).data.map(({ id, slug, name, url, level, tools }) => ({
    ...{ id, slug, name, url, level },
    tools: Object.fromEntries(tools.map((tool) => [tool.name, tool.level])),
  }));

const readCapabilities = async (call: Call): Promise<OrganisationState['capabilities']> => {
  const { version, capabilities } = await call(getCapabilities);
  return { version, on: Object.fromEntries(capabilities.map(({ id, enabled }) => [id, enabled])) };
};

/** Reads the organisation as it is, over the API, as far as is wanted. */
export const readState = async (call: Call, extent: Extent): Promise<State> => {
  const [{ name }, matrix, groups, members] = await Promise.all([
    call(getOrganization),
    call(getModelMatrix),
    readCursorPages((query) => call(listGroups, { query })),
    readMembers(call, extent),
  ]);
  const connectors = extent.hasConnectors ? await readConnectors(call) : [];
  const unlisted = extent.hasConnectors ? (await call(getConnectorSettings)).unlisted_servers : null;
  const capabilities = extent.hasCapabilities ? await readCapabilities(call) : null;
  const changed = groups
    .filter((group) => extent.hasPermissionsOf(group.name))
    .flatMap(({ role_ids }) => role_ids ?? []);
  const wantedOf = ({ role_id: id, display_name: role }: RoleModels): WantedTabs => {
    const tabs = extent.tabsOf(role);
    return { ...tabs, permissions: tabs.permissions || changed.includes(id) };
  };
  return {
    organisation: toOrganisation(matrix, { name, unlistedServers: unlisted, capabilities }),
    roles: await mapAtOnce(matrix.roles, async (role) =>
      toRole(role, await readTabs(call, role.role_id, wantedOf(role))),
    ),
    groups: await mapAtOnce(groups, (group) => readGroup(call, group, extent.hasMembersOf(group.name))),
    members,
    connectors,
    limits: extent.hasLimits ? await readLimits(call) : [],
    spend: await readSpend(call, extent.spend),
    rates: extent.hasRates ? await readRates(call) : null,
    workspaces: extent.hasWorkspaces ? await readWorkspaces(call) : [],
    keys: await readKeys(call, extent.keys),
  };
};
