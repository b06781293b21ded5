import Anthropic, { toFile } from '@anthropic-ai/sdk';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { MODEL } from '../support/messages.ts';
import { access, directory, type Member, type Remit, startRemit } from '../support/remit.ts';

/** The official client of a member whose only role grants all models, Chat, and connectors after approval. */

let remit: Remit;
let member: Member;
let roleId: string;
let client: Anthropic;

const IMAGE = {
  type: 'image' as const,
  source: { type: 'base64' as const, media_type: 'image/png' as const, data: 'iVBORw0KGgo=' },
};

beforeAll(async () => {
  remit = await startRemit();
  await remit.allowAll();
  member = await remit.newMember({ role: 'managed' });
  roleId = (await remit.call(directory.createRole, { body: { display_name: 'Writers' } })).id;
  await remit.call(access.setRoleCapabilities, { params: { role_id: roleId }, body: { access: 'selected' } });
  await remit.call(directory.attachUserRole, { params: { user_id: member.id }, body: { role_id: roleId } });
  await remit.call(access.createConnector, {
    body: { slug: 'github', name: 'GitHub', url: 'https://mcp.github.example/mcp', level: 'always' },
  });
  client = new Anthropic({ apiKey: member.key, baseURL: remit.url, maxRetries: 0 });
});
afterAll(() => remit.stop());

const grant = (...capabilities: readonly string[]) =>
  remit.call(access.setRoleCapabilities, {
    params: { role_id: roleId },
    body: { capabilities: Object.fromEntries(capabilities.map((one) => [one, true])) as never },
  });

const allowConnectors = () =>
  remit.call(access.setRoleConnectors, { params: { role_id: roleId }, body: { all_connectors: 'always' } });

const question = (more: object = {}) => ({
  model: MODEL,
  max_tokens: 64,
  messages: [{ role: 'user' as const, content: 'Hello' }],
  ...more,
});

const SEARCH = { tools: [{ type: 'web_search_20250305' as const, name: 'web_search' as const }] };
const REFUSED = {
  status: 403,
  message: expect.stringContaining('Web search is not included in your roles (“Writers”).'),
};

/** What the client throws for a request. */
const refusalOf = (asked: Promise<unknown>) =>
  asked.then(
    () => undefined,
    (error: unknown) => error,
  );

describe('a member whose roles lack a capability', () => {
  it('uses the API without, as no product needs to be granted for that', async () => {
    expect((await client.messages.create(question())).type).toBe('message');
  });

  it('is refused what shows it with a sentence, in every way to ask, and nothing is sent on', async () => {
    const entry = { custom_id: 'one', params: question(SEARCH) };
    const plain = { custom_id: 'two', params: question() };
    expect(await refusalOf(client.messages.create(question(SEARCH)))).toMatchObject(REFUSED);
    expect(await refusalOf(client.messages.create({ ...question(SEARCH), stream: true }))).toMatchObject(REFUSED);
    expect(
      await refusalOf(client.messages.countTokens({ model: MODEL, messages: question().messages, ...SEARCH })),
    ).toMatchObject(REFUSED);
    expect(await refusalOf(client.messages.batches.create({ requests: [plain, entry] }))).toMatchObject({
      status: 403,
      message: expect.stringContaining('custom_id one). Of one: Web search is not included'),
    });
    const denied = (await remit.decisions()).filter(({ reason }) => reason === 'capability-not-granted-by-role');
    expect(denied.map(({ endpoint }) => endpoint).sort()).toEqual([
      'batch_item',
      'count_tokens',
      'messages',
      'messages',
    ]);
    expect(denied.every(({ outcome }) => outcome === 'refused')).toBe(true);
  });

  it('may use it from the next request on once a role grants it', async () => {
    await grant('web_search');
    const { request_id } = await client.messages.create(question(SEARCH)).withResponse();
    expect((await remit.decision(String(request_id))).findings).toContainEqual(
      expect.objectContaining({ reason: 'capabilities-permitted', explanation: 'Web search is permitted.' }),
    );
    await remit.call(access.setCapabilities, { body: { capabilities: { web_search: false } } });
    expect(await refusalOf(client.messages.create(question(SEARCH)))).toMatchObject({
      message: expect.stringContaining('Web search is switched off for your organisation.'),
    });
    await remit.call(access.setCapabilities, { body: { capabilities: { web_search: true } } });
  });

  it('sends no files: not in messages, not in results of tools, not to the Files API', async () => {
    const content = [IMAGE, { type: 'text' as const, text: 'What is this?' }];
    const result = [{ type: 'tool_result' as const, tool_use_id: 'toolu_1', content: [IMAGE] }];
    const sentence = { status: 403, message: expect.stringContaining('Files and images is not included') };
    for (const one of [content, result])
      expect(
        await refusalOf(client.messages.create(question({ messages: [{ role: 'user', content: one }] }))),
      ).toMatchObject(sentence);
    const file = await toFile(Buffer.from('text'), 'notes.txt', { type: 'text/plain' });
    expect(await refusalOf(client.beta.files.upload({ file }))).toMatchObject(sentence);
    await grant('file_upload');
    expect((await client.messages.create(question({ messages: [{ role: 'user', content }] }))).type).toBe('message');
    expect((await client.beta.files.upload({ file })).id).toMatch(/^file_/);
  });
});

describe('MCP servers that the provider is to reach', () => {
  const ask = (url: string, more: object = {}) =>
    refusalOf(
      client.beta.messages.create({
        ...question({ mcp_servers: [{ type: 'url', name: 'server', url, ...more }] }),
        betas: ['mcp-client-2025-04-04'],
      }),
    );
  const GITHUB = 'https://mcp.github.example/mcp';

  it('need a role that grants them, and approval that nobody could give is no approval', async () => {
    expect(await ask(GITHUB)).toMatchObject({
      message: expect.stringContaining('MCP servers reached by the provider'),
    });
    await grant('mcp_connector');
    expect(await ask(GITHUB)).toMatchObject({ message: expect.stringContaining('GitHub needs somebody’s approval') });
    await allowConnectors();
    expect(await ask(`${GITHUB}/`)).toBeUndefined();
  });

  it('are refused when they are not registered', async () => {
    expect(await ask('https://elsewhere.example/mcp')).toMatchObject({
      status: 403,
      message: expect.stringContaining('https://elsewhere.example/mcp is not registered here.'),
    });
  });

  it('are refused while one of the tools they open is blocked', async () => {
    const { data } = await remit.call(access.listConnectors);
    const params = { connector_id: String(data[0]?.id) };
    await remit.call(access.updateConnector, { params, body: { tools: [{ name: 'delete_repo', level: 'blocked' }] } });
    expect(await ask(GITHUB)).toMatchObject({
      message: expect.stringContaining('delete_repo of GitHub is not enabled'),
    });
    expect(await ask(GITHUB, { tool_configuration: { allowed_tools: ['search'] } })).toBeUndefined();
  });
});
