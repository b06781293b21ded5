import { afterAll, beforeAll, expect, test } from 'vitest';
import { errorOf } from '../support/http.ts';
import { directory } from '../support/organisation.ts';
import { dialog, follow, pick, press, seeText } from './support/page.ts';
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
