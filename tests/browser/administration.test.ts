import { afterAll, beforeAll, expect, test } from 'vitest';
import { seriousFaults } from './support/axe.ts';
import { dialog, follow, pick, press, seeText, seeTitle } from './support/page.ts';
import { openStage, type Stage, type Visitor } from './support/stage.ts';

// Groups of many, and keys of programs. The tests build on each other.

let stage: Stage;
let owner: Visitor;

beforeAll(async () => {
  stage = await openStage();
  owner = await stage.visitAsOwner();
  for (let at = 0; at < 60; at++) await stage.newMember();
  await owner.go('/models');
});

afterAll(() => stage.close());

test('a group takes one member, then everybody, after saying what that means', async () => {
  const { page } = owner;
  await follow(page, 'Groups');
  await page.getByRole('button', { name: 'Create group' }).first().click();
  await dialog(page, 'Create a group').getByLabel('Name').fill('Everybody');
  await press(dialog(page, 'Create a group'), 'Create group');
  await seeTitle(page, 'Everybody');
  await pick(page, 'Member to add', 'Olga Owner');
  await press(page, 'Add');
  await page.getByRole('button', { name: /^Remove olga@/ }).waitFor();
  await press(page, 'Add all members');
  const question = dialog(page, 'Add all members to Everybody?');
  await seeText(question, 'suspended members too');
  await press(question, 'Add all members');
  await seeText(page, '60 members added.');
  await press(page, 'Next');
  await seeText(page, 'Page 2');
  expect(await seriousFaults(page)).toEqual([]);
});

test('an admin key is made for scopes, works for them, and is revoked', async () => {
  const { page } = owner;
  await follow(page, 'Keys');
  await page.getByRole('tab', { name: 'Admin keys' }).click();
  await press(page, 'Create admin key');
  const form = dialog(page, 'Create an admin key');
  await form.getByRole('textbox', { name: 'Name' }).fill('directory reader');
  await press(form, 'Create key');
  await seeText(form, 'Choose above what the key is for.');
  await form.getByLabel('read:members').check();
  expect(await seriousFaults(page)).toEqual([]);
  await press(form, 'Create key');
  const key = await form.getByLabel('Key', { exact: true }).inputValue();
  await press(form, 'Done');
  const ask = async (path: string) =>
    (await fetch(`${stage.url}/v1/organizations/${path}`, { headers: { 'x-api-key': key } })).status;
  expect([await ask('users'), await ask('rbac_groups')]).toEqual([200, 403]);
  await press(page, 'Revoke directory reader');
  await press(dialog(page, 'Revoke directory reader?'), 'Revoke for good');
  await seeText(page, 'directory reader is revoked.');
  expect(await ask('users')).toBe(401);
});
