import { readFileSync } from 'node:fs';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { directory } from '../support/organisation.ts';
import { seriousFaults } from './support/axe.ts';
import { dialog, follow, press, seeText, seeTitle, tabTo } from './support/page.ts';
import { openStage, type Stage, type Visitor } from './support/stage.ts';

// Money, from the first limit to a request for more that is decided: by those who manage billing, and by those who spend.

const MIRA = { name: 'Mira Member', email: 'mira@example.com', password: 'the password of Mira' };

let stage: Stage;
let owner: Visitor;
let mira: Visitor;
let miraId: string;

beforeAll(async () => {
  stage = await openStage();
  owner = await stage.visitAsOwner();
  await owner.go('/models');
  const { id } = await stage.callNow(directory.addUser, {
    body: { name: MIRA.name, email: MIRA.email, role: 'managed' },
  });
  miraId = id;
  const { url } = await stage.callNow(directory.createSignInLink, { params: { user_id: id } });
  const token = new URL(url).searchParams.get('token') ?? '';
  await stage.callNow(directory.redeemSignInLink, { body: { token, password: MIRA.password } });
  mira = await stage.visitAs({ email: MIRA.email, password: MIRA.password });
});

afterAll(() => stage.close());

test('without a limit the page says that nothing stops spending, and what to begin with', async () => {
  const { page } = owner;
  await follow(page, 'Limits');
  await seeText(page, 'Nothing stops spending yet.');
  await follow(page, 'Spend');
  await seeText(page, 'Nothing stops the organisation as a whole.');
});

test('a limit for the organisation is set by the keyboard alone, with a step before it', async () => {
  const { page } = owner;
  await owner.go('/limits');
  const set = page.getByRole('button', { name: 'Set a limit', exact: true }).first();
  await tabTo(page, set);
  await page.keyboard.press('Enter');
  const form = dialog(page, 'Set a limit');
  await tabTo(page, form.getByLabel('Amount in US dollars'));
  await page.keyboard.type('500');
  await tabTo(page, form.getByRole('button', { name: 'Add a step' }));
  await page.keyboard.press('Enter');
  await tabTo(page, form.getByRole('button', { name: 'Set limit', exact: true }));
  await page.keyboard.press('Enter');
  await seeText(page, 'It holds from the next request on.');
  const row = page.getByRole('row').filter({ hasText: 'Whole organisation' });
  await seeText(row, '$500.00');
  await seeText(row, '80%: tell people');
});

test('a limit without an amount, and one for nobody, are not sent and say what is missing', async () => {
  const { page } = owner;
  await press(page, 'Set a limit');
  const form = dialog(page, 'Set a limit');
  await form.getByRole('combobox', { name: 'Limit for' }).selectOption('rbac_group');
  await press(form, 'Set limit');
  await seeText(form, 'Choose the group.');
  await seeText(form, 'Enter an amount above zero');
  expect(await seriousFaults(page)).toEqual([]);
  await press(form, 'Cancel');
});

test("a member's own limit is set on their page and read on theirs", async () => {
  const { page } = owner;
  await owner.go(`/members/${miraId}`);
  await press(page, 'Set own limit');
  const form = dialog(page, `Own limit of ${MIRA.name}`);
  await form.getByLabel('Amount in US dollars').fill('40');
  await press(form, 'Set limit');
  await seeText(page.getByRole('table', { name: 'Spend limits of this member' }), 'Own limit');
  await mira.go('/me/usage');
  await seeText(mira.page, '$40.00 left.');
  await seeText(mira.page, 'Set for you.');
});

test('asking for more waits for a decision, which sets the limit', async () => {
  await press(mira.page, 'Ask for more per month');
  await seeText(mira.page, 'Your request waits for a decision.');
  const { page } = owner;
  await owner.go('/spend?tab=requests');
  await press(page, `Approve the request of ${MIRA.name}`);
  const form = dialog(page, 'Approve the request');
  await seeText(form, 'becomes their own limit from the next request on');
  await form.getByLabel('New limit').fill('75');
  await press(form, 'Approve');
  await seeText(page, `${MIRA.name} may spend $75.00 per month now.`);
  await seeText(page, 'No request waits');
  await mira.go('/me/usage');
  await seeText(mira.page, '$75.00 left.');
});

test('a denial says what it means first, and until when nothing can be asked', async () => {
  await press(mira.page, 'Ask for more per month');
  const { page } = owner;
  await owner.go('/spend?tab=requests');
  await press(page, `Deny the request of ${MIRA.name}`);
  const question = dialog(page, `Deny the request of ${MIRA.name}?`);
  await seeText(question, 'cannot ask again for 30 days');
  await press(question, 'Deny');
  await seeText(page, 'No request waits');
  await mira.go('/me/usage');
  await seeText(mira.page, 'You can ask again on');
});

test('spend is shown by member, and every report comes as a file', async () => {
  await stage.allowAll();
  const { key } = await stage.newMember({ role: 'user' });
  expect((await stage.ask(key, { model: 'claude-opus-5-5' })).status).toBe(200);
  const { page } = owner;
  await owner.go('/spend');
  await page.getByText('Members', { exact: true }).last().click();
  await page.getByRole('table', { name: 'Spend by member' }).waitFor();
  const waiting = page.waitForEvent('download');
  await press(page, 'Download spend by member as CSV');
  const file = await waiting;
  expect(file.suggestedFilename()).toMatch(/^spend-by-member-.*\.csv$/);
  expect(
    readFileSync(await file.path(), 'utf8')
      .trim()
      .split('\r\n').length,
  ).toBeGreaterThan(1);
});

test('a tier shows its numbers, and a lower limit stands beside it', async () => {
  const { page } = owner;
  await follow(page, 'Rates');
  await press(page, 'Change tier');
  const form = dialog(page, 'Change the tier');
  await form.getByRole('radio', { name: 'Start' }).check();
  await press(form, 'Change tier');
  await seeText(page, 'The organisation is in the tier Start.');
  await page.getByRole('table', { name: 'Used of rate limits' }).waitFor();
  await press(page, 'Set a lower limit');
  const lower = dialog(page, 'Lower limit');
  await lower.getByRole('combobox', { name: 'Member' }).fill('Mira');
  await page.getByRole('option', { name: /Mira Member/ }).click();
  await lower.getByLabel('Requests per minute').fill('20');
  await press(lower, 'Set lower limit');
  await seeText(page.getByRole('table', { name: 'Lower limits' }), '20 requests');
});

test('a discount shows its difference first, then stands in the book beside the shipped price', async () => {
  const { page } = owner;
  await follow(page, 'Prices');
  await seeText(page, 'The shipped prices hold, unchanged.');
  await press(page, 'Add a price rule');
  const form = dialog(page, 'Add a price rule');
  await form.getByRole('combobox', { name: 'For' }).selectOption('family:opus');
  await form.getByLabel('Discount').fill('50');
  await press(form, 'What would it change?');
  await seeText(form, 'in the last 30 days');
  expect(await seriousFaults(page)).toEqual([]);
  await press(form, 'Add rule');
  await seeText(page.getByRole('table', { name: 'Price rules' }), '50% off');
  await seeText(page.getByRole('row').filter({ hasText: 'claude-opus-5-5' }), '$2.00');
});

test('past days are charged anew only after the difference was shown', async () => {
  const { page } = owner;
  await press(page, 'Show the difference');
  await page.getByRole('table', { name: 'Difference by model' }).waitFor();
  await press(page, 'Book it');
  const question = dialog(page, 'Charge these days anew?');
  await seeText(question, 'What counts against limits moves with it');
  await press(question, 'Charge anew');
  await seeText(page.getByRole('table', { name: 'Re-ratings' }), 'Booked');
});

test('who may not see billing is told so, and sees no page of it in the navigation', async () => {
  await mira.go('/spend');
  await seeTitle(mira.page, 'Spend');
  await seeText(mira.page, 'You may not see this');
  expect(await mira.page.getByRole('navigation', { name: 'Pages' }).getByRole('link', { name: 'Spend' }).count()).toBe(
    0,
  );
});
