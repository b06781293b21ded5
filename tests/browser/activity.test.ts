import { readFile } from 'node:fs/promises';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { directory } from '../support/organisation.ts';
import { seriousFaults } from './support/axe.ts';
import { dialog, follow, pick, press, seeText, seeTitle, wordsOf } from './support/page.ts';
import { OWNER, openStage, type Stage, type Visitor } from './support/stage.ts';

// Somebody looks up who changed what. The tests build on each other.

const GROUPS = 60;

let stage: Stage;
let owner: Visitor;
let grace: { readonly id: string; readonly keyId: string };

const newGroup = async (name: string): Promise<string> =>
  (await stage.callNow(directory.createGroup, { body: { name } })).id;

beforeAll(async () => {
  stage = await openStage();
  owner = await stage.visitAsOwner();
  for (let count = 1; count <= GROUPS; count++) await newGroup(`Crowd ${count}`);
  const body = { email: 'grace@example.com', name: 'Grace Hopper', role: 'user' as const };
  const { id } = await stage.callNow(directory.addUser, { body });
  const { id: keyId } = await stage.callNow(directory.createApiKey, { body: { name: 'laptop', user_id: id } });
  grace = { id, keyId };
  const platform = await newGroup('Platform');
  await stage.callNow(directory.addGroupMember, { params: { group_id: platform }, body: { user_id: id } });
});

afterAll(() => stage.close());

test('the newest things stand first, as sentences with the names people know', async () => {
  const { page, go } = owner;
  await go('/');
  await follow(page, 'Activity');
  const rows = page.getByRole('list', { name: 'Today' }).getByRole('listitem');
  await seeText(rows.first(), 'added Grace Hopper to Platform');
  expect(await wordsOf(rows.nth(0))).toContain('added Grace Hopper to Platform');
  expect(await wordsOf(rows.nth(1))).toContain('created the group Platform');
  await rows.first().getByRole('link', { name: 'Grace Hopper' }).click();
  await seeTitle(page, 'Grace Hopper');
});

test('older things are read when they are asked for, to the first day', async () => {
  const { page, go } = owner;
  await go('/activity');
  await press(page, 'Show older');
  await seeText(page, `${OWNER.name} signed in`);
  await seeText(page, 'There is nothing older.');
});

test('what happens meanwhile is offered, and comes on request', async () => {
  const { page, go } = owner;
  await page.clock.install();
  await go('/activity');
  await seeText(page, 'added Grace Hopper to Platform');
  await newGroup('Latecomers');
  await page.clock.runFor(25_000);
  await press(page, 'Show 1 newer');
  await seeText(page, 'created the group Latecomers');
});

test('filters narrow the feed and stand in the address', async () => {
  const { page, go } = owner;
  await go('/activity');
  await page.getByRole('combobox', { name: 'Kind of activity' }).selectOption('Keys: all');
  await seeText(page, 'created the personal key laptop');
  await page.waitForURL(/what=keys/);
  expect(await page.getByText('created the group').count()).toBe(0);
  await page.getByRole('textbox', { name: /^Id of a request/ }).fill(grace.keyId);
  await page.waitForURL(new RegExp(`subject=${grace.keyId}`));
  await page.reload();
  await seeText(page, 'created the personal key laptop');
  await pick(page, 'Who did it', OWNER.name);
  await seeText(page, 'No activity matches these filters');
  await press(page, 'Clear the filters');
  await seeText(page, 'added Grace Hopper to Platform');
  await page.getByRole('combobox', { name: 'Time range' }).selectOption('Between dates');
  await page.getByLabel('Until').fill('2001-01-01');
  await page.getByLabel('From').fill('2001-01-01');
  await seeText(page, 'No activity matches these filters');
});

test('a line opens the record, which leads to everything about the same thing', async () => {
  const { page, go } = owner;
  await go('/activity?what=group_member_added');
  await page.getByRole('button', { name: /Details: .* added Grace Hopper to Platform$/ }).click();
  const drawer = dialog(page, 'Activity');
  await seeText(drawer, '"type": "group_member_added"');
  expect(await seriousFaults(page)).toEqual([]);
  await press(drawer, 'About Platform');
  await seeText(page, 'created the group Platform');
  expect(await page.getByText('created the group Crowd').count()).toBe(0);
});

test('what the filters show can be taken away as a file', async () => {
  const { page, go } = owner;
  await go('/activity?what=group_created');
  await seeText(page, 'created the group Latecomers');
  const contentOf = async (format: RegExp): Promise<string> => {
    await press(page, 'Export');
    const [download] = await Promise.all([
      page.waitForEvent('download'),
      page.getByRole('menuitem', { name: format }).click(),
    ]);
    return readFile(await download.path(), 'utf8');
  };
  const records = JSON.parse(await contentOf(/JSON/)) as { type: string; group_name: string }[];
  expect(records).toHaveLength(GROUPS + 2);
  expect(records[0]).toMatchObject({ type: 'group_created', group_name: 'Latecomers' });
  const lines = (await contentOf(/CSV/)).trimEnd().split('\r\n');
  expect(lines).toHaveLength(GROUPS + 3);
  expect(lines[1]).toContain('created the group Latecomers');
});

test('the page of a member says what happened to them, also right after it happened', async () => {
  const { page, go } = owner;
  await go(`/members/${grace.id}`);
  const section = page.getByRole('region', { name: 'Recent activity' });
  await seeText(section, 'added Grace Hopper to the organisation as User');
  await page.getByRole('combobox', { name: 'Organisation role' }).selectOption('Custom');
  await press(dialog(page, 'Change the organisation role?'), 'Change the role');
  await seeText(section, 'changed the organisation role of Grace Hopper from User to Custom');
  await section.getByRole('link', { name: 'All activity' }).click();
  await seeTitle(page, 'Activity');
  await page.waitForURL(new RegExp(`subject=${grace.id}`));
});

test('a group that is gone is still named, and leads nowhere', async () => {
  const { page, go } = owner;
  const id = await newGroup('Short-lived');
  await stage.callNow(directory.deleteGroup, { params: { group_id: id } });
  await go('/activity?what=group_deleted');
  await seeText(page, 'deleted the group Short-lived');
  expect(await page.getByRole('link', { name: 'Short-lived' }).count()).toBe(0);
});

test('a feed that cannot be read says so, and trying again brings it', async () => {
  const { page, go } = owner;
  await page.route('**/v1/compliance/activities*', (route) => route.abort());
  await go('/activity');
  await page.clock.runFor(10_000);
  await page.getByRole('alert').getByText('This could not be loaded').waitFor();
  await page.unroute('**/v1/compliance/activities*');
  await press(page, 'Try again');
  await seeText(page, 'deleted the group Short-lived');
});

test('somebody without the permission is told which one is missing', async () => {
  const { page, go } = await (async () => {
    const { url } = await stage.callNow(directory.createSignInLink, { params: { user_id: grace.id } });
    const password = 'the password of Grace';
    const token = new URL(url).searchParams.get('token') ?? '';
    await stage.callNow(directory.redeemSignInLink, { body: { token, password } });
    return stage.visitAs({ email: 'grace@example.com', password });
  })();
  await go('/activity');
  await seeText(page, 'This page needs the permission “Privacy (view)”');
});
