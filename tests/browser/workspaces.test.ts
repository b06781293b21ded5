import type { Page } from 'playwright-core';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { directory, type Member } from '../support/organisation.ts';
import { seriousFaults } from './support/axe.ts';
import { dialog, follow, pick, press, seeText, seeTitle, tabTo } from './support/page.ts';
import { openStage, type Stage, type Visitor } from './support/stage.ts';

// A workspace from its beginning to its end, with members and keys. The tests build on each other.

let stage: Stage;
let owner: Visitor;
let member: Member;

beforeAll(async () => {
  stage = await openStage();
  owner = await stage.visitAsOwner();
  member = await stage.newMember();
  await owner.go('/models');
});

afterAll(() => stage.close());

const rename = async (page: Page, name: string): Promise<void> => {
  await press(page, 'Rename');
  const form = dialog(page, 'Rename the workspace');
  await form.getByLabel('Name').fill(name);
  await page.keyboard.press('Enter');
};

test('a workspace is created and renamed with the keyboard alone', async () => {
  const { page } = owner;
  await follow(page, 'Workspaces');
  await seeText(page, 'No workspaces');
  expect(await seriousFaults(page)).toEqual([]);
  await tabTo(page, page.getByRole('button', { name: 'Create workspace' }).first());
  await page.keyboard.press('Enter');
  await dialog(page, 'Create a workspace').getByLabel('Name').fill('Reserch');
  await page.keyboard.press('Enter');
  await seeTitle(page, 'Reserch');
  await rename(page, 'Claude Code');
  await seeText(dialog(page, 'Rename the workspace'), 'is kept for keys that signing in to Claude Code makes');
  expect(await seriousFaults(page)).toEqual([]);
  await page.keyboard.press('Escape');
  await rename(page, 'Research');
  await seeTitle(page, 'Research');
});

test('somebody is put into it, and their role changed', async () => {
  const { page } = owner;
  const section = page.getByRole('region', { name: 'Members' });
  await seeText(section, 'Nobody was put into this workspace yet.');
  await section.getByRole('combobox', { name: 'Member to add', exact: true }).fill(member.email);
  await page.getByRole('option', { name: member.email }).click();
  await section.getByLabel('Role of the member to add').selectOption('Developer');
  await press(section, 'Add');
  await section.getByRole('link', { name: 'A member' }).waitFor();
  const role = section.getByLabel('Role of A member in this workspace');
  expect(await role.inputValue()).toBe('workspace_developer');
  await role.selectOption('Admin');
  await seeText(page, 'A member is Admin in this workspace now.');
  expect(await seriousFaults(page)).toEqual([]);
});

test('a key is made in it, shows it, and leads to it', async () => {
  const { page } = owner;
  await press(page.getByRole('region', { name: 'Keys' }), 'Create key');
  const form = dialog(page, 'Create a key in Research');
  await pick(page, 'Member', member.email);
  await form.getByLabel('Name').fill('paper');
  await press(form, 'Create key');
  const key = await form.getByLabel('Key', { exact: true }).inputValue();
  await press(form, 'Done');
  await page.getByRole('row').filter({ hasText: 'paper' }).waitFor();
  expect((await stage.ask(key, {})).status).toBe(200);
  await follow(page, 'Keys');
  await page.getByLabel('Workspace').selectOption('Research');
  await expect.poll(() => page.getByRole('row').count()).toBe(2);
  expect(await seriousFaults(page)).toEqual([]);
  await page.getByRole('row').filter({ hasText: 'paper' }).getByRole('link', { name: 'Research' }).click();
  await seeTitle(page, 'Research');
});

test('whoever is not in it gets no key in it, and reads why', async () => {
  const { page } = owner;
  const other = await stage.newMember();
  await owner.go('/keys');
  await page.getByRole('button', { name: 'Create key' }).first().click();
  const form = dialog(page, 'Create a key');
  await pick(page, 'Member', other.email);
  await form.getByLabel('Workspace').selectOption('Research');
  await form.getByLabel('Name').fill('paper');
  await press(form, 'Create key');
  await seeText(form, `${other.email} is not in the workspace Research. Add them first.`);
  expect(await seriousFaults(page)).toEqual([]);
  await page.keyboard.press('Escape');
});

test('whoever is taken out loses the keys they had in it, after that was said', async () => {
  const { page } = owner;
  await follow(page, 'Workspaces');
  await page.getByRole('link', { name: 'Research' }).click();
  await press(page, 'Remove A member from the workspace');
  const question = dialog(page, 'Take A member out of the workspace?');
  await seeText(question, 'revoked for good');
  await press(question, 'Take them out');
  await seeText(page, 'Nobody was put into this workspace yet.');
  await page.getByRole('row').filter({ hasText: 'paper' }).filter({ hasText: 'Revoked' }).waitFor();
});

test('it is archived, keeps its page, and is listed when asked for', async () => {
  const { page } = owner;
  await press(page, 'Archive');
  await seeText(dialog(page, 'Archive Research?'), 'Every key of this workspace is revoked');
  await press(dialog(page, 'Archive Research?'), 'Archive for good');
  await seeText(page, 'its keys have ended');
  expect(await page.getByRole('button', { name: 'Rename' }).isDisabled()).toBe(true);
  expect(await seriousFaults(page)).toEqual([]);
  await page.getByRole('main').getByRole('link', { name: 'Workspaces' }).click();
  await seeText(page, 'No workspaces');
  await page.getByLabel('Show archived').check({ force: true });
  await page.getByRole('row').filter({ hasText: 'Research' }).filter({ hasText: 'Archived' }).waitFor();
  expect(await seriousFaults(page)).toEqual([]);
});

test('an admin sees workspaces and is told why they may not change them', async () => {
  const admin = await stage.newMember({ role: 'membership_admin' });
  const { url } = await stage.callNow(directory.createSignInLink, { params: { user_id: admin.id } });
  const visitor = await stage.visit();
  const token = new URL(url).searchParams.get('token');
  const reply = await visitor.context.request.post(`${stage.url}/v1/session/link/redeem`, {
    data: { token, password: 'a long enough password' },
    headers: { origin: stage.url },
  });
  expect(reply.ok()).toBe(true);
  await visitor.go('/workspaces');
  const create = visitor.page.getByRole('button', { name: 'Create workspace' }).first();
  expect(await create.isDisabled()).toBe(true);
  await seeTitle(visitor.page, 'Workspaces');
  expect(await seriousFaults(visitor.page)).toEqual([]);
});
