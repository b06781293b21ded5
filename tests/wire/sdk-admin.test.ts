import Anthropic, { type APIError, BadRequestError, NotFoundError, PermissionDeniedError } from '@anthropic-ai/sdk';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type AdminMethod, adminNamespaces, callAnyhow, listAdminMethods } from '../../scripts/admin-methods.ts';
import { ADMIN_KEY, directory, type Remit, startRemit } from '../support/remit.ts';
import { sdkRateCalls } from '../support/sdk-rate-calls.ts';
import { sdkSpendCalls } from '../support/sdk-spend-calls.ts';
import { newAdminKey } from '../support/workspace-changes.ts';

/** The typed `organization` namespaces of the official client run against Remit unchanged, method by method. */

let remit: Remit;
beforeAll(async () => {
  remit = await startRemit();
  await remit.newMember({ role: 'owner' });
});
afterAll(() => remit.stop());

const METHODS = await listAdminMethods();

const clientWith = (apiKey: string, version?: string) =>
  new Anthropic({
    apiKey,
    baseURL: remit.url,
    maxRetries: 0,
    ...(version === undefined ? {} : { defaultHeaders: { 'anthropic-version': version } }),
  });

type Organization = Anthropic['organization'];

let count = 0;
const unique = (what: string): string => {
  count += 1;
  return `${what}-${count}`;
};

const TIME = expect.stringMatching(/^\d{4}-\d\d-\d\dT[\d:.]+Z$/);
const ID = expect.any(String);
const USER = { id: ID, type: 'user', email: ID, name: ID, role: ID, added_at: TIME };
const INVITE = {
  id: expect.stringMatching(/^invite_/),
  type: 'invite',
  email: ID,
  role: 'user',
  status: 'pending',
  invited_at: TIME,
  expires_at: TIME,
  accepted_at: null,
  rbac_group_ids: [],
};
const KEY = {
  id: ID,
  type: 'api_key',
  name: ID,
  created_at: TIME,
  expires_at: null,
  created_by: null,
  partial_key_hint: ID,
  principal: { type: 'user_actor', user_id: ID },
  scope: { type: 'organization' },
};
const WORKSPACE = {
  id: expect.stringMatching(/^wrkspc_/),
  type: 'workspace',
  created_at: TIME,
  archived_at: null,
  compartment_id: ID,
  display_color: expect.stringMatching(/^#[0-9a-f]{6}$/i),
  data_residency: {
    workspace_geo: 'us',
    allowed_inference_geos: 'unrestricted',
    default_inference_geo: 'global',
  },
  external_key_id: null,
  user_profile_id: null,
  tags: {},
};
const GROUP = {
  id: ID,
  type: 'rbac_group',
  name: ID,
  role_ids: [],
  source_type: 'direct',
  created_at: TIME,
  updated_at: TIME,
};
const ROLE = {
  id: ID,
  type: 'rbac_role',
  display_name: ID,
  source: { type: 'custom' },
  created_at: TIME,
  updated_at: TIME,
};

const newInvite = (at: Organization) => at.invites.create({ email: `${unique('x')}@example.com`, role: 'user' });
const newWorkspace = (at: Organization) => at.workspaces.create({ name: unique('Workspace') });
const newGroup = (at: Organization) => at.rbacGroups.create({ name: unique('Group') });
const newRole = async () => (await remit.call(directory.createRole, { body: { display_name: unique('Role') } })).id;
const newWorkspaceMember = async (at: Organization) => {
  const [workspace, { id: user_id }] = [await newWorkspace(at), await remit.newMember()];
  const member = await at.workspaces.members.add(workspace.id, { user_id, workspace_role: 'workspace_user' });
  return { workspace_id: workspace.id, user_id, member };
};

const first = async <T>(items: AsyncIterable<T>): Promise<T | undefined> => {
  for await (const item of items) return item;
  return undefined;
};

/** A call of each method that is served, with what its types promise. The beta namespace has the same ones. */
const CALLS: Readonly<Record<string, (at: Organization) => Promise<void>>> = {
  retrieve: async (at) => {
    expect(await at.retrieve()).toEqual({
      id: expect.stringMatching(/^[0-9a-f-]{36}$/),
      name: ID,
      type: 'organization',
    });
  },
  'users.retrieve': async (at) => {
    const { id, email } = await remit.newMember();
    expect(await at.users.retrieve(id)).toMatchObject({ ...USER, id, email, role: 'user' });
  },
  'users.update': async (at) => {
    const { id } = await remit.newMember();
    expect(await at.users.update(id, { role: 'managed' })).toMatchObject({ ...USER, id, role: 'managed' });
  },
  'users.list': async (at) => {
    const { id, email } = await remit.newMember();
    const page = await at.users.list({ email: email.toUpperCase(), roles: ['user', 'managed'] });
    expect(page).toMatchObject({ data: [{ ...USER, id }], has_more: false, first_id: id, last_id: id });
    expect(await first(at.users.list({ limit: 1 }))).toMatchObject(USER);
  },
  'users.remove': async (at) => {
    const { id } = await remit.newMember();
    expect(await at.users.remove(id)).toEqual({ id, type: 'user_deleted' });
    await expect(at.users.retrieve(id)).rejects.toThrow(NotFoundError);
  },
  'users.signOut': async () => {
    const { id } = await remit.newMember();
    expect(await clientWith(ADMIN_KEY).beta.organization.users.signOut(id)).toMatchObject({ ...USER, id });
  },
  'invites.create': async (at) => {
    expect(await newInvite(at)).toMatchObject(INVITE);
  },
  'invites.retrieve': async (at) => {
    const { id, email } = await newInvite(at);
    expect(await at.invites.retrieve(id)).toEqual({ ...INVITE, id, email });
  },
  'invites.list': async (at) => {
    const { id, email } = await newInvite(at);
    const page = await at.invites.list({ email, statuses: ['pending', 'accepted'], roles: ['user'] });
    expect(page.data).toEqual([{ ...INVITE, id, email }]);
  },
  'invites.delete': async (at) => {
    const { id } = await newInvite(at);
    expect(await at.invites.delete(id)).toEqual({ id, type: 'invite_deleted' });
    expect(await at.invites.retrieve(id)).toMatchObject({ status: 'deleted' });
    await expect(at.invites.delete(id)).rejects.toThrow(BadRequestError);
  },
  'workspaces.create': async (at) => {
    expect(await newWorkspace(at)).toMatchObject(WORKSPACE);
    const body = {
      name: unique('EU'),
      tags: { team: 'a' },
      display_color: '#00ff00',
      data_residency: { default_inference_geo: 'us' as const },
    };
    expect(await at.workspaces.create(body)).toMatchObject({
      tags: { team: 'a' },
      display_color: '#00ff00',
      data_residency: { default_inference_geo: 'us' },
    });
  },
  'workspaces.retrieve': async (at) => {
    const { id } = await newWorkspace(at);
    expect(await at.workspaces.retrieve(id)).toMatchObject({ ...WORKSPACE, id });
  },
  'workspaces.update': async (at) => {
    const { id } = await at.workspaces.create({ name: unique('Tagged'), tags: { a: '1', b: '2' } });
    const after = await at.workspaces.update(id, { name: 'Renamed', tags: { a: null, c: '3' } });
    expect(after).toMatchObject({ id, name: 'Renamed', tags: { b: '2', c: '3' } });
  },
  'workspaces.list': async (at) => {
    const { id } = await newWorkspace(at);
    expect((await at.workspaces.list({ ids: [id] })).data).toMatchObject([{ ...WORKSPACE, id }]);
    expect((await at.workspaces.list({ include_default: true, include_archived: true })).data.length).toBeGreaterThan(
      1,
    );
  },
  'workspaces.archive': async (at) => {
    const { id } = await newWorkspace(at);
    expect(await at.workspaces.archive(id)).toMatchObject({ ...WORKSPACE, id, archived_at: TIME });
    await expect(at.workspaces.archive(id)).rejects.toThrow(BadRequestError);
  },
  'workspaces.members.add': async (at) => {
    const { member, user_id, workspace_id } = await newWorkspaceMember(at);
    expect(member).toEqual({ type: 'workspace_member', user_id, workspace_id, workspace_role: 'workspace_user' });
    const again = at.workspaces.members.add(workspace_id, { user_id, workspace_role: 'workspace_user' });
    await expect(again).rejects.toThrow(BadRequestError);
  },
  'workspaces.members.retrieve': async (at) => {
    const { user_id, workspace_id, member } = await newWorkspaceMember(at);
    expect(await at.workspaces.members.retrieve(user_id, { workspace_id })).toEqual(member);
  },
  'workspaces.members.update': async (at) => {
    const { user_id, workspace_id, member } = await newWorkspaceMember(at);
    const role = { workspace_role: 'workspace_billing' } as const;
    expect(await at.workspaces.members.update(user_id, { workspace_id, ...role })).toEqual({ ...member, ...role });
  },
  'workspaces.members.list': async (at) => {
    const { workspace_id, member } = await newWorkspaceMember(at);
    expect((await at.workspaces.members.list(workspace_id)).data).toEqual([member]);
  },
  'workspaces.members.remove': async (at) => {
    const { user_id, workspace_id } = await newWorkspaceMember(at);
    expect(await at.workspaces.members.remove(user_id, { workspace_id })).toEqual({
      type: 'workspace_member_deleted',
      user_id,
      workspace_id,
    });
    await expect(at.workspaces.members.remove(user_id, { workspace_id })).rejects.toThrow(NotFoundError);
  },
  'apiKeys.retrieve': async (at) => {
    const { keyId, id } = await remit.newMember();
    const shown = await at.apiKeys.retrieve(keyId);
    expect(shown).toMatchObject({
      ...KEY,
      id: keyId,
      principal: { type: 'user_actor', user_id: id },
      status: 'active',
    });
    expect(shown).not.toHaveProperty('workspace_id');
  },
  'apiKeys.update': async (at) => {
    const { keyId } = await remit.newMember();
    const after = await at.apiKeys.update(keyId, { name: 'ci', status: 'inactive' });
    expect(after).toMatchObject({ ...KEY, name: 'ci', status: 'inactive' });
    expect(await at.apiKeys.update(keyId, { name: null, status: null })).toEqual(after);
  },
  'apiKeys.list': async (at) => {
    const { id: workspace_id } = await newWorkspace(at);
    const { id: user_id } = await remit.newMember({ role: 'owner' });
    const made = await remit.call(directory.createApiKey, { body: { name: 'in', user_id, workspace_id } });
    expect((await at.apiKeys.list({ workspace_id })).data).toMatchObject([
      { ...KEY, id: made.id, scope: { type: 'workspace', workspace_id } },
    ]);
    expect((await at.apiKeys.list({ status: 'archived', workspace_id })).data).toEqual([]);
  },
  'rbacGroups.create': async (at) => {
    expect(await newGroup(at)).toMatchObject(GROUP);
  },
  'rbacGroups.retrieve': async (at) => {
    const { id } = await newGroup(at);
    const shown = await at.rbacGroups.retrieve(id);
    expect(shown).toMatchObject({ ...GROUP, id });
    expect(shown).not.toHaveProperty('roles');
  },
  'rbacGroups.update': async (at) => {
    const { id } = await newGroup(at);
    const name = unique('Renamed');
    expect(await at.rbacGroups.update(id, { name })).toMatchObject({ ...GROUP, id, name });
    expect(await at.rbacGroups.update(id, { name: null })).toMatchObject({ id, name });
  },
  'rbacGroups.list': async (at) => {
    const [one, two] = [await newGroup(at), await newGroup(at)];
    const listed: string[] = [];
    for await (const { id } of at.rbacGroups.list({ limit: 1 })) listed.push(id);
    expect(listed).toEqual(expect.arrayContaining([one.id, two.id]));
    expect(new Set(listed).size).toBe(listed.length);
  },
  'rbacGroups.delete': async (at) => {
    const { id } = await newGroup(at);
    expect(await at.rbacGroups.delete(id)).toEqual({ id, type: 'rbac_group_deleted' });
  },
  'rbacGroups.members.add': async (at) => {
    const { id } = await newGroup(at);
    const { id: user_id, email } = await remit.newMember();
    const added = await at.rbacGroups.members.add(id, { user_id });
    expect(added).toEqual({ type: 'rbac_group_member', rbac_group_id: id, user_id, email, created_at: TIME });
    await expect(at.rbacGroups.members.add(id, { user_id })).rejects.toThrow(BadRequestError);
  },
  'rbacGroups.members.list': async (at) => {
    const { id } = await newGroup(at);
    const added: string[] = [];
    for (let at3 = 0; at3 < 3; at3++) added.push((await remit.newMember()).id);
    for (const user_id of added) await at.rbacGroups.members.add(id, { user_id });
    const listed: string[] = [];
    for await (const { user_id } of at.rbacGroups.members.list(id, { limit: 2 })) listed.push(user_id);
    expect(listed).toEqual(added);
  },
  'rbacGroups.members.remove': async (at) => {
    const { id: rbac_group_id } = await newGroup(at);
    const { id } = await remit.newMember();
    await at.rbacGroups.members.add(rbac_group_id, { user_id: id });
    const gone = { type: 'rbac_group_member_deleted', rbac_group_id, user_id: id };
    expect(await at.rbacGroups.members.remove(id, { rbac_group_id })).toEqual(gone);
    await expect(at.rbacGroups.members.remove(id, { rbac_group_id })).rejects.toThrow(NotFoundError);
  },
  'rbacRoles.retrieve': async (at) => {
    const id = await newRole();
    const shown = await at.rbacRoles.retrieve(id);
    expect(shown).toEqual({ ...ROLE, id });
  },
  'rbacRoles.list': async (at) => {
    const ids = [await newRole(), await newRole()];
    const listed: string[] = [];
    for await (const { id } of at.rbacRoles.list({ limit: 1 })) listed.push(id);
    expect(listed).toEqual(expect.arrayContaining(ids));
  },
  ...sdkRateCalls(() => remit),
  ...sdkSpendCalls(() => remit),
  'rbacRoles.permissions.list': async (at) => {
    const role_id = await newRole();
    const params = { role_id };
    await remit.call(directory.setRolePermissions, { params, body: { permissions: { identity: 'view' } } });
    const listed: unknown[] = [];
    for await (const row of at.rbacRoles.permissions.list(role_id)) listed.push(row);
    for (const row of listed)
      expect(row).toMatchObject({ type: 'rbac_role_permission', action: ID, resource: { type: ID } });
    expect(listed.length).toBeGreaterThan(0);
  },
};

const served = METHODS.filter(({ endpoint }) => endpoint !== undefined);
const unserved = METHODS.filter(({ endpoint }) => endpoint === undefined);
const plain = ({ name }: AdminMethod): string => name.replace(/^(beta\.)?organization\./, '');

describe('the official client', () => {
  test('is called by this test in every method that is served', () => {
    expect([...new Set(served.map(plain))].sort()).toEqual(Object.keys(CALLS).sort());
    expect(served.length).toBeGreaterThan(60);
  });

  test.each(served.map((method) => [method.name, method] as const))('%s', async (name, method) => {
    const { organization, beta } = clientWith(ADMIN_KEY);
    const at = name.startsWith('beta.') ? (beta.organization as unknown as Organization) : organization;
    await CALLS[plain(method)]?.(at);
  });

  test.each(unserved.map((method) => [method.name, method] as const))(
    '%s is told why it is not served',
    async (name) => {
      const call = adminNamespaces(clientWith(ADMIN_KEY)).find(([own]) => own === name)?.[1];
      const refused = await callAnyhow(call ?? (() => undefined), 'x').catch((error: unknown) => error);
      expect(refused).toBeInstanceOf(NotFoundError);
      expect((refused as APIError).message).toMatch(/not served by (Remit|this version)/);
    },
  );
});

describe('both versions', () => {
  test('show what they should: the older one the old fields beside the new, the newer one only the new', async () => {
    const [older, newer] = [clientWith(ADMIN_KEY, '2023-06-01'), clientWith(ADMIN_KEY, '2026-10-21')];
    const { id } = await newGroup(newer.organization);
    const { id: user_id, keyId } = await remit.newMember();
    await newer.organization.rbacGroups.members.add(id, { user_id });
    const role = await newRole();
    const pairs = [
      [await older.organization.rbacGroups.retrieve(id), await newer.organization.rbacGroups.retrieve(id), 'roles'],
      [
        (await older.organization.rbacGroups.members.list(id)).data[0],
        (await newer.organization.rbacGroups.members.list(id)).data[0],
        'group_id',
      ],
      [await older.organization.rbacRoles.retrieve(role), await newer.organization.rbacRoles.retrieve(role), 'name'],
      [
        await older.organization.apiKeys.retrieve(keyId),
        await newer.organization.apiKeys.retrieve(keyId),
        'workspace_id',
      ],
    ] as const;
    for (const [old, recent, field] of pairs) {
      expect(old).toHaveProperty(field);
      expect(recent).not.toHaveProperty(field);
      expect(old).toMatchObject(recent as object);
    }
  });

  test('are the only ones', async () => {
    await expect(clientWith(ADMIN_KEY, '2030-01-01').organization.users.list()).rejects.toThrow(/anthropic-version/);
  });
});

describe('every answer', () => {
  test('names its request and the organisation', async () => {
    const { response, request_id } = await clientWith(ADMIN_KEY).organization.users.list().withResponse();
    expect(request_id).toMatch(/^req_/);
    const { id } = await clientWith(ADMIN_KEY).organization.retrieve();
    expect(response.headers.get('anthropic-organization-id')).toBe(id);
  });

  test('to a key of the older kind of header is the same', async () => {
    const headers = { 'x-api-key': ADMIN_KEY, 'anthropic-version': '2023-06-01' };
    const response = await fetch(`${remit.url}/v1/organizations/users?limit=1&roles[]=user&roles=managed`, { headers });
    expect(response.status).toBe(200);
  });

  test('that refuses for good is not asked for again', async () => {
    let asked = 0;
    const counting: typeof fetch = (...request) => {
      asked += 1;
      return fetch(...request);
    };
    const client = new Anthropic({ apiKey: ADMIN_KEY, baseURL: remit.url, maxRetries: 5, fetch: counting });
    const { id, name } = await newGroup(client.organization);
    asked = 0;
    await expect(client.organization.rbacGroups.create({ name })).rejects.toMatchObject({ status: 409 });
    expect(asked).toBe(1);
    await client.organization.rbacGroups.delete(id);
  });
});

describe('cursors', () => {
  test('are good for the list and the filters they were given for', async () => {
    const { organization } = clientWith(ADMIN_KEY);
    for (let at = 0; at < 3; at++) await newGroup(organization);
    const { next_page: page } = await organization.rbacGroups.list({ limit: 1 });
    expect(page).toMatch(/^page_/);
    await expect(organization.rbacRoles.list({ page: page ?? '' })).rejects.toThrow(BadRequestError);
    const headers = { 'x-api-key': ADMIN_KEY };
    const filtered = `${remit.url}/v1/organizations/rbac_groups?user_id=user_x&page=${page}`;
    expect((await fetch(filtered, { headers })).status).toBe(400);
  });
});

describe('what keys may do to members', () => {
  test('ends at owners and admins, and gives two roles', async () => {
    const { organization } = clientWith(ADMIN_KEY);
    const owner = await remit.newMember({ role: 'owner' });
    const user = await remit.newMember();
    await expect(organization.users.update(owner.id, { role: 'user' })).rejects.toThrow(BadRequestError);
    await expect(organization.users.remove(owner.id)).rejects.toThrow(BadRequestError);
    await expect(organization.users.update(user.id, { role: 'owner' as never })).rejects.toThrow(BadRequestError);
    await expect(organization.users.update(user.id, { role: 'developer' })).rejects.toThrow(BadRequestError);
    expect(await organization.users.retrieve(owner.id)).toMatchObject({ role: 'owner' });
    expect(await organization.users.retrieve(user.id)).toMatchObject({ role: 'user' });
  });

  test('is what their scopes say, in the words of the client', async () => {
    const { key } = await newAdminKey(remit, ['read:members']);
    const { organization } = clientWith(key);
    const { id } = await remit.newMember();
    expect(await organization.users.retrieve(id)).toMatchObject({ id });
    const refused = organization.users.remove(id);
    await expect(refused).rejects.toThrow(PermissionDeniedError);
    await expect(refused).rejects.toThrow(/read:members.*write:members/);
    expect(await organization.users.retrieve(id)).toMatchObject({ id });
  });

  test('is refused with the codes the client has classes for', async () => {
    const { organization } = clientWith(ADMIN_KEY);
    const { email } = await remit.newMember();
    const refusals = [
      [organization.invites.create({ email, role: 'user' }), 'already_member'],
      [
        newInvite(organization).then((sent) => organization.invites.create({ email: sent.email, role: 'user' })),
        'invite_already_exists',
      ],
    ] as const;
    for (const [refused, errorCode] of refusals)
      await expect(refused).rejects.toMatchObject({ status: 400, errorCode, details: { error_code: errorCode } });
  });
});
