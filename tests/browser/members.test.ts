import { afterAll, beforeAll, expect, test } from 'vitest';
import { seriousFaults } from './support/axe.ts';
import { dialog, follow, press, seeText, seeTitle, tabTo } from './support/page.ts';
import { OWNER, openStage, type Stage, type Visitor } from './support/stage.ts';

// People come by invites, lose and regain access, and one of them becomes the primary owner. The tests build on each other.

const EMAIL = 'nora@example.com';
const PASSWORD = 'the password of Nora';

let stage: Stage;
let owner: Visitor;
let nora: Visitor;

beforeAll(async () => {
  stage = await openStage();
  owner = await stage.visitAsOwner();
  await owner.go('/models');
});

afterAll(() => stage.close());

test('several people are invited at once; a bad address keeps no other back', async () => {
  const { page } = owner;
  await follow(page, 'Members');
  await press(page, 'Invite people');
  const form = dialog(page, 'Invite people');
  await form.getByLabel('E-mail addresses').fill(`${EMAIL}, nonsense\n${OWNER.email}\nlate@example.com`);
  await press(form, 'Invite 4 people');
  await seeText(form, '2 addresses not invited');
  await seeText(form, '2 people invited');
  expect(await seriousFaults(page)).toEqual([]);
  const link = await form.getByLabel(EMAIL, { exact: true }).inputValue();
  nora = await stage.visit();
  await nora.page.goto(link);
  await press(form, 'Done');
});

test('whoever has the link becomes a member with a password, once', async () => {
  const { page } = nora;
  const link = page.url();
  await seeTitle(page, 'Join Harbour & Sons');
  await seeText(page, `You are invited as ${EMAIL}`);
  expect(await seriousFaults(page)).toEqual([]);
  await page.getByLabel('Your name').fill('Nora New');
  await page.getByLabel('Password', { exact: true }).fill(PASSWORD);
  await page.getByLabel('Password again', { exact: true }).fill(PASSWORD);
  await press(page, 'Join and sign in');
  await seeTitle(page, 'My access');
  const other = await stage.visit();
  await other.page.goto(link);
  await seeTitle(other.page, 'This invite does not work any more');
});

test('invites that are open are listed, renewed and withdrawn', async () => {
  const { page } = owner;
  await page.getByRole('tab', { name: 'Invites' }).click();
  await page.getByRole('cell', { name: 'late@example.com', exact: true }).waitFor();
  await press(page, 'New link for late@example.com');
  const shown = dialog(page, 'New link');
  expect(await shown.getByLabel('late@example.com', { exact: true }).inputValue()).toContain('/invite?token=');
  await page.keyboard.press('Escape');
  await press(page, 'Withdraw the invite of late@example.com');
  await press(dialog(page, 'Withdraw the invite of late@example.com?'), 'Withdraw the invite');
  await seeText(page, 'No pending invites');
  expect(await seriousFaults(page)).toEqual([]);
});

test('members are found by the server, by text, role and status', async () => {
  const { page } = owner;
  await page.getByRole('tab', { name: 'Members' }).click();
  await page.getByLabel('Search members').fill('nora@');
  await page.getByRole('link', { name: 'Nora New' }).waitFor();
  await expect.poll(() => page.getByRole('link', { name: OWNER.name }).count()).toBe(0);
  await page.getByLabel('Status').selectOption('suspended');
  await seeText(page, 'No member matches');
  expect(await seriousFaults(page)).toEqual([]);
});

test('a suspended member is signed out and marked; restored, they come back', async () => {
  const { page } = owner;
  await page.getByLabel('Status').selectOption('');
  await tabTo(page, page.getByRole('link', { name: 'Nora New' }));
  await page.keyboard.press('Enter');
  await seeTitle(page, 'Nora New');
  await press(page, 'Suspend');
  const question = dialog(page, 'Suspend Nora New?');
  await seeText(question, 'their keys are refused');
  await press(question, 'Suspend the member');
  await seeText(page, 'Nora New is suspended.');
  await page.getByRole('button', { name: 'Restore' }).waitFor();
  await nora.go('/me');
  await seeTitle(nora.page, 'Sign in');
  await press(page, 'Restore');
  await seeText(page, 'Nora New has access again.');
  nora = await stage.visitAs({ email: EMAIL, password: PASSWORD });
  await nora.go('/me');
  await seeTitle(nora.page, 'My access');
});

test('ownership is handed over to whoever’s address is typed, and to nobody else', async () => {
  const { page } = owner;
  await press(page, 'Make primary owner');
  const form = dialog(page, 'Make Nora New the primary owner?');
  const submit = form.getByRole('button', { name: 'Hand over ownership' });
  await form.getByLabel('Type their e-mail address to confirm').fill('somebody@example.com');
  expect(await submit.isDisabled()).toBe(true);
  await form.getByLabel('Type their e-mail address to confirm').fill(EMAIL.toUpperCase());
  await submit.click();
  await seeText(page, 'Nora New is the primary owner now.');
  await page.getByRole('button', { name: 'Make primary owner' }).waitFor({ state: 'detached' });
  expect(await seriousFaults(page)).toEqual([]);
});

test('domains are limited, and say so when somebody of another is invited', async () => {
  const { page } = owner;
  await follow(page, 'Members');
  await page.getByRole('tab', { name: 'Allowed domains' }).click();
  await page.getByLabel('these domains only').check();
  await page.getByRole('combobox', { name: 'Domains' }).fill('example.com');
  await page.keyboard.press('Enter');
  await press(page, 'Save');
  await seeText(page, 'The allowed domains are saved.');
  await press(page, 'Invite people');
  const form = dialog(page, 'Invite people');
  await form.getByLabel('E-mail addresses').fill('x@elsewhere.example');
  await press(form, 'Invite 1 person');
  await seeText(form, 'Members may not have addresses of this domain');
  await press(form, 'Done');
  expect(await seriousFaults(page)).toEqual([]);
});

test('the list is exported as a file', async () => {
  const { page } = owner;
  const waiting = page.waitForEvent('download');
  await page.getByRole('button', { name: 'Download members as CSV' }).click();
  expect((await waiting).suggestedFilename()).toMatch(/^members-.*\.csv$/);
});

test('the search is still there for whoever comes back from a member, and the tab for whoever reloads', async () => {
  const { page, go } = owner;
  await go('/members?search=olga&status=active');
  const search = page.getByRole('textbox', { name: 'Search members' });
  expect(await search.inputValue()).toBe('olga');
  await search.fill('olg');
  await page.waitForURL(/search=olg&|search=olg$/);
  await page.getByRole('link', { name: 'Olga Owner' }).click();
  await page.waitForURL(/\/members\/user_/);
  await page.goBack();
  await expect.poll(() => search.inputValue(), { timeout: 10_000 }).toBe('olg');
  await page.getByRole('tab', { name: 'Allowed domains' }).click();
  await page.waitForURL(/tab=domains/);
  await page.reload();
  await seeText(page, 'any domain');
});
