import { afterAll, beforeAll, expect, test } from 'vitest';
import type { Member } from '../support/organisation.ts';
import { directory } from '../support/organisation.ts';
import { dialog, follow, pick, press, seeText, seeTitle, wordsOf } from './support/page.ts';
import { openStage, type Stage, type Visitor } from './support/stage.ts';

// From a new role to what a person gets from it, and what that person sees. The tests build on each other.

const ROLE = 'Careful writers';
const GROUP = 'Editorial';
const MEMBER = 'Mira Member';
const EMAIL = 'mira@example.com';
const PASSWORD = 'the password of Mira';

let stage: Stage;
let owner: Visitor;
let mira: Visitor;

beforeAll(async () => {
  stage = await openStage();
  owner = await stage.visitAsOwner();
  await owner.go('/models');
});

afterAll(() => stage.close());

test('a new role starts with every model; the first edit pins its list', async () => {
  const { page } = owner;
  await follow(page, 'Roles');
  await page.getByRole('button', { name: 'Create role' }).first().click();
  const form = dialog(page, 'Create a custom role');
  await form.getByLabel('Name').fill(ROLE);
  await press(form, 'Create role');
  await seeTitle(page, ROLE);
  await page.getByRole('tab', { name: 'Models' }).click();
  await seeText(page, 'it grants whatever the organisation allows');
  await page.getByLabel(`Claude Opus 5.5 for ${ROLE}`, { exact: true }).click({ force: true });
  await page.getByLabel(`Highest effort on Claude Sonnet 5.5 for ${ROLE}`).selectOption('medium');
  await press(page, 'Review and save');
  await press(dialog(page, 'Review and save'), 'Save');
  await seeText(page, 'What the role grants, below the organisation’s ceiling.');
});

test('the role is attached to a group', async () => {
  const { page } = owner;
  await follow(page, 'Groups');
  await page.getByRole('button', { name: 'Create group' }).first().click();
  const form = dialog(page, 'Create a group');
  await form.getByLabel('Name').fill(GROUP);
  await press(form, 'Create group');
  await seeTitle(page, GROUP);
  await pick(page, 'Custom role to attach', ROLE);
  await press(page, 'Attach');
  await page.getByRole('button', { name: `Detach the role ${ROLE}` }).waitFor();
});

test('a member is added and set to Custom, after being told what that means', async () => {
  const { page } = owner;
  await follow(page, 'Members');
  await press(page, 'Add member');
  const form = dialog(page, 'Add a member');
  await form.getByLabel('E-mail address').fill(EMAIL);
  await form.getByLabel('Name').fill(MEMBER);
  await press(form, 'Add member');
  await seeTitle(page, MEMBER);
  await page.getByRole('combobox', { name: 'Organisation role' }).selectOption('Custom');
  const question = dialog(page, 'Change the organisation role?');
  await seeText(question, 'Only what custom roles grant');
  await press(question, 'Change the role');
  await seeText(page, `${MEMBER} is Custom now.`);
});

test('their effective access names the role and the group that grant a model, and what stops another', async () => {
  const { page } = owner;
  await pick(page, 'Group to join', GROUP);
  await press(page, 'Add');
  await page.getByRole('button', { name: `Remove ${MEMBER} from ${GROUP}` }).waitFor();
  const access = page.getByRole('table', { name: 'Models and access' });
  const sonnet = access.getByRole('row').filter({ hasText: 'Claude Sonnet 5.5' }).first();
  await sonnet.getByRole('link', { name: ROLE }).waitFor();
  expect(await wordsOf(sonnet)).toMatch(new RegExp(`Allowed.*Up to medium.*${ROLE}.*through ${GROUP}`));
  const opus = access.getByRole('row').filter({ hasText: 'Claude Opus 5.5' });
  expect(await wordsOf(opus)).toMatch(/Not allowed.*No role that applies grants Claude Opus 5\.5\./);
});

test('the sign-in link of an administrator lets the member choose a password, once', async () => {
  const { page } = owner;
  await press(page, 'Create sign-in link');
  const shown = dialog(page, 'Sign-in link');
  const link = await shown.getByLabel('Link').inputValue();
  expect(link).toContain(`${stage.url}/link?token=`);
  mira = await stage.visit();
  await mira.page.goto(link);
  await seeTitle(mira.page, 'Choose a password');
  await seeText(mira.page, `For ${EMAIL}`);
  await mira.page.getByLabel('Password', { exact: true }).fill(PASSWORD);
  await mira.page.getByLabel('Password again', { exact: true }).fill(PASSWORD);
  await press(mira.page, 'Save and sign in');
  await seeTitle(mira.page, 'My access');
  const other = await stage.visit();
  await other.page.goto(link);
  await seeTitle(other.page, 'This link does not work any more');
});

test('members see what they may use and what stops the rest, in words meant for them', async () => {
  const row = mira.page.getByRole('row').filter({ hasText: 'Claude Opus 5.5' });
  await row.waitFor();
  expect(await wordsOf(row)).toMatch(/Not allowed.*No role that applies grants Claude Opus 5\.5\./);
});

test('members make a key of their own and find the request they sent with it', async () => {
  const { page } = mira;
  await page.getByRole('tab', { name: 'Keys' }).click();
  await page.getByRole('button', { name: 'Create key' }).first().click();
  const form = dialog(page, 'Create a key of your own');
  await form.getByLabel('Name').fill('laptop');
  await press(form, 'Create key');
  const key = await form.getByLabel('Key', { exact: true }).inputValue();
  await press(form, 'Done');
  const answer = await stage.ask(key, { output_config: { effort: 'max' } });
  expect(answer.headers).toMatchObject({ 'remit-decision': 'clamp', 'remit-effort': 'medium' });
  await page.getByRole('tab', { name: 'Requests' }).click();
  await page.getByRole('row').filter({ hasText: 'Lowered' }).getByRole('link').first().click();
  await seeText(dialog(page, 'Request'), 'You may use Claude Sonnet 5.5 up to effort medium, and max was asked for');
});

test("members have no way to administration, nor to other people's requests", async () => {
  const { page, go, context } = mira;
  const other: Member = await stage.newMember();
  const { headers } = await stage.ask(other.key, {});
  await stage.decision(String(headers['request-id']));
  await go('/me/requests');
  await page.getByRole('row').nth(1).waitFor();
  expect(await page.getByRole('row').count()).toBe(2);
  expect(await page.getByRole('navigation', { name: 'Pages' }).getByRole('link').allInnerTexts()).toEqual([
    'My access',
    'Guides',
  ]);
  for (const path of ['/models', '/requests', '/members', '/groups', '/roles', '/keys']) {
    await go(path);
    await seeText(page, 'You may not see this');
    await seeText(page, 'An owner of your organisation can give it to you.');
  }
  const refused = await context.request.get(`${stage.url}/v1/organizations/decisions`);
  expect(refused.status()).toBe(403);
});

test('removing the member ends their session', async () => {
  const { data } = await stage.call(directory.listUsers, { query: { email: EMAIL } });
  expect(data).toHaveLength(1);
  const { page } = owner;
  await press(dialog(page, 'Sign-in link'), 'Close');
  await press(page, 'Remove');
  await press(dialog(page, `Remove ${MEMBER}?`), 'Remove the member');
  await seeTitle(page, 'Members');
  await mira.go('/me');
  await seeTitle(mira.page, 'Sign in');
});
