import type { Page } from 'playwright-core';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { seriousFaults } from './support/axe.ts';
import { seeText, seeTitle } from './support/page.ts';
import { openStage, type Stage, type Visitor } from './support/stage.ts';

// The guides in the console: everything they lead to is there, and every page leads to one.

const EXPLAINED = [
  '/models',
  '/connectors',
  '/requests',
  '/activity',
  '/members',
  '/groups',
  '/roles',
  '/identity',
  '/keys',
  '/workspaces',
  '/me',
];

let stage: Stage;
let owner: Visitor;

beforeAll(async () => {
  stage = await openStage();
  owner = await stage.visitAsOwner();
});

afterAll(() => stage.close());

const linksOn = async (page: Page): Promise<readonly string[]> => {
  const addresses = await page
    .getByRole('main')
    .getByRole('link')
    .evaluateAll((links) => links.map((link) => link.getAttribute('href') ?? ''));
  return addresses.filter((address) => address.startsWith('/help/'));
};

/** Pictures load when they come into sight, so each is brought there first. */
const missingPictures = async (page: Page): Promise<readonly string[]> => {
  const missing: string[] = [];
  for (const picture of await page.getByRole('main').locator('img').all()) {
    await picture.scrollIntoViewIfNeeded();
    const drawn = () => picture.evaluate((image) => 'naturalWidth' in image && Number(image.naturalWidth) > 0);
    await expect.poll(drawn).toBe(true);
    const description = await picture.getAttribute('alt');
    if (description === null || description === '') missing.push(String(await picture.getAttribute('src')));
  }
  return missing;
};

test('from the list every guide can be reached, and no link or picture in any of them leads nowhere', async () => {
  const { page, go } = owner;
  const waiting = ['/help'];
  const seen = new Set<string>();
  for (let path = waiting.pop(); path !== undefined; path = waiting.pop()) {
    if (seen.has(path)) continue;
    seen.add(path);
    await go(path);
    await page.getByRole('heading', { level: 1 }).waitFor();
    await page.getByRole('status', { name: 'Loading' }).waitFor({ state: 'detached' });
    expect({ path, isThere: (await page.getByText('There is no such guide').count()) === 0 }).toEqual({
      path,
      isThere: true,
    });
    expect({ path, missing: await missingPictures(page) }).toEqual({ path, missing: [] });
    expect({ path, faults: await seriousFaults(page) }).toEqual({ path, faults: [] });
    waiting.push(...(await linksOn(page)));
  }
  expect(seen.size).toBeGreaterThanOrEqual(10);
});

test('the pages of the console lead to the guide that explains them', async () => {
  const { page, go } = owner;
  for (const path of EXPLAINED) {
    await go(path);
    await page.getByRole('link', { name: 'How this works' }).click();
    await page.getByRole('link', { name: 'Guides' }).first().waitFor();
    await page.waitForURL(/\/help\/[\w-]+$/);
    await page.getByRole('heading', { level: 1 }).waitFor();
    expect(await page.getByText('There is no such guide').count()).toBe(0);
  }
});

test('examples name the address at which the reader really is', async () => {
  const { page, go } = owner;
  await go('/help/connect');
  await seeText(page, `export ANTHROPIC_BASE_URL=${stage.url}`);
});

test('a guide that does not exist is said to be missing', async () => {
  const { page, go } = owner;
  await go('/help/no-such-guide');
  await seeText(page, 'There is no such guide');
  await seeTitle(page, 'Guide');
});
