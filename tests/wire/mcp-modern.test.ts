import { afterAll, beforeAll, expect, test } from 'vitest';
import { begin } from '../support/http.ts';
import { post, registerServer, rpc, settledCalls } from '../support/mcp-stage.ts';
import { type ModernMcpServer, startModernMcpServer } from '../support/modern-mcp-server.ts';
import { access, directory, gateway, type Remit, startRemit } from '../support/remit.ts';
import { waitFor } from '../support/wait.ts';

/** The protocol since 2026-07-28, which has neither handshake nor sessions: the same rights hold, and nothing is in its way. */

let server: ModernMcpServer;
let remit: Remit;
beforeAll(async () => {
  server = await startModernMcpServer();
  remit = await startRemit();
});
afterAll(async () => {
  await remit.stop();
  await server.close();
});

const META = {
  'io.modelcontextprotocol/protocolVersion': '2026-07-28',
  'io.modelcontextprotocol/clientCapabilities': {},
};

const stage = async () => {
  const connector = await registerServer(remit, server.url);
  const member = await remit.newMember();
  const at = { url: remit.url, slug: connector.slug, key: member.key };
  const headersOf = (method: string, name?: string) => ({
    'mcp-protocol-version': '2026-07-28',
    'mcp-method': method,
    ...(name === undefined ? {} : { 'mcp-name': name }),
  });
  const ask = (method: string, params: Record<string, unknown> = {}) =>
    post(
      { ...at, headers: headersOf(method, typeof params.name === 'string' ? params.name : undefined) },
      JSON.stringify(rpc('q-1', method, { ...params, _meta: META })),
    );
  return { connector, member, at, ask, headersOf };
};

test('discovery, lists and calls pass with their headers; a blocked tool is hidden and refused', async () => {
  const { connector, ask } = await stage();
  expect((await ask('server/discover')).text).toContain('"supportedVersions":["2026-07-28"]');
  expect((await ask('tools/list')).text).toContain('"drop"');
  await remit.call(access.updateConnector, {
    params: { connector_id: connector.id },
    body: { tools: [{ name: 'drop', level: 'blocked' }] },
  });
  const listed = JSON.parse((await ask('tools/list')).text) as {
    readonly result: { readonly tools: readonly { readonly name: string }[] };
  };
  expect(listed.result.tools.map(({ name }) => name)).toEqual(['add']);
  expect((await ask('tools/call', { name: 'add', arguments: { a: 3, b: 4 } })).text).toContain('"text":"7"');
  const before = server.received.length;
  const refused = await ask('tools/call', { name: 'drop' });
  expect([refused.status, refused.text]).toEqual([200, expect.stringContaining('is blocked for your organisation')]);
  expect(server.received.length).toBe(before);
  const calls = await settledCalls(remit, connector.id, 2);
  expect(calls.map(({ name, effect, outcome }) => [name, effect, outcome])).toEqual([
    ['drop', 'deny', 'refused'],
    ['add', 'allow', 'completed'],
  ]);
});

test('errors by which clients tell the two eras apart come through as they are', async () => {
  const { at } = await stage();
  const answer = await post(at, JSON.stringify(rpc(0, 'initialize', { protocolVersion: '2025-11-25' })));
  expect(answer.status).toBe(400);
  expect(JSON.parse(answer.text)).toMatchObject({ error: { code: -32022, data: { supported: ['2026-07-28'] } } });
});

const subscribe = (
  { at, headersOf }: Awaited<ReturnType<typeof stage>>,
  id: string | number,
  notifications: object | undefined = { toolsListChanged: true },
) =>
  begin({
    url: at.url,
    key: at.key,
    path: `/mcp/${at.slug}`,
    headers: { accept: 'application/json, text/event-stream', ...headersOf('subscriptions/listen') },
    body: JSON.stringify(rpc(id, 'subscriptions/listen', { _meta: META, notifications })),
  });

const settleTool = (connectorId: string, name: string, level: 'blocked' | 'ask' | null) =>
  remit.callNow(access.updateConnector, {
    params: { connector_id: connectorId },
    body: { tools: [{ name, level }] },
  });

test('a change of policy that hides a tool is told to a subscription that asked for it, under its name', async () => {
  const on = await stage();
  const asking = await subscribe(on, 's "1"');
  const silent = await subscribe(on, 7, { resourceSubscriptions: ['file:///a'] });
  await Promise.all([asking.until('acknowledged'), silent.until('acknowledged')]);
  await settleTool(on.connector.id, 'drop', 'ask');
  await settleTool(on.connector.id, 'drop', 'blocked');
  await asking.until('tools/list_changed');
  await remit.call(directory.updateApiKey, {
    params: { api_key_id: on.member.keyId },
    body: { status: 'archived' },
  });
  const [told, untold] = [(await asking.whole).text, (await silent.whole).text];
  expect(told.match(/^data: .*tools\/list_changed.*$/gm)).toEqual([
    'data: {"jsonrpc":"2.0","method":"notifications/tools/list_changed","params":{"_meta":{"io.modelcontextprotocol/subscriptionId":"s \\"1\\""}}}',
  ]);
  expect(untold).not.toContain('tools/list_changed');
});

test('a member holds so many streams open and no more; one that ends makes room, and others are not held back', async () => {
  const small = await startRemit({ env: { REMIT_MCP_STREAMS_MAX: '2' } });
  const connector = await registerServer(small, server.url);
  const [member, other] = [await small.newMember(), await small.newMember()];
  const open = ({ key }: { readonly key: string }, method: 'GET' | 'POST' = 'POST') =>
    begin({
      url: small.url,
      key,
      path: `/mcp/${connector.slug}`,
      method,
      headers: {
        accept: 'application/json, text/event-stream',
        ...(method === 'POST' ? { 'mcp-protocol-version': '2026-07-28', 'mcp-method': 'subscriptions/listen' } : {}),
      },
      ...(method === 'POST' ? { body: JSON.stringify(rpc('s', 'subscriptions/listen', { _meta: META })) } : {}),
    });
  const streams = [await open(member), await open(member)];
  await Promise.all(streams.map((stream) => stream.until('acknowledged')));
  const before = server.received.length;
  for (const method of ['POST', 'GET'] as const) {
    const refused = await (await open(member, method)).whole;
    expect([refused.status, refused.text]).toEqual([429, expect.stringContaining('You hold 2 streams')]);
    expect(refused.text).toContain('mcp_too_many_streams');
  }
  expect(server.received.length).toBe(before);
  await (await open(other)).until('acknowledged');
  streams[0]?.leave();
  await waitFor('room for another', async () => {
    const stream = await open(member);
    return await Promise.race([stream.until('acknowledged').then(() => true), stream.whole.then(() => false)]);
  });
  await small.stop();
});

test('a subscription stays open, tells of changes, and ends with the key', async () => {
  const { at, member, headersOf } = await stage();
  const stream = await begin({
    url: at.url,
    key: at.key,
    path: `/mcp/${at.slug}`,
    headers: { accept: 'application/json, text/event-stream', ...headersOf('subscriptions/listen') },
    body: JSON.stringify(rpc('s-1', 'subscriptions/listen', { _meta: META })),
  });
  await stream.until('acknowledged');
  server.tellOfTools();
  await stream.until('tools/list_changed');
  await remit.call(directory.updateApiKey, { params: { api_key_id: member.keyId }, body: { status: 'archived' } });
  expect((await stream.whole).text).toContain('"id":"s-1","error"');
});

test('its tools are read without a handshake', async () => {
  const { connector } = await stage();
  const shown = await remit.callNow(gateway.refreshConnectorTools, { params: { connector_id: connector.id } });
  expect(shown).toMatchObject({
    tools: [{ name: 'add', description: 'Can add' }, { name: 'drop' }],
    health: { error: null, server: { name: 'modern-server', version: '3.0.0' } },
  });
});
