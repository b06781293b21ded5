import type { Page, Route } from 'playwright-core';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { directory } from '../support/organisation.ts';
import { seriousFaults } from './support/axe.ts';
import { press, seeText, wordsOf } from './support/page.ts';
import { openStage, type Stage, type Visitor } from './support/stage.ts';

// Every page while nothing it reads can be read: it says what is wrong and how to go on, and never stands empty.

let stage: Stage;
let owner: Visitor;
let pages: readonly string[];

const LISTS = [
  '/models',
  '/connectors',
  '/requests',
  '/activity',
  '/members',
  '/groups',
  '/roles',
  '/roles?tab=organisation',
  '/identity',
  '/keys',
  '/workspaces',
  '/spend',
  '/spend?tab=near',
  '/spend?tab=requests',
  '/limits',
  '/limits?tab=members',
  '/limits?tab=settings',
  '/limits?tab=notifications',
  '/rates',
  '/prices',
  '/me',
  '/me/usage',
  '/me/connectors',
  '/me/capabilities',
  '/me/keys',
  '/me/requests',
  '/me/security',
];

beforeAll(async () => {
  stage = await openStage();
  owner = await stage.visitAsOwner();
  owner.context.setDefaultTimeout(PATIENCE_MS);
  const member = await stage.newMember();
  const group = await stage.call(directory.createGroup, { body: { name: 'Harbour crew' } });
  const role = await stage.call(directory.createRole, { body: { display_name: 'Deck hands' } });
  pages = [...LISTS, `/members/${member.id}`, `/groups/${group.id}`, `/roles/${role.id}`];
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

const AT_ONCE = 4;
const PATIENCE_MS = 30_000;

/** Opens some pages at a time, each in a tab of its own where everything it reads fails so. */
const visitBroken = async (
  fail: (route: Route) => Promise<void>,
  look: (page: Page, path: string) => Promise<void>,
  paths = pages,
): Promise<void> => {
  for (let from = 0; from < paths.length; from += AT_ONCE)
    await Promise.all(
      paths.slice(from, from + AT_ONCE).map(async (path) => {
        const page = await owner.context.newPage();
        await page.route(READINGS, fail);
        await page.goto(stage.url + path);
        await page.getByRole('heading', { level: 1 }).waitFor();
        await expect
          .poll(() => page.getByRole('status', { name: 'Loading' }).count(), { timeout: PATIENCE_MS })
          .toBe(0);
        await look(page, path);
        await page.close();
      }),
    );
};

const textOf = (page: Page): Promise<string> => wordsOf(page.locator('main'));

test('where the server fails, every page says so with the request’s id, and comes when it is asked again', async () => {
  await visitBroken(FAILURES['the server fails'], async (page, path) => {
    const text = await textOf(page);
    expect([path, text]).toEqual([path, expect.stringContaining('This could not be loaded')]);
    expect([path, text]).toEqual([path, expect.stringContaining('req_broken')]);
    expect([path, await seriousFaults(page)]).toEqual([path, []]);
    const alerts = await page.getByRole('alert').count();
    const again = page.getByRole('button', { name: 'Try again' });
    expect([path, await again.count()]).toEqual([path, alerts]);
    await page.unroute(READINGS);
    await again.evaluateAll((buttons) => {
      for (const button of buttons as { click(): void }[]) button.click();
    });
    await expect.poll(async () => [path, await again.count()], { timeout: PATIENCE_MS }).toEqual([path, 0]);
    expect([path, await textOf(page)]).not.toEqual([path, expect.stringContaining('could not be')]);
  });
}, 300_000);

test('where the right to see it was taken away, every page says so and does not offer to try again', async () => {
  await visitBroken(FAILURES['the right to see it was taken away'], async (page, path) => {
    expect([path, await textOf(page)]).toEqual([path, expect.stringContaining('You may not see this')]);
    expect([path, await page.getByRole('button', { name: 'Try again' }).count()]).toEqual([path, 0]);
  });
}, 300_000);

const MONEY = ['/spend', '/spend?tab=requests', '/limits', '/limits?tab=settings', '/rates', '/prices', '/me/usage'];

test('where the connection is lost, pages say that the server could not be reached', async () => {
  await visitBroken(
    FAILURES['the connection is lost'],
    async (page, path) => {
      expect([path, await textOf(page)]).toEqual([path, expect.stringContaining('The server could not be reached')]);
      expect([path, await page.getByRole('button', { name: 'Try again' }).count()]).not.toEqual([path, 0]);
    },
    MONEY,
  );
}, 300_000);

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
