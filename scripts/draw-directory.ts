import type { Page } from 'playwright-core';

// The pictures of the directory's pages. What the demonstration has none of is made first: a directory that an identity
// provider pushes into, a provider to sign in through, a workspace.

const DOMAIN = 'northwind-robotics.example';

/** What drawing needs: the page of an owner, and how a page is opened and taken. */
export type Drawing = {
  readonly page: Page;
  readonly url: string;
  readonly open: (path: string) => Promise<void>;
  readonly take: (name: string) => Promise<void>;
};

type Answer = Readonly<Record<string, unknown>>;

/** Sends what the console would send for the owner; answers the reply's body. */
const post = async ({ page, url }: Drawing, path: string, data: object): Promise<Answer> => {
  const reply = await page
    .context()
    .request.post(`${url}/v1/organizations/${path}`, { data, headers: { origin: url, 'remit-console': 'active' } });
  if (!reply.ok()) throw new Error(`${path}: ${await reply.text()}`);
  return (await reply.json()) as Answer;
};

const list = async ({ page, url }: Drawing, path: string): Promise<readonly Answer[]> => {
  const reply = await page.context().request.get(`${url}/v1/organizations/${path}`);
  return ((await reply.json()) as { readonly data: readonly Answer[] }).data;
};

const drawPeople = async ({ page, open, take }: Drawing): Promise<void> => {
  await open('/members');
  await take('members');
  await open('/groups');
  await page.getByRole('table', { name: 'Groups' }).getByRole('link').nth(2).click();
  await page.getByRole('region', { name: 'Service keys', exact: true }).waitFor();
  await take('group');
  await open('/roles');
  await page.getByRole('table').getByRole('link').first().click();
  await page.getByRole('tab', { name: 'Capabilities' }).waitFor();
  await take('role');
};

const drawWorkspace = async (drawing: Drawing): Promise<void> => {
  const { id } = await post(drawing, 'workspaces', { name: 'Payments rewrite' });
  const people = (await list(drawing, 'users?limit=3&roles=managed')).map((user) => user.id);
  for (const [at, user_id] of people.entries()) {
    const workspace_role = at === 0 ? 'workspace_admin' : 'workspace_developer';
    await post(drawing, `workspaces/${id}/members`, { user_id, workspace_role });
    await post(drawing, 'api_keys', { name: ['laptop', 'load tests', 'desktop'][at], user_id, workspace_id: id });
  }
  await drawing.open(`/workspaces/${id}`);
  await drawing.take('workspace');
};

const PUSHED = ['Anneke de Wit', 'Bilal Aziz', 'Chiara Conti', 'Dmitri Volkov', 'Esi Mensah', 'Farid Haddad'];

const pushPeople = async (url: string, token: string): Promise<void> => {
  const push = async (path: string, body: object): Promise<Answer> => {
    const headers = { authorization: `Bearer ${token}`, 'content-type': 'application/scim+json' };
    const reply = await fetch(`${url}/scim/v2/${path}`, { method: 'POST', headers, body: JSON.stringify(body) });
    return (await reply.json()) as Answer;
  };
  const members: Answer[] = [];
  for (const displayName of PUSHED) {
    const userName = `${displayName.toLowerCase().replaceAll(' ', '.')}@${DOMAIN}`;
    const schemas = ['urn:ietf:params:scim:schemas:core:2.0:User'];
    members.push(await push('Users', { schemas, userName, displayName, active: true }));
  }
  const schemas = ['urn:ietf:params:scim:schemas:core:2.0:Group'];
  for (const [at, displayName] of ['Field engineering', 'Partners'].entries())
    await push('Groups', {
      schemas,
      displayName,
      members: members.slice(at * 3, at * 3 + 3).map(({ id }) => ({ value: id })),
    });
};

const drawIdentity = async (drawing: Drawing): Promise<void> => {
  const { page, url, open, take } = drawing;
  const directory = { name: 'Okta', mode: 'preview', authoritative_domains: [DOMAIN] };
  const { id, token } = await post(drawing, 'directories', directory);
  await pushPeople(url, String(token));
  const [field] = await list(drawing, 'rbac_groups?search=Field');
  const meaning = { rbac_group_id: field?.id, kind: 'organization_role', value: 'managed' };
  await post(drawing, `directories/${id}/mappings`, meaning);
  await open(`/identity/directories/${id}`);
  await take('directory');
  await post(drawing, 'identity_providers', {
    name: 'Okta',
    issuer: `https://sign-in.${DOMAIN}`,
    client_id: '0oa1remit',
    domains: [{ domain: DOMAIN }],
  });
  await open('/identity');
  await page.getByRole('link', { name: 'Okta' }).first().waitFor();
  await take('identity');
};

/** Draws members, a group, a role, a workspace, a directory and the Identity page. */
export const drawDirectory = async (drawing: Drawing): Promise<void> => {
  await drawPeople(drawing);
  await drawWorkspace(drawing);
  await drawIdentity(drawing);
};
