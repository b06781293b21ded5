import {
  CreateMessageRequestSchema,
  ElicitRequestSchema,
  ListRootsRequestSchema,
  LoggingMessageNotificationSchema,
} from '@modelcontextprotocol/sdk/types.js';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type McpTestServer, startMcpServer, TOOLS } from '../support/mcp-server.ts';
import { connectClient, listAllTools, registerServer, serverSessionOf, settledCalls } from '../support/mcp-stage.ts';
import { gateway, type Remit, startRemit } from '../support/remit.ts';
import { waitFor } from '../support/wait.ts';

/** The official client of MCP, a real server of its SDK, and Remit between them. */

let server: McpTestServer;
let remit: Remit;
beforeAll(async () => {
  server = await startMcpServer();
  remit = await startRemit();
});
afterAll(async () => {
  await remit.stop();
  await server.close();
});

const connected = async (capabilities = {}, url = server.url) => {
  const connector = await registerServer(remit, url);
  const member = await remit.newMember();
  const opened = await connectClient({ url: remit.url, slug: connector.slug, key: member.key, capabilities });
  return { ...opened, connector, member };
};

test('tools are listed and called, and the call is recorded without what it said', async () => {
  const { client, connector, member } = await connected();
  expect(client.getServerVersion()).toMatchObject({ name: 'test-server', version: '1.2.3' });
  expect(await listAllTools(client)).toEqual(TOOLS.map(({ name }) => name));
  const answer = await client.callTool({ name: 'add', arguments: { a: 1_234_500, b: 67, note: 'a secret' } });
  expect(answer).toMatchObject({ content: [{ text: '1234567' }] });
  const [called, begun] = await settledCalls(remit, connector.id, 2);
  expect(begun).toMatchObject({ method: 'initialize', effect: 'allow', outcome: 'completed' });
  expect(called).toMatchObject({
    user: { id: member.id },
    api_key: { id: member.keyId },
    connector: { id: connector.id, slug: connector.slug },
    method: 'tools/call',
    name: 'add',
    level: 'always',
    effect: 'allow',
    reason: null,
    outcome: 'completed',
    status: 200,
  });
  expect(called?.request_bytes).toBeGreaterThan(50);
  expect(called?.answer_bytes).toBeGreaterThan(20);
  for (const said of ['a secret', '1234567', '1234500']) expect(JSON.stringify(called)).not.toContain(said);
});

test('the server never sees the member’s key, and the client never sees the server’s session', async () => {
  const { connector, member, transport, client } = await connected();
  await remit.call(gateway.setConnectorServer, {
    params: { connector_id: connector.id },
    body: { credential: { kind: 'headers', headers: [{ name: 'X-Team-Token', value: 'of the team' }] } },
  });
  const before = server.received.length;
  await client.ping();
  const [seen] = server.received.slice(before);
  expect(seen?.headers['x-team-token']).toBe('of the team');
  expect(seen?.headers.authorization).toBeUndefined();
  expect(JSON.stringify(server.received)).not.toContain(member.key);
  expect([...server.sessions.keys()]).not.toContain(transport.sessionId);
  expect([...server.sessions.keys()]).toContain(seen?.headers['mcp-session-id']);
});

test('progress, cancellation and logging pass in both directions', async () => {
  const { client, connector } = await connected();
  const seen: number[] = [];
  const slow = await client.callTool({ name: 'slow', arguments: {} }, undefined, {
    onprogress: ({ progress }) => seen.push(progress),
  });
  expect(slow).toMatchObject({ content: [{ text: 'done' }] });
  expect(seen).toEqual([1, 2, 3]);

  const logged: unknown[] = [];
  client.setNotificationHandler(LoggingMessageNotificationSchema, ({ params }) => {
    logged.push(params.data);
  });
  await server.sessions
    .get(await serverSessionOf(client, server))
    ?.sendLoggingMessage({ level: 'info', data: 'from the server' });
  await waitFor('the message', () => logged.includes('from the server'));

  const stop = new AbortController();
  const call = client.callTool({ name: 'slow', arguments: { ms: 5000 } }, undefined, { signal: stop.signal });
  await waitFor('the call', () => (server.ran.get('slow') ?? 0) >= 2);
  stop.abort('enough');
  await expect(call).rejects.toThrow();
  await waitFor('the cancellation', () =>
    server.received.some(({ body }) => body.includes('notifications/cancelled') && body.includes('enough')),
  );
  expect(await remit.call(gateway.listMcpCalls, { query: { connector_id: connector.id } })).toBeTruthy();
});

test('a server can ask the client’s model, the person and for folders', async () => {
  const { client } = await connected({ sampling: {}, elicitation: {}, roots: {} });
  client.setRequestHandler(CreateMessageRequestSchema, async ({ params }) => ({
    model: 'a-model',
    role: 'assistant' as const,
    content: { type: 'text' as const, text: `${params.maxTokens} tokens` },
  }));
  client.setRequestHandler(ElicitRequestSchema, async () => ({ action: 'decline' as const }));
  client.setRequestHandler(ListRootsRequestSchema, async () => ({ roots: [{ uri: 'file:///work' }] }));
  expect(await client.callTool({ name: 'sample', arguments: {} })).toMatchObject({
    content: [{ text: '{"type":"text","text":"5 tokens"}' }],
  });
  expect(await client.callTool({ name: 'elicit', arguments: {} })).toMatchObject({ content: [{ text: 'decline' }] });
  expect(await client.callTool({ name: 'roots', arguments: {} })).toMatchObject({
    content: [{ text: 'file:///work' }],
  });
});

test('resources, prompts and completions pass; reading and getting are recorded', async () => {
  const { client, connector } = await connected();
  expect((await client.listResources()).resources).toEqual([{ uri: 'mem://1', name: 'one' }]);
  expect((await client.readResource({ uri: 'mem://1' })).contents).toEqual([{ uri: 'mem://1', text: 'éééééééééé' }]);
  expect((await client.listPrompts()).prompts).toEqual([{ name: 'greet' }]);
  expect((await client.getPrompt({ name: 'greet' })).messages).toHaveLength(1);
  const asked = { ref: { type: 'ref/prompt' as const, name: 'greet' }, argument: { name: 'x', value: '' } };
  expect((await client.complete(asked)).completion.values).toEqual(['a', 'b']);
  const calls = await settledCalls(remit, connector.id, 3);
  expect(calls.map(({ method, name }) => [method, name])).toEqual([
    ['prompts/get', 'greet'],
    ['resources/read', null],
    ['initialize', null],
  ]);
});

test('a failed tool and an unknown method are told and recorded as what they are', async () => {
  const { client, connector } = await connected();
  expect(await client.callTool({ name: 'fail', arguments: {} })).toMatchObject({ isError: true });
  await expect(client.getPrompt({ name: 'x', arguments: {} })).resolves.toBeTruthy();
  server.intercept(({ body }, response) => {
    if (!body.includes('resources/read')) return false;
    const { id } = JSON.parse(body) as { id: number };
    response.writeHead(200, { 'content-type': 'application/json' });
    response.end(JSON.stringify({ jsonrpc: '2.0', id, error: { code: -32602, message: 'no such thing' } }));
    return true;
  });
  await expect(client.readResource({ uri: 'mem://2' })).rejects.toThrow('no such thing');
  server.intercept(undefined);
  const calls = await settledCalls(remit, connector.id, 4);
  expect(calls.map(({ outcome }) => outcome)).toEqual(['rpc_error', 'completed', 'tool_error', 'completed']);
});

describe('a server that answers in JSON instead of streams', () => {
  test('serves as well', async () => {
    const plain = await startMcpServer({ json: true });
    const { client } = await connected({}, plain.url);
    expect(await listAllTools(client)).toHaveLength(TOOLS.length);
    expect(await client.callTool({ name: 'add', arguments: { a: 1, b: 2 } })).toMatchObject({
      content: [{ text: '3' }],
    });
    await plain.close();
  });
});

test('a client that ends its session ends it at the server', async () => {
  const { client, transport } = await connected();
  const session = await serverSessionOf(client, server);
  expect(server.sessions.has(session)).toBe(true);
  await transport.terminateSession();
  expect(server.sessions.has(session)).toBe(false);
});
