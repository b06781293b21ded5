import { afterAll, beforeAll, expect, test } from 'vitest';
import { directory } from '../support/organisation.ts';
import { dialog, press, seeTitle } from './support/page.ts';
import { openStage, type Stage, type Visitor } from './support/stage.ts';

// Names as long as they may be, without a space to break at, and buttons pressed twice.

let stage: Stage;
let owner: Visitor;

const LONG = 'W'.repeat(255);

beforeAll(async () => {
  stage = await openStage();
  owner = await stage.visitAsOwner();
});

afterAll(() => stage.close());

/** What reaches past the right edge and makes the whole page scroll; a table in its own frame may be wider than it. */
const tooWide = (): Promise<readonly string[]> =>
  owner.page.evaluate(`document.documentElement.scrollWidth <= document.documentElement.clientWidth ? [] :
    [...document.querySelectorAll('main *')]
      .filter((one) => one.getBoundingClientRect().right > document.documentElement.clientWidth && !one.closest('table'))
      .map((one) => one.tagName + ' ' + one.className)`);

test('the longest names break, and push nothing out of sight', async () => {
  const { page, go } = owner;
  const user = await stage.call(directory.addUser, {
    body: { name: LONG, email: 'w@harbour.example', role: 'managed' },
  });
  const group = await stage.call(directory.createGroup, { body: { name: LONG } });
  const role = await stage.call(directory.createRole, { body: { display_name: LONG } });
  await stage.call(directory.attachGroupRole, { params: { group_id: group.id }, body: { role_id: role.id } });
  await stage.call(directory.addGroupMember, { params: { group_id: group.id }, body: { user_id: user.id } });
  for (const width of [1280, 400]) {
    await page.setViewportSize({ width, height: 900 });
    for (const path of [`/members/${user.id}`, `/groups/${group.id}`, `/roles/${role.id}`, '/activity']) {
      await go(path);
      await page.waitForLoadState('networkidle');
      expect([path, width, await tooWide()]).toEqual([path, width, []]);
    }
  }
  await page.setViewportSize({ width: 1280, height: 900 });
  await go('/groups');
  const members = page.getByRole('columnheader', { name: 'Members' });
  expect((await members.boundingBox())?.x).toBeLessThan(1280);
});

test('a button that is pressed twice does its work once', async () => {
  const { page, go } = owner;
  await go('/groups');
  await press(page, 'Create group');
  const form = dialog(page, 'Create a group');
  await form.getByLabel('Name').fill('Night watch');
  await form.getByRole('button', { name: 'Create group' }).dblclick();
  await seeTitle(page, 'Night watch');
  const { data } = await stage.call(directory.listGroups, { query: {} });
  expect(data.filter(({ name }) => name === 'Night watch')).toHaveLength(1);
});
