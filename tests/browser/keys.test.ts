import { afterAll, beforeAll, expect, test } from 'vitest';
import { errorOf } from '../support/http.ts';
import { directory } from '../support/organisation.ts';
import { seriousFaults } from './support/axe.ts';
import { dialog, follow, pick, press, seeText, tabTo } from './support/page.ts';
import { openStage, type Stage, type Visitor } from './support/stage.ts';

// The life of a key, from its one showing to the refusal of whoever still uses it.

let stage: Stage;
let owner: Visitor;

beforeAll(async () => {
  stage = await openStage();
  owner = await stage.visitAsOwner();
  await owner.go('/models');
});

afterAll(() => stage.close());

/** Creates a key in the dialog that is open and answers its secret, having seen that it is shown only there. */
const createNamed = async (name: string): Promise<string> => {
  const { page } = owner;
  const form = dialog(page, /^Create a/);
  await form.getByLabel('Name').fill(name);
  await press(form, 'Create key');
  await seeText(form, 'it cannot be shown again');
  const secret = await form.getByLabel('Key', { exact: true }).inputValue();
  await seeText(form, `export ANTHROPIC_AUTH_TOKEN=${secret}`);
  await press(form, 'Done');
  await page.getByRole('row').filter({ hasText: name }).waitFor();
  expect(await page.content()).not.toContain(secret);
  return secret;
};

const actOn = async (name: string, action: string): Promise<void> => {
  const { page } = owner;
  await press(page, `Actions for the key ${name}`);
  await page.getByRole('menuitem', { name: action }).click();
};

test('a personal key is shown once, works, and is refused as soon as it is revoked', async () => {
  const { page } = owner;
  await follow(page, 'Keys');
  await page.getByRole('button', { name: 'Create key' }).first().click();
  await pick(page, 'Member', 'Olga Owner');
  const key = await createNamed('old laptop');
  expect((await stage.ask(key, {})).status).toBe(200);
  await actOn('old laptop', 'Revoke for good');
  const question = dialog(page, 'Revoke “old laptop”?');
  await seeText(question, 'answers that are still streaming end');
  await press(question, 'Revoke the key');
  await seeText(page, 'The key “old laptop” is now revoked.');
  const refused = await stage.ask(key, {});
  expect(refused.status).toBe(401);
  expect(errorOf(refused).type).toBe('authentication_error');
});

test('a key that is switched off is refused and works again once it is switched on', async () => {
  const { page } = owner;
  await page.getByRole('button', { name: 'Create key' }).first().click();
  await pick(page, 'Member', 'Olga Owner');
  const key = await createNamed('desktop');
  await actOn('desktop', 'Switch off');
  await seeText(page, 'The key “desktop” is now switched off.');
  expect((await stage.ask(key, {})).status).toBe(401);
  await page.getByRole('combobox', { name: 'Status' }).selectOption('Any status');
  await actOn('desktop', 'Switch on');
  await seeText(page, 'The key “desktop” is now active.');
  expect((await stage.ask(key, {})).status).toBe(200);
});

test('a service key belongs to a group, and gets nothing but the free models without a role', async () => {
  const { page } = owner;
  await stage.call(directory.createGroup, { body: { name: 'Nightly builds' } });
  await owner.go('/keys');
  await page.getByRole('button', { name: 'Create key' }).first().click();
  await page.getByText('Service', { exact: true }).click();
  await pick(page, 'Group', 'Nightly builds');
  const key = await createNamed('ci');
  const row = page.getByRole('row').filter({ hasText: 'ci' }).filter({ hasText: 'service key' });
  await row.getByRole('link', { name: 'Nightly builds' }).waitFor();
  expect((await stage.ask(key, {})).headers['remit-decision']).toBe('deny');
  expect((await stage.ask(key, { model: 'claude-haiku-4-5' })).headers['remit-decision']).toBe('allow');
});

test('however many keys there are, a page of them is read, and the server searches', async () => {
  const { page } = owner;
  const [group] = (await stage.call(directory.listGroups)).data;
  for (let at = 0; at < 60; at++)
    await stage.callNow(directory.createApiKey, { body: { name: `runner ${at}`, rbac_group_id: group?.id ?? '' } });
  const read: string[] = [];
  page.on('request', (request) => void (request.url().includes('/v1/') && read.push(request.url())));
  await owner.go('/keys');
  await page.getByRole('row').filter({ hasText: 'runner 59' }).waitFor();
  expect(await page.getByRole('row').count()).toBe(51);
  await tabTo(page, page.getByRole('button', { name: 'Next' }));
  await page.keyboard.press('Enter');
  await seeText(page, 'Page 2');
  await page.getByRole('row').filter({ hasText: 'runner 0' }).waitFor();
  await page.getByLabel('Search keys').fill('RUNNER 41');
  await expect.poll(() => page.getByRole('row').count()).toBe(2);
  await page.getByRole('row').filter({ hasText: 'runner 41' }).filter({ hasText: 'Nightly builds' }).waitFor();
  await page.getByRole('button', { name: 'Create key' }).first().click();
  await pick(page, 'Member', 'Olga Owner');
  expect(await seriousFaults(page)).toEqual([]);
  // Workspaces are few, and offered whole; keys, members and groups are not.
  expect(read.filter((url) => url.includes('limit=1000') && !url.includes('/workspaces?'))).toEqual([]);
  await page.keyboard.press('Escape');
  await page.getByLabel('Search keys').fill('no such key');
  await seeText(page, 'No key matches');
});
