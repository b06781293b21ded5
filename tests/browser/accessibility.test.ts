import { join } from 'node:path';
import type { Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { DemoNotes } from '../../src/main/demo/folder.ts';
import { seedDemo } from '../../src/main/demo/seed.ts';
import { createLog, createSecretBox, openDatabase } from '../../src/platform/index.ts';
import { directory } from '../support/organisation.ts';
import { seriousFaults } from './support/axe.ts';
import { dialog, press, seeText, seeTitle } from './support/page.ts';
import { PAGES } from './support/pages.ts';
import { openStage, type Stage, type Visitor } from './support/stage.ts';

// What axe calls serious or critical must be nowhere: on pages without data, on full ones in both schemes of colours,
// and in what opens on top of them.

const ALL_PAGES = [...PAGES, '/connectors/none', '/workspaces/none'];

/** Some forty pages in one test, on a machine that does other things too. */
const ALL_PAGES_MS = 400_000;

/** Waits until nothing on the page is being read any more. */
const settled = async (page: Page): Promise<void> => {
  await page.getByRole('heading', { level: 1 }).waitFor();
  await expect.poll(() => page.getByRole('status', { name: 'Loading' }).count(), { timeout: 10_000 }).toBe(0);
};

const faultsAt = async (
  { page, go }: Visitor,
  paths: readonly string[],
  scope?: 'colours',
): Promise<Record<string, readonly string[]>> => {
  const faults: Record<string, readonly string[]> = {};
  for (const path of paths) {
    await go(path);
    await settled(page);
    const found = await seriousFaults(page, scope);
    if (found.length > 0) faults[path] = found;
  }
  return faults;
};

describe('a new installation', () => {
  let stage: Stage;
  beforeAll(async () => {
    stage = await openStage();
  });
  afterAll(() => stage.close());

  test('the pages for visitors have no serious fault', async () => {
    const visitor = await stage.visit();
    expect(await faultsAt(visitor, ['/sign-in', '/setup', stage.setUpUrl.replace(stage.url, '')])).toEqual({});
    await press(visitor.page, 'Create the owner');
    await seeText(visitor.page, 'Enter your name.');
    expect(await seriousFaults(visitor.page)).toEqual([]);
  });

  test(
    'no page without data has a serious fault',
    async () => {
      const owner = await stage.visitAsOwner();
      expect(
        await faultsAt(owner, [
          ...ALL_PAGES,
          '/members/nobody',
          '/groups/none',
          '/roles/none',
          '/identity/providers/none',
          '/nowhere',
        ]),
      ).toEqual({});
    },
    ALL_PAGES_MS,
  );
});

describe('an organisation at work', () => {
  let stage: Stage;
  let notes: DemoNotes;
  let owner: Visitor;

  const fill = async (folder: string): Promise<void> => {
    const log = createLog('fatal');
    const onError = (error: Error) => log.error(error);
    const database = await openDatabase({ file: join(folder, 'remit.sqlite'), onError, journalPaceMs: 0 });
    const secrets = createSecretBox('the secret of the tests, long enough');
    notes = await seedDemo({ database, secrets, log, now: Date.now(), days: 3, node: 'remit', progress: () => {} });
    await database.close();
  };

  const rolePages = (id: string | undefined): readonly string[] =>
    ['capabilities', 'permissions', 'connectors', 'models'].map((tab) => `/roles/${id}?tab=${tab}`);

  const detailPages = async (): Promise<readonly string[]> => {
    const [user, group, role] = await Promise.all([
      stage.call(directory.listUsers, { query: { email: notes.member.email } }),
      stage.call(directory.listGroups),
      stage.call(directory.listRoles),
    ]);
    return [`/members/${user.data[0]?.id}`, `/groups/${group.data[0]?.id}`, ...rolePages(role.data[0]?.id)];
  };

  beforeAll(async () => {
    stage = await openStage({ fill });
    owner = await stage.visitAs({ email: notes.owner.email, password: notes.owner.password });
  });
  afterAll(() => stage.close());

  test(
    'no full page has a serious fault',
    async () => {
      expect(await faultsAt(owner, [...ALL_PAGES, ...(await detailPages())])).toEqual({});
    },
    ALL_PAGES_MS,
  );

  test(
    'no full page has colours that are hard to tell apart in the dark scheme',
    async () => {
      await owner.page.emulateMedia({ colorScheme: 'dark' });
      expect(await faultsAt(owner, [...ALL_PAGES, ...(await detailPages())], 'colours')).toEqual({});
    },
    ALL_PAGES_MS,
  );

  test.for(['light', 'dark'] as const)('nor has what opens on top of a page, in %s colours', async (colorScheme) => {
    const { page, go } = owner;
    await page.emulateMedia({ colorScheme });
    await go('/models');
    await page
      .getByRole('combobox', { name: 'Highest effort on Claude Opus 5 for the organisation' })
      .selectOption('low');
    await press(page, 'Review and save');
    await seeText(page, 'would have been lowered');
    expect(await seriousFaults(page)).toEqual([]);
    await press(page, 'Keep editing');
    await press(page, 'Discard');
    await go('/requests?effect=clamp');
    await page.getByRole('row').nth(1).getByRole('link').first().click();
    await seeText(dialog(page, 'Request'), 'What was found');
    expect(await seriousFaults(page)).toEqual([]);
    await go('/activity');
    await page
      .getByRole('button', { name: /Details: / })
      .first()
      .click();
    await seeText(dialog(page, 'Activity'), 'Look further');
    expect(await seriousFaults(page)).toEqual([]);
    await go('/keys');
    await page.getByRole('button', { name: 'Create key' }).first().click();
    await dialog(page, 'Create a key').waitFor();
    expect(await seriousFaults(page)).toEqual([]);
  });

  test('what a member sees, and what they are refused, has no serious fault', async () => {
    const member = await stage.visitAs({ email: notes.member.email, password: notes.member.password });
    expect(await faultsAt(member, ['/me', '/me/capabilities', '/me/keys', '/me/requests', '/models'])).toEqual({});
    await seeTitle(member.page, 'Models');
    await seeText(member.page, 'You may not see this');
  });
});
