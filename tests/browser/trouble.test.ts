import { afterAll, beforeAll, expect, test } from 'vitest';
import { directory } from '../support/organisation.ts';
import { seriousFaults } from './support/axe.ts';
import { follow, press, seeText, seeTitle } from './support/page.ts';
import { PAGES } from './support/pages.ts';
import { openStage, type Stage, type Visitor } from './support/stage.ts';

// The server goes away while somebody works, and comes back.

let stage: Stage;
let owner: Visitor;

beforeAll(async () => {
  stage = await openStage();
  owner = await stage.visitAsOwner();
  await owner.go('/requests');
});

afterAll(() => stage.close());

test('a page whose data cannot be read says so, and trying again brings it', async () => {
  const { page } = owner;
  await seeText(page, 'No requests yet');
  await stage.goAway();
  await page.getByRole('combobox', { name: 'Decision' }).selectOption('Refused');
  await page.getByRole('alert').getByText('This could not be loaded').waitFor();
  await stage.comeBack();
  await press(page, 'Try again');
  await seeText(page, 'No request matches these filters');
});

test('a page that was never opened says so too, instead of leaving the console', async () => {
  const { page } = owner;
  await owner.go('/requests');
  await seeTitle(page, 'Requests');
  await stage.goAway();
  await page.getByRole('link', { name: 'Keys', exact: true }).click();
  await seeText(page, 'This could not be loaded');
  await stage.comeBack();
  await press(page, 'Try again');
  await seeTitle(page, 'Keys');
  await follow(page, 'Models');
});

/** Some of the pages that need a permission. */
const RESERVED = ['/identity', '/activity', '/connectors', '/workspaces', '/roles', '/roles?tab=organisation'];

test('pages that are not for somebody say which permission is missing, and to whom to turn', async () => {
  const { id } = await stage.newMember();
  const { url } = await stage.callNow(directory.createSignInLink, { params: { user_id: id } });
  const { page, go, context } = await stage.visit();
  const data = { token: new URL(url).searchParams.get('token'), password: 'a long enough password' };
  await context.request.post(`${stage.url}/v1/session/link/redeem`, { data, headers: { origin: stage.url } });
  for (const path of RESERVED) {
    await go(path);
    await seeText(page, 'You may not see this');
    await seeText(page, /This page needs the permission .* An owner of your organisation can give it to you/);
  }
  expect(await seriousFaults(page)).toEqual([]);
});

test('in a narrow window tables scroll sideways and nothing else does', async () => {
  const { page } = owner;
  const { id } = await stage.newMember();
  await page.setViewportSize({ width: 400, height: 800 });
  for (const path of [...PAGES, `/members/${id}`]) {
    await owner.go(path);
    await page.getByRole('heading', { level: 1 }).waitFor();
    await expect.poll(() => page.getByRole('status', { name: 'Loading' }).count(), { timeout: 10_000 }).toBe(0);
    const { width } = (await page.locator('body').evaluate((body) => ({ width: body.scrollWidth }))) as {
      width: number;
    };
    expect([path, width]).toEqual([path, 400]);
  }
});
