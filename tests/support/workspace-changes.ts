import * as directory from '../../src/directory/contract.ts';
import type { MakeChange } from './changes.ts';
import type { Organisation } from './organisation.ts';
import { PASSWORD, signInToken } from './sign-in-changes.ts';

let count = 0;
const newName = (): string => {
  count += 1;
  return `workspace ${count}`;
};

/** The cookie of a member who has just signed in. */
export const signedIn = async (organisation: Organisation, userId: string): Promise<string> => {
  const body = JSON.stringify({ token: await signInToken(organisation, userId), password: PASSWORD });
  const response = await fetch(`${organisation.url}/v1/session/link/redeem`, { method: 'POST', body });
  return response.headers.getSetCookie()[0]?.split(';')[0] ?? '';
};

/** An admin key with scopes, made by an owner who is signed in. */
export const newAdminKey = async (at: Organisation, scopes: readonly string[] | null) => {
  const cookie = await signedIn(at, (await at.newMember({ role: 'owner' })).id);
  const response = await fetch(`${at.url}/v1/organizations/admin_keys`, {
    method: 'POST',
    headers: { cookie, origin: at.url, 'remit-console': 'active', 'content-type': 'application/json' },
    body: JSON.stringify({ name: 'sync', scopes }),
  });
  if (!response.ok) throw new Error(await response.text());
  return (await response.json()) as { readonly id: string; readonly key: string };
};

const newWorkspace = async ({ call }: Organisation) =>
  (await call(directory.createWorkspace, { body: { name: newName() } })).id;

const newWorkspaceMember = async (at: Organisation) => {
  const params = { workspace_id: await newWorkspace(at), user_id: (await at.newMember()).id };
  const body = { user_id: params.user_id, workspace_role: 'workspace_user' as const };
  await at.call(directory.addWorkspaceMember, { params, body });
  return params;
};

/** Calls of the endpoints of workspaces and admin keys. */
export const WORKSPACE_CHANGES: Readonly<Record<string, MakeChange>> = {
  'POST /v1/organizations/admin_keys': async (at) => ({
    key: null,
    cookie: await signedIn(at, (await at.newMember({ role: 'owner' })).id),
    body: { name: 'directory sync', scopes: ['read:members'] },
  }),
  'DELETE /v1/organizations/admin_keys/:api_key_id': async (at) => ({
    params: { api_key_id: (await newAdminKey(at, ['read:members'])).id },
  }),
  'POST /v1/organizations/workspaces': async () => ({ body: { name: newName() } }),
  'POST /v1/organizations/workspaces/:workspace_id': async (at) => ({
    params: { workspace_id: await newWorkspace(at) },
    body: { name: newName() },
  }),
  'POST /v1/organizations/workspaces/:workspace_id/archive': async (at) => ({
    params: { workspace_id: await newWorkspace(at) },
  }),
  'POST /v1/organizations/workspaces/:workspace_id/members': async (at) => ({
    params: { workspace_id: await newWorkspace(at) },
    body: { user_id: (await at.newMember()).id, workspace_role: 'workspace_user' },
  }),
  'POST /v1/organizations/workspaces/:workspace_id/members/:user_id': async (at) => ({
    params: await newWorkspaceMember(at),
    body: { workspace_role: 'workspace_admin' },
  }),
  'DELETE /v1/organizations/workspaces/:workspace_id/members/:user_id': async (at) => ({
    params: await newWorkspaceMember(at),
  }),
};
