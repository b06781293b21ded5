import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { type McpTestServer, startMcpServer } from '../support/mcp-server.ts';
import { connectClient, listAllTools } from '../support/mcp-stage.ts';
import { access, directory } from '../support/organisation.ts';
import { seriousFaults } from './support/axe.ts';
import { dialog, follow, press, seeText, seeTitle } from './support/page.ts';
import { openStage, type Stage, type Visitor } from './support/stage.ts';

// The life of a connector, from its registration to the call of a member that it refuses.

let server: McpTestServer;
let stage: Stage;
let owner: Visitor;

beforeAll(async () => {
  server = await startMcpServer();
  stage = await openStage();
  owner = await stage.visitAsOwner();
  await owner.go('/models');
});

afterAll(async () => {
  await stage.close();
  await server.close();
});

/** Where pictures for people to look at go, when somebody asks for them. */
const PICTURES = process.env.REMIT_PICTURES;
const look = async ({ page }: Visitor, name: string): Promise<void> => {
  if (PICTURES !== undefined) await page.screenshot({ path: join(PICTURES, `${name}.png`), fullPage: true });
};

test('a server is tested before it is registered, and reached only once its private address is permitted', async () => {
  const { page } = owner;
  await follow(page, 'Connectors');
  await seeText(page, 'No connectors yet');
  await look(owner, 'empty');
  expect(await seriousFaults(page)).toEqual([]);
  await page.getByRole('button', { name: 'Register connector' }).first().click();
  const form = dialog(page, 'Register a connector');
  await press(form, 'Register');
  await seeText(form, 'Enter a name.');
  await form.getByLabel('Name', { exact: true }).fill('Trade Ledger');
  expect(await form.getByLabel('Short name').inputValue()).toBe('trade-ledger');
  await form.getByLabel('Address of the MCP server').fill(server.url);
  await press(form, 'Test the connection');
  await seeText(form, 'has a private address');
  await look(owner, 'register-refused');
  await form.getByLabel('The server may have a private address').check();
  await form.getByText('Headers', { exact: true }).click();
  await form.getByLabel('Header 1', { exact: true }).fill('X-Api-Key');
  await form.getByLabel('Value 1', { exact: true }).fill('of the ledger');
  await press(form, 'Test the connection');
  await seeText(form, 'test-server answers with 7 tools');
  await look(owner, 'register');
  expect(await seriousFaults(page)).toEqual([]);
  await press(form, 'Register');
  await seeTitle(page, 'Trade Ledger');
  await seeText(page, 'Nobody has asked the server for its tools yet.');
  expect(server.received.at(-1)?.headers['x-api-key']).toBe('of the ledger');
});

test('its tools are listed, one is blocked, and a member no longer sees it', async () => {
  const { page } = owner;
  await press(page, 'Refresh tools');
  await seeText(page, 'The server lists 7 tools.');
  await seeText(page, 'can destroy');
  await page.getByRole('combobox', { name: 'Level of drop' }).selectOption({ label: 'Blocked' });
  await expect.poll(() => page.getByRole('combobox', { name: 'Level of drop' }).inputValue()).toBe('blocked');
  const member = await stage.newMember();
  const { client } = await connectClient({ url: stage.url, slug: 'trade-ledger', key: member.key });
  expect(await listAllTools(client)).not.toContain('drop');
  await client.callTool({ name: 'add', arguments: { a: 1, b: 2 } });
  await client.callTool({ name: 'fail', arguments: {} });
  await expect(client.callTool({ name: 'drop', arguments: {} })).rejects.toThrow('is blocked');
  await page.reload();
  await seeText(page, 'The organisation blocks this tool for everybody.');
  await look(owner, 'connector');
  expect(await seriousFaults(page)).toEqual([]);
  await page.emulateMedia({ colorScheme: 'dark' });
  await page.reload();
  await seeText(page, 'The organisation blocks this tool for everybody.');
  await look(owner, 'connector-dark');
  expect(await seriousFaults(page, 'colours')).toEqual([]);
  await page.emulateMedia({ colorScheme: 'light' });
  await page.setViewportSize({ width: 420, height: 900 });
  await look(owner, 'connector-narrow');
  await page.setViewportSize({ width: 1440, height: 900 });
  await page.getByRole('switch', { name: 'Refused only' }).click();
  await seeText(page, '1 call shown');
  await owner.go('/connectors');
  await seeText(page, 'Trade Ledger');
  await look(owner, 'connectors');
  expect(await seriousFaults(page)).toEqual([]);
});

test('its credential can be set and never read', async () => {
  const { page } = owner;
  await page.getByRole('link', { name: 'Trade Ledger' }).click();
  await press(page, 'Set credential');
  const form = dialog(page, 'Set the credential');
  expect(await form.getByLabel('Value 1', { exact: true }).inputValue()).toBe('');
  await form.getByText('Bearer token', { exact: true }).click();
  await form.getByLabel('Token', { exact: true }).fill('a new token');
  await press(form, 'Save');
  await seeText(page, 'The connection is saved.');
  await seeText(page, 'A bearer token, stored sealed');
  expect(await page.content()).not.toContain('a new token');
});

test('a member finds the line that adds it, with what they may use', async () => {
  const email = 'mia@example.com';
  const { id } = await stage.call(directory.addUser, { body: { email, name: 'Mia Member', role: 'user' } });
  const { url } = await stage.callNow(directory.createSignInLink, { params: { user_id: id } });
  const token = new URL(url).searchParams.get('token') ?? '';
  await stage.callNow(directory.redeemSignInLink, { body: { token, password: 'a long enough password' } });
  const mia = await stage.visitAs({ email, password: 'a long enough password' });
  await mia.go('/me/connectors');
  await seeText(mia.page, 'claude mcp add --transport http trade-ledger');
  await seeText(mia.page, 'Adds two numbers');
  expect(await mia.page.getByText('Drops a table').count()).toBe(0);
  await look(mia, 'my-connectors');
  expect(await seriousFaults(mia.page)).toEqual([]);
  await mia.go('/connectors');
  await seeText(mia.page, 'Libraries');
});

test('it is deleted after a question, and nobody reaches it any more', async () => {
  const { page } = owner;
  await press(page, 'Delete');
  const question = dialog(page, 'Delete Trade Ledger?');
  await seeText(question, 'Sessions end within a second');
  await press(question, 'Delete the connector');
  await seeText(page, 'No connectors yet');
  expect((await stage.call(access.listConnectors)).data).toEqual([]);
});
