import { onTestFinished } from 'vitest';
import * as access from '../../src/access/contract.ts';
import * as directory from '../../src/directory/contract.ts';
import { DEVICE_CHANGES } from './device-sign-in.ts';
import { DIRECTORY_CHANGES } from './directory-changes.ts';
import { startMcpServer } from './mcp-server.ts';
import { registerServer } from './mcp-stage.ts';
import { NOTICE_CHANGES } from './notice-changes.ts';
import type { Organisation } from './organisation.ts';
import { RATE_CHANGES } from './rate-changes.ts';
import { cookieOf, PASSWORD, SIGN_IN_CHANGES, signInToken, withPassword } from './sign-in-changes.ts';
import { SPEND_CHANGES } from './spend-changes.ts';
import { signedIn, WORKSPACE_CHANGES } from './workspace-changes.ts';

/** What a change is called with. */
export type Change = {
  readonly params?: Readonly<Record<string, string>>;
  readonly body?: unknown;
  /** The key to call with; the admin key when absent. A null sends none. */
  readonly key?: string | null;
  readonly cookie?: string;
};

/** Makes what a change needs and says how to call it so that it does change something. */
export type MakeChange = (organisation: Organisation) => Promise<Change>;

let count = 0;
const name = (what: string): string => {
  count += 1;
  return `${what} ${count}`;
};

const address = (): string => `${name('somebody').replace(' ', '-')}@example.com`;

const newInvite = ({ callNow }: Organisation) =>
  callNow(directory.createInvite, { body: { email: address(), role: 'user' } });

const newGroup = async ({ call }: Organisation) =>
  (await call(directory.createGroup, { body: { name: name('group') } })).id;

const newRole = async ({ call }: Organisation) =>
  (await call(directory.createRole, { body: { display_name: name('role') } })).id;

const newConnectorBody = () => {
  const slug = name('server').replace(' ', '-');
  return { name: slug, slug, url: `https://${slug}.example/mcp`, level: 'always' as const };
};

const newConnector = async ({ call }: Organisation) =>
  (await call(access.createConnector, { body: newConnectorBody() })).id;

/**
 * One call of every endpoint that changes something, by its name. Whoever adds such an endpoint adds a call here; the
 * test that walks them fails until then.
 */
export const CHANGES: Readonly<Record<string, MakeChange>> = {
  ...WORKSPACE_CHANGES,
  'POST /v1/organizations/users': async () => ({ body: { email: address() } }),
  'POST /v1/organizations/users/:user_id': async (at) => ({
    params: { user_id: (await at.newMember()).id },
    body: { role: 'managed' },
  }),
  'DELETE /v1/organizations/users/:user_id': async (at) => ({ params: { user_id: (await at.newMember()).id } }),
  'POST /v1/organizations/member_settings': async () => ({ body: { allowed_email_domains: ['example.com'] } }),
  'POST /v1/organizations/invites': async () => ({ body: { email: address(), role: 'user' } }),
  'POST /v1/organizations/invites/bulk': async () => ({ body: { invites: [{ email: address() }] } }),
  'POST /v1/organizations/invites/:invite_id/resend': async (at) => ({
    params: { invite_id: (await newInvite(at)).id },
  }),
  'DELETE /v1/organizations/invites/:invite_id': async (at) => ({ params: { invite_id: (await newInvite(at)).id } }),
  'POST /v1/session/invite/accept': async (at) => ({
    key: null,
    body: { token: new URL((await newInvite(at)).url).searchParams.get('token'), name: 'Ada' },
  }),
  'POST /v1/organizations/primary_owner': async (at) => {
    const cookie = await signedIn(at, (await at.newMember({ role: 'owner' })).id);
    const { id, email } = await at.newMember();
    return { key: null, cookie, body: { user_id: id, email } };
  },
  'POST /v1/organizations/users/:user_id/suspend': async (at) => ({ params: { user_id: (await at.newMember()).id } }),
  'POST /v1/organizations/users/:user_id/restore': async (at) => {
    const params = { user_id: (await at.newMember()).id };
    await at.call(directory.suspendUser, { params });
    return { params };
  },
  'POST /v1/organizations/users/:user_id/roles': async (at) => ({
    params: { user_id: (await at.newMember()).id },
    body: { role_id: await newRole(at) },
  }),
  'DELETE /v1/organizations/users/:user_id/roles/:role_id': async (at) => {
    const params = { user_id: (await at.newMember()).id, role_id: await newRole(at) };
    await at.call(directory.attachUserRole, { params, body: { role_id: params.role_id } });
    return { params };
  },
  'POST /v1/organizations/users/:user_id/sign_in_link': async (at) => ({
    params: { user_id: (await at.newMember()).id },
  }),
  'POST /v1/organizations/rbac_groups': async () => ({ body: { name: name('group') } }),
  'POST /v1/organizations/rbac_groups/:group_id': async (at) => ({
    params: { group_id: await newGroup(at) },
    body: { name: name('renamed') },
  }),
  'DELETE /v1/organizations/rbac_groups/:group_id': async (at) => ({ params: { group_id: await newGroup(at) } }),
  'POST /v1/organizations/rbac_groups/:group_id/members': async (at) => ({
    params: { group_id: await newGroup(at) },
    body: { user_id: (await at.newMember()).id },
  }),
  'POST /v1/organizations/rbac_groups/:group_id/members/bulk_add': async (at) => ({
    params: { group_id: await newGroup(at) },
    body: { user_ids: [(await at.newMember()).id] },
  }),
  'POST /v1/organizations/rbac_groups/:group_id/members/bulk_remove': async (at) => {
    const [params, user_ids] = [{ group_id: await newGroup(at) }, [(await at.newMember()).id]];
    await at.call(directory.addGroupMembers, { params, body: { user_ids } });
    return { params, body: { user_ids } };
  },
  'DELETE /v1/organizations/rbac_groups/:group_id/members/:user_id': async (at) => {
    const params = { group_id: await newGroup(at), user_id: (await at.newMember()).id };
    await at.call(directory.addGroupMember, { params, body: { user_id: params.user_id } });
    return { params };
  },
  'POST /v1/organizations/rbac_groups/:group_id/roles': async (at) => ({
    params: { group_id: await newGroup(at) },
    body: { role_id: await newRole(at) },
  }),
  'DELETE /v1/organizations/rbac_groups/:group_id/roles/:role_id': async (at) => {
    const params = { group_id: await newGroup(at), role_id: await newRole(at) };
    await at.call(directory.attachGroupRole, { params, body: { role_id: params.role_id } });
    return { params };
  },
  'POST /v1/organizations/rbac_roles': async () => ({ body: { display_name: name('role') } }),
  'POST /v1/organizations/rbac_roles/:role_id': async (at) => ({
    params: { role_id: await newRole(at) },
    body: { display_name: name('renamed') },
  }),
  'POST /v1/organizations/rbac_roles/:role_id/admin_permissions': async (at) => ({
    params: { role_id: await newRole(at) },
    body: { permissions: { identity: 'view' } },
  }),
  'DELETE /v1/organizations/rbac_roles/:role_id': async (at) => ({ params: { role_id: await newRole(at) } }),
  'POST /v1/organizations/api_keys': async (at) => ({
    body: { name: 'laptop', user_id: (await at.newMember()).id },
  }),
  'POST /v1/organizations/api_keys/:api_key_id': async (at) => ({
    params: { api_key_id: (await at.newMember()).keyId },
    body: { status: 'inactive' },
  }),
  'POST /v1/me/api_keys': async (at) => ({ key: (await at.newMember()).key, body: { name: 'mine' } }),
  'DELETE /v1/me/api_keys/:api_key_id': async (at) => {
    const { key, keyId } = await at.newMember();
    return { key, params: { api_key_id: keyId } };
  },
  'POST /v1/organizations/me': async () => ({ body: { name: name('organisation') } }),
  'POST /v1/session': async (at) => ({ key: null, body: { email: await withPassword(at), password: PASSWORD } }),
  'DELETE /v1/session': async (at) => {
    return { key: null, cookie: await cookieOf(at) };
  },
  'POST /v1/session/link/redeem': async (at) => ({
    key: null,
    body: { token: await signInToken(at, (await at.newMember()).id), password: PASSWORD },
  }),
  'POST /v1/organizations/capabilities': async () => ({ body: { capabilities: { claude_design: false } } }),
  'POST /v1/organizations/rbac_roles/:role_id/capabilities': async (at) => ({
    params: { role_id: await newRole(at) },
    body: { access: 'all' },
  }),
  'POST /v1/organizations/rbac_roles/:role_id/connectors': async (at) => ({
    params: { role_id: await newRole(at) },
    body: { all_connectors: 'always' },
  }),
  'POST /v1/organizations/connectors': async () => ({ body: newConnectorBody() }),
  'POST /v1/organizations/connectors/:connector_id': async (at) => ({
    params: { connector_id: await newConnector(at) },
    body: { level: 'ask', tools: [{ name: 'search', level: 'blocked' }] },
  }),
  'DELETE /v1/organizations/connectors/:connector_id': async (at) => ({
    params: { connector_id: await newConnector(at) },
  }),
  'POST /v1/organizations/connectors/:connector_id/server': async (at) => ({
    params: { connector_id: await newConnector(at) },
    body: { credential: { kind: 'bearer', token: 'token-of-the-walk' }, private_addresses: true },
  }),
  'POST /v1/organizations/connectors/:connector_id/refresh_tools': async (at) => {
    const server = await startMcpServer();
    onTestFinished(server.close);
    return { params: { connector_id: (await registerServer(at, server.url)).id } };
  },
  'POST /v1/organizations/connector_settings': async () => ({ body: { unlisted_servers: 'refuse' } }),
  'POST /v1/organizations/model_matrix': async (at) => ({
    body: {
      edits: [{ type: 'role_model', role_id: await newRole(at), model: 'claude-opus-5-5', enabled: false }],
    },
  }),
  'POST /v1/organizations/model_access/:model': async () => ({
    params: { model: 'claude-opus-5-5' },
    body: { max_effort: 'low' },
  }),
  'POST /v1/organizations/model_settings': async () => ({ body: { effort_action: 'observe' } }),
  'POST /v1/organizations/rbac_roles/:role_id/model_access/:model': async (at) => ({
    params: { role_id: await newRole(at), model: 'claude-opus-5-5' },
    body: { enabled: false },
  }),
  'POST /v1/organizations/rbac_roles/:role_id/model_defaults': async (at) => ({
    params: { role_id: await newRole(at) },
    body: { default_model: 'claude-haiku-5-5' },
  }),
  ...DIRECTORY_CHANGES,
  ...DEVICE_CHANGES,
  ...SIGN_IN_CHANGES,
  ...RATE_CHANGES,
  ...SPEND_CHANGES,
  ...NOTICE_CHANGES,
};
