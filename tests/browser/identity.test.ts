import { afterAll, beforeAll, expect, test } from 'vitest';
import { type ScimClient, scimClientAt } from '../support/scim.ts';
import { seriousFaults } from './support/axe.ts';
import { dialog, follow, press, seeText, seeTitle, tabTo } from './support/page.ts';
import { openStage, type Stage, type Visitor } from './support/stage.ts';

// A directory from its token to a mass removal that somebody decides about.

let stage: Stage;
let owner: Visitor;
let scim: ScimClient;

beforeAll(async () => {
  stage = await openStage();
  owner = await stage.visitAsOwner();
  await owner.go('/models');
});

afterAll(() => stage.close());

test('a directory is added, its token shown once, with the address for Entra ID', async () => {
  const { page } = owner;
  await follow(page, 'Identity');
  await seeText(page, 'No directory yet');
  expect(await seriousFaults(page)).toEqual([]);
  await press(page, 'Add a directory');
  const form = dialog(page, 'Add a directory');
  await form.getByLabel('Name', { exact: true }).fill('Entra ID');
  await form.getByLabel('Domains of your organisation').fill('harbour.example');
  await press(form, 'Add the directory');
  await seeText(form, 'it cannot be shown again');
  const token = await form.getByLabel('Token', { exact: true }).inputValue();
  expect(await form.getByLabel('Tenant URL for Entra ID', { exact: true }).inputValue()).toBe(
    `${stage.url}/scim/v2?aadOptscim062020`,
  );
  await press(form, 'Done');
  await seeTitle(page, 'Entra ID');
  await seeText(page, 'Nothing has taken effect yet');
  expect(await page.content()).not.toContain(token);
  scim = scimClientAt(stage.url, { id: '', token });
});

test('what arrives is previewed, and takes effect when somebody goes live', async () => {
  const { page } = owner;
  const ids: string[] = [];
  for (let i = 0; i < 10; i++) ids.push((await scim.addUser(`person-${i}@harbour.example`)).id);
  await scim.addGroup('Engineers', ids.slice(0, 3));
  // The page that was open all the while follows by itself.
  await seeText(page, '10 people · 1 group');
  await seeText(page, 'person-9@harbour.example');
  await seeText(page.getByRole('region', { name: 'Requests' }), 'POST /Groups');
  await seeText(page.getByRole('region', { name: 'Last syncs' }), 'just now');
  await press(page, 'Go live');
  const question = dialog(page, 'Go live?');
  await seeText(question, '10 members get access');
  await press(question, 'Go live');
  await seeText(page, '10 got access, 0 changed, 0 lost it.');
  await seeText(page, 'Everybody stands as they should.');
  expect(await seriousFaults(page)).toEqual([]);
});

test('a share of removals that is left empty is asked for, not taken for none', async () => {
  const { page } = owner;
  const section = page.getByRole('region', { name: 'Settings' });
  await section.getByRole('textbox', { name: 'Removals without asking, in percent' }).fill('');
  await press(section, 'Save settings');
  await seeText(section, 'Enter a percentage from 0 to 100.');
  await section.getByRole('textbox', { name: 'Removals without asking, in percent' }).fill('20');
  expect(await section.getByRole('button', { name: 'Save settings' }).isDisabled()).toBe(true);
});

test('a group is mapped to a role, and the mapping taken away again', async () => {
  const { page } = owner;
  const section = page.getByRole('region', { name: 'What groups mean' });
  await section.getByRole('combobox', { name: 'Group to map' }).fill('Engineers');
  await page.getByRole('option', { name: 'Engineers' }).click();
  await section.getByRole('combobox', { name: 'What it means' }).fill('Custom');
  await page.getByRole('option', { name: 'Custom' }).click();
  await press(section, 'Map');
  await seeText(section, 'Engineers → organisation role Custom');
  await press(section, 'Remove the mapping of Engineers to organisation role Custom');
  await seeText(section, 'No group of this directory means anything here yet.');
});

test('a group is mapped to a type of seat, and another takes its place', async () => {
  const { page } = owner;
  const section = page.getByRole('region', { name: 'What groups mean' });
  const mapToSeat = async (seat: string): Promise<void> => {
    await section.getByRole('combobox', { name: 'What it means' }).fill('seat');
    await page.getByRole('option', { name: 'A seat type …' }).click();
    expect(await section.getByRole('button', { name: 'Map', exact: true }).isDisabled()).toBe(true);
    await section.getByRole('combobox', { name: 'Seat type' }).fill(seat);
    await page.keyboard.press('Escape');
    await tabTo(page, section.getByRole('button', { name: 'Map', exact: true }));
    await page.keyboard.press('Enter');
    await seeText(section, `Engineers → seat type ${seat}`);
  };
  await mapToSeat('premium');
  expect(await seriousFaults(page)).toEqual([]);
  await mapToSeat('workshop');
  await expect.poll(() => section.getByText('Engineers → seat type premium').count()).toBe(0);
  await press(section, 'Remove the mapping of Engineers to seat type workshop');
  await seeText(section, 'No group of this directory means anything here yet.');
});

test('a mass removal waits, and the people are kept', async () => {
  const { page } = owner;
  const { body } = await scim.send('GET /Users?count=100');
  for (const { id } of body.Resources.slice(0, 5))
    await scim.send(`PATCH /Users/${id}`, { Operations: [{ op: 'Replace', path: 'active', value: 'False' }] });
  await page.reload();
  await seeText(page, 'Removals waiting for you');
  await press(page, 'Keep them');
  const question = dialog(page, 'Keep 3 members?');
  await press(question, 'Keep them');
  await seeText(page, '3 members stayed.');
  await page.getByText('Removals waiting for you').waitFor({ state: 'detached' });
});

test('what was asked and what a sync changed can be read', async () => {
  const { page } = owner;
  const requests = page.getByRole('region', { name: 'Requests' });
  // Requests are written down up to half a second after they were answered.
  const newest = async (): Promise<string | null> => {
    await page.reload();
    return requests.getByRole('row').nth(1).textContent();
  };
  await expect.poll(newest, { timeout: 10_000, interval: 250 }).toContain('PATCH');
  await requests.getByRole('button', { name: 'Show bodies' }).first().click();
  await seeText(dialog(page, 'Request'), '"active"');
  await page.keyboard.press('Escape');
  const syncs = page.getByRole('region', { name: 'Last syncs' });
  await syncs.getByRole('button', { name: 'Show changes' }).first().click();
  await seeText(dialog(page, 'What this sync changed'), 'deactivated by the identity provider');
  await page.keyboard.press('Escape');
});

test('the token is rotated with an overlap, and the earlier one ended', async () => {
  const { page } = owner;
  await press(page, 'Rotate the token');
  const form = dialog(page, 'Rotate the token');
  await press(form, 'Make a new token');
  await seeText(form, 'it cannot be shown again');
  const token = await form.getByLabel('Token', { exact: true }).inputValue();
  await press(form, 'Done');
  await seeText(page, 'Counts until');
  expect((await scim.send('GET /Users?count=0')).status).toBe(200);
  await page
    .getByRole('button', { name: /^End now/ })
    .last()
    .click();
  await press(dialog(page, 'End this token?'), 'End the token');
  await seeText(page, 'The token has ended.');
  expect((await scim.send('GET /Users?count=0')).status).toBe(401);
  expect((await scimClientAt(stage.url, { id: '', token }).send('GET /Users?count=0')).status).toBe(200);
});
