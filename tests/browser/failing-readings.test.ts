import type { Page, Route } from 'playwright-core';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { directory } from '../support/organisation.ts';
import { seriousFaults } from './support/axe.ts';
import { press, seeText, wordsOf } from './support/page.ts';
import { PAGES } from './support/pages.ts';
import { openStage, type Stage, type Visitor } from './support/stage.ts';

// Every page while nothing it reads can be read: it says what is wrong and how to go on, and never stands empty.

let stage: Stage;
let owner: Visitor;
/** Pages of single things, which are only made once the test runs. */
let details: ReadonlyMap<string, string>;

beforeAll(async () => {
  stage = await openStage();
  owner = await stage.visitAsOwner();
  owner.context.setDefaultTimeout(PATIENCE_MS);
  const member = await stage.newMember();
  const group = await stage.call(directory.createGroup, { body: { name: 'Harbour crew' } });
  const role = await stage.call(directory.createRole, { body: { display_name: 'Deck hands' } });
  details = new Map([
    ['a member', `/members/${member.id}`],
    ['a group', `/groups/${group.id}`],
    ['a role', `/roles/${role.id}`],
  ]);
});

afterAll(() => stage.close());

const envelope = (type: string, message: string) => ({
  contentType: 'application/json',
  headers: { 'request-id': 'req_broken' },
  body: JSON.stringify({ type: 'error', error: { type, message }, request_id: 'req_broken' }),
});

const FAILURES = {
  'the server fails': (route: Route) =>
    route.fulfill({ status: 500, ...envelope('api_error', 'Something went wrong here.') }),
  'the right to see it was taken away': (route: Route) =>
    route.fulfill({ status: 403, ...envelope('permission_error', 'You need the permission “Billing (view)”.') }),
  'the connection is lost': (route: Route) => route.abort(),
} as const;

// Who is signed in stays known: without it there is no console to show anything in.
const READINGS = /\/v1\/(?!session|organizations\/status)/;

const PATIENCE_MS = 30_000;

/** Opens a page where everything it reads fails so, and waits until nothing is being read any more. */
const visitBroken = async (path: string, fail: (route: Route) => Promise<void>): Promise<Page> => {
  const { page } = owner;
  await page.route(READINGS, fail);
  await owner.go(path);
  await page.getByRole('heading', { level: 1 }).waitFor();
  await expect.poll(() => page.getByRole('status', { name: 'Loading' }).count(), { timeout: PATIENCE_MS }).toBe(0);
  return page;
};

const mend = (page: Page): Promise<void> => page.unroute(READINGS);

const textOf = (page: Page): Promise<string> => wordsOf(page.locator('main'));

const again = (page: Page) => page.getByRole('button', { name: 'Try again' });

test.for([...PAGES, 'a member', 'a group', 'a role'])(
  'where the server fails, %s says so with the request’s id, and comes when it is asked again',
  async (name) => {
    const page = await visitBroken(details.get(name) ?? name, FAILURES['the server fails']);
    expect(await textOf(page)).toContain('This could not be loaded');
    expect(await textOf(page)).toContain('req_broken');
    expect(await again(page).count()).toBe(await page.getByRole('alert').count());
    expect(await seriousFaults(page)).toEqual([]);
    await mend(page);
    // All at once, as what comes back takes its own button away.
    await again(page).evaluateAll((buttons) => {
      for (const button of buttons as { click(): void }[]) button.click();
    });
    await expect.poll(() => again(page).count(), { timeout: PATIENCE_MS }).toBe(0);
    expect(await textOf(page)).not.toContain('could not be');
  },
);

test.for([...PAGES, 'a member', 'a group', 'a role'])(
  'where the right to see it was taken away, %s says so and does not offer to try again',
  async (name) => {
    const page = await visitBroken(details.get(name) ?? name, FAILURES['the right to see it was taken away']);
    expect(await textOf(page)).toContain('You may not see this');
    expect(await again(page).count()).toBe(0);
    await mend(page);
  },
);

test.for(['/spend', '/limits', '/rates', '/prices', '/me/usage'])(
  'where the connection is lost, %s says that the server could not be reached',
  async (path) => {
    const page = await visitBroken(path, FAILURES['the connection is lost']);
    expect(await textOf(page)).toContain('The server could not be reached');
    expect(await again(page).count()).toBeGreaterThan(0);
    await mend(page);
  },
);

test('a server that does not answer is waited for with a word, given up after half a minute, and can be asked again', async () => {
  const { page } = await stage.visitAsOwner();
  await page.clock.install();
  await page.route(READINGS, () => new Promise(() => {}));
  await page.goto(`${stage.url}/spend?tab=near`);
  await page.getByRole('status', { name: 'Loading' }).first().waitFor();
  await page.clock.runFor(5_000);
  await seeText(page, 'Still waiting for the server');
  await page.clock.runFor(30_000);
  await seeText(page, 'The server did not answer within 30 seconds.');
  await page.unroute(READINGS);
  await press(page, 'Try again');
  await page.clock.runFor(5_000);
  await seeText(page, 'Nobody is near a limit');
});

test('what was read before stays when reading it again fails, with a word that it is not the newest', async () => {
  const { page, go } = await stage.visitAsOwner();
  await go('/me/usage');
  await seeText(page, 'What your requests cost so far');
  await page.route(READINGS, FAILURES['the server fails']);
  await page.getByRole('link', { name: 'Guides', exact: true }).click();
  await page.clock.install();
  await page.clock.runFor(20_000);
  await page.goBack();
  await page.clock.runFor(5_000);
  await seeText(page, 'Not the newest: Something went wrong here.');
  await seeText(page, 'What your requests cost so far');
});

test('a download that fails says why, instead of saving the answer as a file', async () => {
  const { page, go } = await stage.visitAsOwner();
  await go('/spend');
  await page.route(/\/spend\/export/, FAILURES['the server fails']);
  await press(page, 'Download each day as CSV');
  await seeText(page, 'That did not work');
  await seeText(page, 'Something went wrong here. (Request req_broken)');
});
