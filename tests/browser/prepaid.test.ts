import { afterAll, beforeAll, expect, test } from 'vitest';
import { directory } from '../support/organisation.ts';
import { seriousFaults } from './support/axe.ts';
import { dialog, hasFocus, press, seeText, tabTo, wordsOf } from './support/page.ts';
import { openStage, type Stage, type Visitor } from './support/stage.ts';

// Credit that is paid for in advance, what seats include, and the order of long lists.

let stage: Stage;
let owner: Visitor;

beforeAll(async () => {
  stage = await openStage();
  owner = await stage.visitAsOwner();
});

afterAll(() => stage.close());

test('credit is written down by the keyboard alone, and an adjustment takes some of it away', async () => {
  const { page } = owner;
  await owner.go('/spend?tab=prepaid');
  await seeText(page, 'No credit has been added yet.');
  await tabTo(page, page.getByRole('button', { name: 'Add credit' }));
  await page.keyboard.press('Enter');
  const form = dialog(page, 'Add credit');
  // The dialog takes the keyboard a moment after it has opened.
  await expect.poll(() => hasFocus(form.getByLabel('Amount in US dollars'))).toBe(true);
  await page.keyboard.press('Enter');
  await seeText(form, 'Enter how much was bought, above zero.');
  await form.getByLabel('Amount in US dollars').fill('250');
  await seeText(form, 'The balance comes to $250.00.');
  await form.getByLabel('Note').fill('Invoice 7');
  await page.keyboard.press('Enter');
  const orders = page.getByRole('table', { name: 'Orders of credit' });
  await seeText(orders, '+$250.00');
  await seeText(orders, 'Invoice 7');
  await press(page, 'Add credit');
  await form.getByRole('radio', { name: 'An adjustment' }).check();
  await form.getByLabel('Amount in US dollars').fill('-50');
  expect(await seriousFaults(page)).toEqual([]);
  await press(form, 'Add credit');
  await seeText(orders, '-$50.00');
});

test('the balance is put in force only after it was said what that does', async () => {
  const { page } = owner;
  await press(page, 'Put in force');
  const question = dialog(page, 'Put the balance in force?');
  await seeText(question, 'comes off the balance of $200.00');
  await press(question, 'Put in force');
  await seeText(page, 'The balance is in force.');
  await seeText(page, 'Every request needs room in the balance');
});

test('auto-reload wants a threshold and an amount before it is saved', async () => {
  const { page } = owner;
  await page.getByRole('switch', { name: 'Add credit when the balance is low' }).check();
  await press(page, 'Save auto-reload');
  await seeText(page, 'Enter the balance below which credit is added.');
  await page.getByLabel('When the balance falls below').fill('20');
  await page.getByLabel('Add each time').fill('100');
  await press(page, 'Save auto-reload');
  await seeText(page, 'Auto-reload is saved.');
});

test('a member’s seat is set on their page, and what it includes on the tab of seats', async () => {
  const { page } = owner;
  const { id } = await stage.newMember();
  await owner.go(`/members/${id}`);
  await page.getByRole('combobox', { name: 'Seat' }).fill('premium');
  await press(page, 'Save');
  await seeText(page, 'has a premium seat now.');
  await owner.go('/limits?tab=seats');
  await press(page, 'Change what premium includes');
  const form = dialog(page, 'What seats include');
  await form.getByLabel('Includes').fill('30');
  await press(form, 'Save');
  await seeText(page.getByRole('table', { name: 'Included usage' }), '$30.00 per month');
});

test('members are sorted by the server, over all pages', async () => {
  const { page } = owner;
  for (const name of ['Zora Last', '1 First'])
    await stage.call(directory.addUser, {
      body: { email: `${name.replace(' ', '.')}@example.com`, name, role: 'user' },
    });
  await owner.go('/members');
  const table = page.getByRole('table', { name: 'Members' });
  await press(page, 'Name');
  await expect.poll(() => wordsOf(table.getByRole('row').nth(1))).toContain('1 First');
  await press(page, 'Name');
  await expect.poll(() => wordsOf(table.getByRole('row').nth(1))).toContain('Zora Last');
  expect(await table.getByRole('columnheader', { name: 'Name' }).getAttribute('aria-sort')).toBe('descending');
});
