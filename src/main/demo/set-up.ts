import * as access from '../../access/contract.ts';
import * as directory from '../../directory/contract.ts';
import { addressOf, BROWSER } from './desk.ts';
import type { AtWork, Office } from './office.ts';
import {
  type DemoMember,
  GROUPS,
  MEMBERS,
  ORGANISATION_DEFAULT,
  ORGANISATION_MODELS,
  ORGANISATION_NAME,
  SERVICE_KEYS,
  SHOWN,
} from './organisation.ts';
import { CONNECTORS, ROLES } from './roles.ts';

/** A key of the demonstration, with its secret and whose it is. */
export type DemoKey = {
  readonly id: string;
  readonly secret: string;
  readonly owner:
    | { readonly kind: 'member'; readonly member: DemoMember }
    | { readonly kind: 'service'; readonly name: string };
};

/** Ids by the names of the demonstration. */
export type Ids = ReadonlyMap<string, string>;

/** What the set-up leaves: the keys that traffic comes from, and what everything is called by. */
export type SetUp = {
  readonly keys: readonly DemoKey[];
  readonly userIds: Ids;
  readonly roleIds: Ids;
  readonly groupIds: Ids;
};

/** Passwords of the people in `SHOWN`. */
export type Passwords = Readonly<Record<keyof typeof SHOWN, string>>;

const MINUTE_MS = 60_000;
const DAY_MS = 86_400_000;

/** Builds the whole organisation: people, groups, roles, rules, keys, and passwords for those who are shown. */
export const setUpOrganisation = async (office: Office, passwords: Passwords): Promise<SetUp> => {
  const userIds = await addMembers(office, passwords);
  const roleIds = await createRoles(office);
  await setModelRules(office, roleIds);
  const connectorIds = await registerConnectors(office);
  await setRoleRights(office, roleIds, connectorIds);
  const groupIds = await createGroups(office, roleIds, userIds);
  await attachOwnRoles(office, roleIds, userIds);
  await setPassword(office, idOf(userIds, SHOWN.admin), passwords.admin);
  await setPassword(office, idOf(userIds, SHOWN.member), passwords.member);
  const keys = await createKeys(office, groupIds, userIds);
  await office.policy.refresh();
  return { keys, userIds, roleIds, groupIds };
};

/** The id behind a name; throws when the demonstration has nothing of that name. */
export const idOf = (ids: Ids, name: string): string => {
  const id = ids.get(name);
  if (id === undefined) throw new Error(`the demonstration has nothing named ${name}`);
  return id;
};

/** Somebody of the demonstration at their desk. */
export const personAt = (name: string, { userIds }: Pick<SetUp, 'userIds'>): AtWork => {
  const { email, role } = MEMBERS.find((member) => member.name === name) ?? { email: '', role: 'user' as const };
  return {
    userId: idOf(userIds, name),
    email,
    role: role ?? 'primary_owner',
    address: addressOf(name),
    browser: BROWSER,
  };
};

const addMembers = async ({ call, ownerToken, actAs, wait }: Office, passwords: Passwords): Promise<Ids> => {
  const ids = new Map<string, string>();
  for (const { name, email, role } of MEMBERS) {
    if (role === null) {
      const body = {
        token: await ownerToken(),
        password: passwords.owner,
        email,
        name,
        organization_name: ORGANISATION_NAME,
      };
      const { user } = await call(directory.redeemSignInLink, { body });
      if (user === null) throw new Error('the owner could not be made');
      ids.set(name, user.id);
      actAs({ userId: user.id, email: user.email, role: user.role, address: addressOf(name), browser: BROWSER });
    } else {
      ids.set(name, (await call(directory.addUser, { body: { email, name, role } })).id);
    }
    wait(DAY_MS / 4);
  }
  return ids;
};

const createRoles = async ({ call, wait }: Office): Promise<Ids> => {
  const ids = new Map<string, string>();
  for (const { name } of ROLES) {
    ids.set(name, (await call(directory.createRole, { body: { display_name: name } })).id);
    wait(MINUTE_MS);
  }
  return ids;
};

const setModelRules = async ({ call, wait }: Office, roleIds: Ids): Promise<void> => {
  const { models } = await call(access.getModelMatrix);
  const ofOrganisation = models.map(({ model, always_available }) => ({
    type: 'organization_model' as const,
    model,
    ...accessTo(model, ORGANISATION_MODELS, always_available),
  }));
  const ofRoles = ROLES.flatMap(({ name, grants, defaultModel, defaultEffort }) => {
    const role_id = idOf(roleIds, name);
    return [
      ...models.map(({ model, always_available }) => ({
        type: 'role_model' as const,
        role_id,
        model,
        ...accessTo(model, grants, always_available),
      })),
      { type: 'role_defaults' as const, role_id, default_model: defaultModel, default_effort: defaultEffort },
    ];
  });
  const settings = {
    type: 'organization_settings' as const,
    default_model: ORGANISATION_DEFAULT.model,
    default_effort: ORGANISATION_DEFAULT.effort,
    new_models: 'off' as const,
    effort_action: 'clamp' as const,
  };
  await call(access.changeModelMatrix, { body: { edits: [...ofOrganisation, ...ofRoles, settings] } });
  wait(10 * MINUTE_MS);
};

const registerConnectors = async ({ call, wait }: Office): Promise<Ids> => {
  const ids = new Map<string, string>();
  for (const { slug, name, level, tools } of CONNECTORS) {
    const url = `https://${slug}.mcp.northwind-robotics.example/mcp`;
    const { id } = await call(access.createConnector, { body: { slug, name, url, level } });
    ids.set(slug, id);
    const named = Object.entries(tools).map(([tool, own]) => ({ name: tool, level: own }));
    if (named.length > 0) await call(access.updateConnector, { params: { connector_id: id }, body: { tools: named } });
    wait(MINUTE_MS);
  }
  return ids;
};

const connectorsOf = (connectors: (typeof ROLES)[number]['connectors'], connectorIds: Ids) =>
  typeof connectors === 'string'
    ? { all_connectors: connectors }
    : {
        all_connectors: 'custom' as const,
        connectors: CONNECTORS.map(({ slug }) => ({
          connector_id: idOf(connectorIds, slug),
          level: connectors[slug] ?? ('blocked' as const),
        })),
      };

const setRoleRights = async ({ call, wait }: Office, roleIds: Ids, connectorIds: Ids): Promise<void> => {
  for (const { name, capabilities, connectors, permissions } of ROLES) {
    const params = { role_id: idOf(roleIds, name) };
    const selected = Object.fromEntries(capabilities.selected.map((capability) => [capability, true]));
    await call(access.setRoleCapabilities, {
      params,
      body: { access: capabilities.access, capabilities: selected },
    });
    await call(access.setRoleConnectors, { params, body: connectorsOf(connectors, connectorIds) });
    if (Object.keys(permissions).length > 0)
      await call(directory.setRolePermissions, { params, body: { permissions } });
    wait(MINUTE_MS);
  }
};

type Grants = (typeof ROLES)[number]['grants'];

const accessTo = (model: string, grants: Grants, isAlwaysAvailable: boolean) => {
  const cap = grants[model];
  return cap === undefined && !isAlwaysAvailable ? { enabled: false } : { enabled: true, max_effort: cap ?? null };
};

const createGroups = async ({ call, wait }: Office, roleIds: Ids, userIds: Ids): Promise<Ids> => {
  const ids = new Map<string, string>();
  for (const { name, roles } of GROUPS) {
    const { id } = await call(directory.createGroup, { body: { name } });
    ids.set(name, id);
    for (const role of roles)
      await call(directory.attachGroupRole, { params: { group_id: id }, body: { role_id: idOf(roleIds, role) } });
    for (const member of MEMBERS.filter(({ group }) => group === name))
      await call(directory.addGroupMember, {
        params: { group_id: id },
        body: { user_id: idOf(userIds, member.name) },
      });
    wait(10 * MINUTE_MS);
  }
  return ids;
};

const attachOwnRoles = async ({ call, wait }: Office, roleIds: Ids, userIds: Ids): Promise<void> => {
  for (const { name, ownRoles } of MEMBERS)
    for (const role of ownRoles) {
      const params = { user_id: idOf(userIds, name) };
      await call(directory.attachUserRole, { params, body: { role_id: idOf(roleIds, role) } });
      wait(MINUTE_MS);
    }
};

const setPassword = async ({ call }: Office, userId: string, password: string): Promise<void> => {
  const { url } = await call(directory.createSignInLink, { params: { user_id: userId } });
  const token = new URL(url).searchParams.get('token') ?? '';
  await call(directory.redeemSignInLink, { body: { token, password } });
};

const createKeys = async (office: Office, groupIds: Ids, userIds: Ids): Promise<readonly DemoKey[]> => {
  const keys: DemoKey[] = [];
  const create = async (body: { name: string; user_id?: string; rbac_group_id?: string }) => {
    office.wait(5 * MINUTE_MS);
    return office.call(directory.createApiKey, { body });
  };
  for (const member of MEMBERS.filter(({ hasKey }) => hasKey)) {
    const { id, key } = await create({ name: 'Claude Code', user_id: idOf(userIds, member.name) });
    keys.push({ id, secret: key, owner: { kind: 'member', member } });
  }
  for (const { name, group } of SERVICE_KEYS) {
    const { id, key } = await create({ name, rbac_group_id: idOf(groupIds, group) });
    keys.push({ id, secret: key, owner: { kind: 'service', name } });
  }
  const lost = await create({ name: 'Old laptop', user_id: idOf(userIds, SHOWN.member) });
  await office.call(directory.updateApiKey, { params: { api_key_id: lost.id }, body: { status: 'archived' } });
  return keys;
};
