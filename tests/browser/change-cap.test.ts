import type { Page } from 'playwright-core';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { Member } from '../support/organisation.ts';
import { dialog, follow, press, seeText, seeTitle, tabTo, wordsOf } from './support/page.ts';
import { OWNER, openStage, type Stage, type Visitor } from './support/stage.ts';

// What Remit is for: a rule changes in the console, and the next request is held to it. The tests build on each other.

const OPUS = 'claude-opus-5-5';
const CAP = 'Highest effort on Claude Opus 5.5 for the organisation';
const SAVED = 'Saved. New requests follow the new rules at once.';

let stage: Stage;
let owner: Visitor;
let member: Member;

const askForMax = () => stage.ask(member.key, { model: OPUS, output_config: { effort: 'max' } });
const capOf = (page: Page) => page.getByRole('combobox', { name: CAP });
const review = (page: Page) => dialog(page, 'Review and save');

beforeAll(async () => {
  stage = await openStage();
  owner = await stage.visitAsOwner();
  member = await stage.newMember();
  for (let sent = 0; sent < 3; sent++) {
    const { status, headers } = await askForMax();
    expect({ status, decision: headers['remit-decision'] }).toEqual({ status: 200, decision: 'allow' });
    await stage.decision(String(headers['request-id']));
  }
});

afterAll(() => stage.close());

test('lowering a cap is previewed in members and in recorded requests before it is saved', async () => {
  const { page } = owner;
  await owner.go('/models');
  await capOf(page).selectOption('medium');
  await seeText(page, '1 unsaved change');
  await press(page, 'Review and save');
  const panel = review(page);
  await panel.getByRole('heading', { name: 'Requests of the last 30 days' }).waitFor();
  const figures = await wordsOf(panel);
  // The owner and the member; the three requests above.
  expect(figures).toContain('2 lose a model or get a lower cap');
  expect(figures).toContain('0 would have been refused 3 would have been lowered');
  expect(figures).toContain('Out of 3 requests.');
  expect((await askForMax()).headers['remit-decision']).toBe('allow');
});

test('once saved, the next request through the gateway runs at the cap', async () => {
  const { page } = owner;
  await press(review(page), 'Save');
  await seeText(page, SAVED);
  const { status, headers, text } = await askForMax();
  expect(status).toBe(200);
  expect(headers).toMatchObject({ 'remit-decision': 'clamp', 'remit-effort': 'medium', 'remit-model': OPUS });
  expect(text).toContain('medium');
});

test('the Requests page shows it lowered, and opening it says why in a sentence', async () => {
  const { page } = owner;
  await follow(page, 'Requests');
  const row = page.getByRole('row').filter({ hasText: 'Lowered' });
  await row.waitFor();
  expect(await wordsOf(row)).toMatch(/max.*medium/);
  await row.getByRole('link').first().click();
  const drawer = dialog(page, 'Request');
  await seeText(
    drawer,
    'Effort max is above the limit of medium on Claude Opus 5.5, set by the organisation’s setting; it was lowered.',
  );
  await page.keyboard.press('Escape');
  await drawer.waitFor({ state: 'detached' });
});

test('of two administrators the later one is told, loses no edit and can save on top', async () => {
  const [first, second] = [await stage.visitAsOwner(), await stage.visitAsOwner()];
  await first.go('/models');
  await second.go('/models');
  await capOf(second.page).selectOption('low');
  await capOf(first.page).selectOption('high');
  await press(first.page, 'Review and save');
  await press(review(first.page), 'Save');
  await seeText(first.page, SAVED);

  await press(second.page, 'Review and save');
  await press(review(second.page), 'Save');
  await seeText(second.page, 'Somebody else saved meanwhile');
  expect((await askForMax()).headers['remit-effort']).toBe('high');
  await press(review(second.page), 'Load and reapply my edits');
  await review(second.page).getByText('Somebody else saved meanwhile').waitFor({ state: 'detached' });
  await seeText(review(second.page), 'Organisation: Claude Opus 5.5 is capped at Low');
  await press(review(second.page), 'Save');
  await seeText(second.page, SAVED);
  expect(await capOf(second.page).inputValue()).toBe('low');
  expect((await askForMax()).headers['remit-effort']).toBe('low');
});

test('leaving with unsaved edits asks first', async () => {
  const { page } = owner;
  await owner.go('/models');
  await capOf(page).selectOption('max');
  await page.getByRole('link', { name: 'Groups', exact: true }).click();
  await press(dialog(page, 'Leave without saving?'), 'Stay here');
  await seeTitle(page, 'Models');
  expect(await capOf(page).inputValue()).toBe('max');
  await page.getByRole('link', { name: 'Groups', exact: true }).click();
  await press(dialog(page, 'Leave without saving?'), 'Discard and leave');
  await seeTitle(page, 'Groups');
});

test('signing in, reaching Models, changing a cap and saving need no mouse', async () => {
  const { page, go } = await stage.visit();
  const { keyboard } = page;
  await go('/');
  await seeTitle(page, 'Sign in');
  await tabTo(page, page.getByLabel('E-mail address'));
  await keyboard.type(OWNER.email);
  await keyboard.press('Enter');
  await page.getByLabel('Password', { exact: true }).waitFor();
  await tabTo(page, page.getByLabel('Password', { exact: true }));
  await keyboard.type(OWNER.password);
  await keyboard.press('Enter');
  await seeTitle(page, 'Models');
  await tabTo(page, page.getByRole('link', { name: 'Skip to the page' }));
  await keyboard.press('Enter');
  await tabTo(page, capOf(page));
  await keyboard.type('Extra');
  await seeText(page, '1 unsaved change');
  expect(await capOf(page).inputValue()).toBe('xhigh');
  await tabTo(page, page.getByRole('button', { name: 'Review and save' }));
  await keyboard.press('Enter');
  await seeText(review(page), 'would have been lowered');
  await tabTo(page, review(page).getByRole('button', { name: 'Save', exact: true }));
  await keyboard.press('Enter');
  await seeText(page, SAVED);
  expect((await askForMax()).headers['remit-effort']).toBe('xhigh');
});
