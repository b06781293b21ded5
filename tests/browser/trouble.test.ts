import { afterAll, beforeAll, test } from 'vitest';
import { follow, press, seeText, seeTitle } from './support/page.ts';
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
