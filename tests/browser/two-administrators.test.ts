import type { Page } from 'playwright-core';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { directory, spend } from '../support/organisation.ts';
import { press, seeText } from './support/page.ts';
import { openStage, type Stage, type Visitor } from './support/stage.ts';

// Two administrators at the same settings: neither loses what they typed, nor what the other has saved.

let stage: Stage;
let owner: Visitor;

beforeAll(async () => {
  stage = await openStage();
  owner = await stage.visitAsOwner();
});

afterAll(() => stage.close());

/** What a browser says when somebody comes back to a tab, upon which the page reads again. */
const comeBackToTab = (page: Page): Promise<boolean> =>
  page.evaluate("document.dispatchEvent(new Event('visibilitychange', { bubbles: true }))");

const allowed = async (): Promise<readonly string[] | null> =>
  (await stage.call(directory.getMemberSettings, {})).allowed_email_domains;

const allow = (domains: string[]) =>
  stage.callNow(directory.updateMemberSettings, { body: { allowed_email_domains: domains } });

test('a form that was opened before somebody else saved does not take their save back', async () => {
  const { page, go } = owner;
  await allow(['harbour.example']);
  await go('/members');
  await page.getByRole('tab', { name: 'Allowed domains' }).click();
  await page.getByRole('combobox', { name: 'Domains' }).fill('ship.example');
  await page.keyboard.press('Enter');
  await allow(['harbour.example', 'quay.example']);
  await press(page, 'Save');
  await seeText(page, 'Somebody else saved meanwhile');
  await seeText(page, 'ship.example');
  expect(await allowed()).toEqual(['harbour.example', 'quay.example']);
  expect(await page.getByRole('button', { name: 'Save', exact: true }).isDisabled()).toBe(true);
});

test('whose edits were overtaken can load what was saved', async () => {
  const { page } = owner;
  await press(page, 'Drop mine, load theirs');
  await seeText(page, 'quay.example');
  await page.getByText('ship.example').waitFor({ state: 'detached' });
  expect(await page.getByText('Somebody else saved meanwhile').count()).toBe(0);
});

test('edits stay when the page reads what somebody else has saved, and can be saved over it', async () => {
  const { page, go } = owner;
  await go('/limits?tab=settings');
  const sentence = page.getByRole('textbox', { name: 'In which words' });
  await sentence.fill('Ask the harbour master.');
  await stage.call(spend.updateSpendSettings, { body: { thresholds: [60] } });
  await expect.poll(() => comeBackToTab(page).then(() => page.getByRole('alert').count()), { timeout: 30_000 }).toBe(1);
  expect(await sentence.inputValue()).toBe('Ask the harbour master.');
  await press(page, 'Keep mine, to save over theirs');
  await press(page, 'Save settings');
  await seeText(page, 'The settings are saved.');
  const saved = await stage.call(spend.getSpendSettings, {});
  expect(saved.ask_for_more.sentence).toBe('Ask the harbour master.');
});

test('a form that nobody has edited shows what somebody else has saved, and saving tells of no conflict', async () => {
  const { page, go } = owner;
  await go('/limits?tab=settings');
  await stage.call(spend.updateSpendSettings, { body: { increase_requests: false } });
  const more = page.getByRole('switch', { name: 'Members may ask for more' });
  await expect.poll(() => comeBackToTab(page).then(() => more.isChecked()), { timeout: 30_000 }).toBe(false);
  for (const words of ['One.', 'Two.']) {
    await page.getByRole('textbox', { name: 'In which words' }).fill(words);
    await press(page, 'Save settings');
    await expect
      .poll(async () => (await stage.call(spend.getSpendSettings, {})).ask_for_more.sentence, { timeout: 10_000 })
      .toBe(words);
    await page.getByRole('alert').filter({ hasText: 'meanwhile' }).waitFor({ state: 'detached' });
  }
});
