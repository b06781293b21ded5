import type { Page } from 'playwright-core';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { Member } from '../support/organisation.ts';
import { access, directory } from '../support/organisation.ts';
import { dialog, follow, press, seeText, seeTitle } from './support/page.ts';
import { openStage, type Stage, type Visitor } from './support/stage.ts';

// What a role grants beside models: chosen by an administrator, seen by those it is for. The tests build on each other.

const ROLE = 'Careful builders';

let stage: Stage;
let owner: Visitor;
let roleId: string;
let member: Member;

beforeAll(async () => {
  stage = await openStage();
  owner = await stage.visitAsOwner();
  roleId = (await stage.call(directory.createRole, { body: { display_name: ROLE } })).id;
  await stage.call(access.setRoleCapabilities, { params: { role_id: roleId }, body: { access: 'selected' } });
  member = await stage.newMember({ role: 'managed' });
  await stage.call(directory.attachUserRole, { params: { user_id: member.id }, body: { role_id: roleId } });
  const body = { slug: 'github', name: 'GitHub', url: 'https://mcp.github.example/mcp', level: 'ask' as const };
  await stage.call(access.createConnector, { body });
});
afterAll(() => stage.close());

const tab = (page: Page, name: string) => page.getByRole('tab', { name, exact: true }).click();
const flip = (page: Page, name: string) => page.getByRole('switch', { name, exact: true }).click({ force: true });
const isOn = (page: Page, name: string) => page.getByRole('switch', { name, exact: true }).isChecked();
const ask = (body: object) => stage.ask(member.key, body as Record<string, unknown>);
const SEARCH = { tools: [{ type: 'web_search_20250305', name: 'web_search' }] };

test('a role that was narrowed to Chat has it alone, and is told as having it', async () => {
  const { page } = owner;
  await owner.go('/roles');
  await page.getByRole('link', { name: ROLE }).click();
  await seeTitle(page, ROLE);
  await page.getByRole('switch', { name: 'Chat', exact: true }).waitFor({ state: 'attached' });
  expect([await isOn(page, 'Chat'), await isOn(page, 'Web search')]).toEqual([true, false]);
});

test('what is chosen is marked, asked about before it is lost, and in force once it is saved', async () => {
  const { page } = owner;
  expect((await ask(SEARCH)).status).toBe(403);
  await flip(page, 'Web search');
  await seeText(page, '1 unsaved change');
  await page.getByRole('link', { name: 'Groups', exact: true }).click();
  await press(dialog(page, 'Leave without saving?'), 'Stay here');
  await tab(page, 'Permissions');
  await tab(page, 'Capabilities');
  await press(page, 'Save');
  await seeText(page, 'Saved. New requests follow the new rules at once.');
  expect((await ask(SEARCH)).status).toBe(200);
});

test('two administrators do not overwrite each other', async () => {
  const { page } = owner;
  await flip(page, 'Memory');
  await stage.call(access.setRoleCapabilities, {
    params: { role_id: roleId },
    body: { capabilities: { bash: true } },
  });
  await press(page, 'Save');
  await seeText(page, 'Somebody else saved meanwhile, so nothing of yours was.');
  await press(page, 'Load and keep my changes');
  await expect.poll(() => isOn(page, 'Bash tool of the API')).toBe(true);
  expect(await isOn(page, 'Memory')).toBe(true);
  await press(page, 'Save');
  await expect
    .poll(async () => {
      const { capabilities } = await stage.call(access.getRoleCapabilities, { params: { role_id: roleId } });
      return capabilities.filter(({ selected }) => selected).map(({ id }) => id);
    })
    .toEqual(['chat', 'web_search', 'bash', 'memory']);
});

test('a level in an area of administration, and levels of connectors and tools', async () => {
  const { page } = owner;
  await tab(page, 'Permissions');
  await page.getByRole('combobox', { name: 'Analytics' }).selectOption('Can view');
  await page.getByRole('button', { name: 'Save', exact: true }).filter({ visible: true }).click();
  await expect
    .poll(async () => (await stage.call(directory.getRolePermissions, { params: { role_id: roleId } })).permissions)
    .toMatchObject({ analytics: 'view', identity: 'none' });
  await tab(page, 'Connectors');
  await seeText(page, 'The organisation’s word: Needs approval.');
  await page.getByRole('combobox', { name: 'Tools of GitHub' }).selectOption('Always allow');
  await press(page, 'Single tools');
  await page.getByLabel('A tool of GitHub by its name').fill('delete_repository');
  await press(page, 'Set a level for it');
  await seeText(page, '2 unsaved changes');
  await page.getByRole('button', { name: 'Save', exact: true }).filter({ visible: true }).click();
  await expect
    .poll(() => stage.call(access.getRoleConnectors, { params: { role_id: roleId } }))
    .toMatchObject({
      all_connectors: 'custom',
      connectors: [{ level: 'always', tools: [{ name: 'delete_repository', level: 'blocked' }] }],
    });
});

test('the member’s page says which role grants each line, and what stops it', async () => {
  const { page } = owner;
  await owner.go(`/members/${member.id}`);
  await tab(page, 'Capabilities');
  const row = (table: string, text: string) =>
    page.getByRole('table', { name: table }).getByRole('row').filter({ hasText: text }).first();
  await row('Capabilities', 'Web search').getByRole('link', { name: ROLE }).waitFor();
  await seeText(row('Capabilities', 'Code execution'), 'No role grants it.');
  await tab(page, 'Permissions');
  await seeText(row('Permissions', 'Analytics'), 'Can view');
  await tab(page, 'Connectors');
  await seeText(row('Connectors', 'delete_repository'), 'Blocked');
  await seeText(row('Connectors', 'GitHub'), 'Needs approval');
});

test('what an owner switches off for everybody is locked in the role, with the reason', async () => {
  const { page } = owner;
  await follow(page, 'Roles');
  await tab(page, 'Organisation’s capabilities');
  await flip(page, 'Web search');
  await press(page, 'Save');
  await seeText(page, 'Saved. New requests follow the new rules at once.');
  expect((await ask(SEARCH)).status).toBe(403);
  await owner.go(`/roles/${roleId}`);
  await seeText(page, 'Switched off for the organisation: the role’s own word waits without effect.');
});

test('members see on their own page what they may use', async () => {
  const { url } = await stage.callNow(directory.createSignInLink, { params: { user_id: member.id } });
  const visitor = await stage.visit();
  const token = new URL(url).searchParams.get('token');
  const password = 'the password of a member';
  const reply = await visitor.context.request.post(`${stage.url}/v1/session/link/redeem`, {
    data: { token, password },
    headers: { origin: stage.url },
  });
  expect(reply.ok()).toBe(true);
  await visitor.go('/me/capabilities');
  const search = visitor.page.getByRole('row').filter({ hasText: 'Web search' });
  await seeText(search, 'Off for the whole organisation.');
  await visitor.go('/requests');
  await seeTitle(visitor.page, 'Requests');
});
