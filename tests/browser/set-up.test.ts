import { afterAll, beforeAll, expect, test } from 'vitest';
import { dialog, follow, press, seeText, seeTitle } from './support/page.ts';
import { ORGANISATION, OWNER, openStage, type Stage, type Visitor } from './support/stage.ts';

// A fresh installation, from the printed link to the first sign-in. The tests build on each other.

let stage: Stage;
let owner: Visitor;

beforeAll(async () => {
  stage = await openStage();
  owner = await stage.visit();
});

afterAll(() => stage.close());

test('before there is an owner, the sign-in page says where the link is', async () => {
  await owner.go('/');
  await seeTitle(owner.page, 'Sign in');
  await seeText(owner.page, 'Nobody has set up Remit yet');
});

test('passwords that differ or are short are explained, and the link stays good', async () => {
  const { page } = owner;
  await page.goto(stage.setUpUrl);
  await seeTitle(page, 'Set up Remit');
  await page.getByLabel('Your name').fill(OWNER.name);
  await page.getByLabel('E-mail address').fill(OWNER.email);
  await page.getByLabel('Organisation').fill(ORGANISATION);
  await page.getByLabel('Password', { exact: true }).fill('short');
  await page.getByLabel('Password again', { exact: true }).fill('other');
  await press(page, 'Create the owner');
  await seeText(page, 'A password has at least 12 characters.');
  await seeText(page, 'The two passwords differ.');
});

test('the link creates the owner, who lands on Models', async () => {
  const { page } = owner;
  await page.getByLabel('Password', { exact: true }).fill(OWNER.password);
  await page.getByLabel('Password again', { exact: true }).fill(OWNER.password);
  await press(page, 'Create the owner');
  await seeTitle(page, 'Models');
  await seeText(page, ORGANISATION);
  await page.getByRole('rowheader', { name: /^Claude Opus 5\.5/ }).waitFor();
});

test('the used link says that it is used, and leads to the sign-in page', async () => {
  const { page } = await stage.visit();
  await page.goto(stage.setUpUrl);
  await seeTitle(page, 'This link does not work any more');
  await seeText(page, 'Each link works once.');
  await page.getByRole('link', { name: 'Go to sign-in' }).click();
  await seeTitle(page, 'Sign in');
  await seeText(page, `to ${ORGANISATION}`);
});

test('simulated answers are announced on every page', async () => {
  const { page } = owner;
  for (const name of ['Models', 'Requests', 'My access']) {
    await follow(page, name);
    await page.getByRole('note', { name: 'Simulated answers' }).waitFor();
  }
});

test('a wrong password is refused in words; the right one leads back to the page that was wanted', async () => {
  const { page, go } = await stage.visit();
  await go('/keys');
  await seeTitle(page, 'Sign in');
  await page.getByLabel('E-mail address').fill(OWNER.email);
  await press(page, 'Continue');
  await page.getByLabel('Password', { exact: true }).fill('not the password');
  await press(page, 'Sign in');
  await page.getByRole('alert').waitFor();
  await page.getByLabel('Password', { exact: true }).fill(OWNER.password);
  await press(page, 'Sign in');
  await seeTitle(page, 'Keys');
});

test('a session that ended elsewhere leads to the sign-in page and back to the same place', async () => {
  const { page, context } = await stage.visitAs({ email: OWNER.email, password: OWNER.password });
  await page.goto(`${stage.url}/groups`);
  await seeTitle(page, 'Groups');
  await context.clearCookies();
  await page.getByRole('button', { name: 'Create group' }).first().click();
  const form = dialog(page, 'Create a group');
  await form.getByLabel('Name').fill('Too late');
  await press(form, 'Create group');
  await seeTitle(page, 'Sign in');
  expect(new URL(page.url()).searchParams.get('next')).toBe('/groups');
  await page.getByLabel('E-mail address').fill(OWNER.email);
  await press(page, 'Continue');
  await page.getByLabel('Password', { exact: true }).fill(OWNER.password);
  await press(page, 'Sign in');
  await seeTitle(page, 'Groups');
});

test('signing out ends the session', async () => {
  const { page, go } = await stage.visitAs({ email: OWNER.email, password: OWNER.password });
  await go('/models');
  await page.getByRole('button', { name: /Account menu/ }).click();
  await page.getByRole('menuitem', { name: 'Sign out' }).click();
  await seeTitle(page, 'Sign in');
  await go('/models');
  await seeTitle(page, 'Sign in');
});
