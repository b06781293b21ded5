import { ToolListChangedNotificationSchema } from '@modelcontextprotocol/sdk/types.js';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { begin, send } from '../support/http.ts';
import { type McpTestServer, startMcpServer, TOOLS } from '../support/mcp-server.ts';
import {
  connectClient,
  listAllTools,
  post,
  registerServer,
  rpc,
  serverSessionOf,
  settledCalls,
} from '../support/mcp-stage.ts';
import { access, directory, gateway, type Remit, startRemit } from '../support/remit.ts';
import { waitFor } from '../support/wait.ts';

/** Who may see and call what, for how long, and in whose sessions. */

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

const stage = async (level: 'always' | 'ask' | 'blocked' = 'always') => {
  const connector = await registerServer(remit, server.url, level);
  const member = await remit.newMember();
  return { connector, member, at: { url: remit.url, slug: connector.slug, key: member.key } };
};

const setTool = (connectorId: string, name: string, level: 'always' | 'ask' | 'blocked' | null) =>
  remit.call(access.updateConnector, { params: { connector_id: connectorId }, body: { tools: [{ name, level }] } });

describe('a blocked tool', () => {
  test('is in no page of the list, whose cursors still lead to every other one', async () => {
    const { connector, at } = await stage();
    await setTool(connector.id, 'drop', 'blocked');
    await setTool(connector.id, 'slow', 'blocked');
    await setTool(connector.id, 'fail', 'blocked');
    const { client } = await connectClient(at);
    expect(await listAllTools(client)).toEqual(['add', 'sample', 'elicit', 'roots']);
  });

  test('is not called: the client reads why, the server hears nothing, and the refusal is recorded', async () => {
    const { connector, member, at } = await stage();
    await setTool(connector.id, 'drop', 'blocked');
    const { client } = await connectClient(at);
    const before = server.received.length;
    await expect(client.callTool({ name: 'drop', arguments: {} })).rejects.toThrow(
      `The tool “drop” of the connector “${connector.name}” is blocked for your organisation. It was not called.`,
    );
    expect(server.received.slice(before).filter(({ body }) => body.includes('tools/call'))).toEqual([]);
    const [refused] = await settledCalls(remit, connector.id, 2);
    expect(refused).toMatchObject({
      user: { id: member.id },
      name: 'drop',
      level: 'blocked',
      effect: 'deny',
      reason: 'tool-blocked-by-organisation',
      outcome: 'refused',
      status: null,
      answer_bytes: null,
    });
  });

  test('in a batch keeps the whole batch here, and every request of it gets its answer', async () => {
    const { connector, at } = await stage();
    await setTool(connector.id, 'drop', 'blocked');
    const ran = server.ran.get('add') ?? 0;
    const batch = [rpc(1, 'tools/call', { name: 'add', arguments: {} }), rpc('b', 'tools/call', { name: 'drop' })];
    const answer = await post(at, JSON.stringify(batch));
    expect(answer.status).toBe(200);
    expect(JSON.parse(answer.text)).toMatchObject([
      { id: 1, error: { data: { error_code: 'batch-held-back' } } },
      { id: 'b', error: { data: { error_code: 'tool-blocked-by-organisation' } } },
    ]);
    expect(server.ran.get('add') ?? 0).toBe(ran);
    const calls = await settledCalls(remit, connector.id, 2);
    expect(calls.map(({ effect, request_id }) => [effect, request_id])).toEqual(
      [1, 2].map(() => ['deny', answer.headers['request-id']]),
    );
  });

  test('is hidden and refused from the moment it is blocked, in sessions that are open', async () => {
    const { connector, at } = await stage();
    const { client } = await connectClient(at);
    expect(await listAllTools(client)).toContain('drop');
    await setTool(connector.id, 'drop', 'blocked');
    expect(await listAllTools(client)).not.toContain('drop');
    await expect(client.callTool({ name: 'drop', arguments: {} })).rejects.toThrow('is blocked');
    await setTool(connector.id, 'drop', null);
    expect(await client.callTool({ name: 'drop', arguments: {} })).toMatchObject({ content: [{ text: 'drop ran' }] });
  });
});

test('a tool that needs approval is called, because the client asks; the record says so', async () => {
  const { connector, at } = await stage('ask');
  const { client } = await connectClient(at);
  await client.callTool({ name: 'add', arguments: { a: 1, b: 1 } });
  expect((await settledCalls(remit, connector.id, 2))[0]).toMatchObject({ level: 'ask', effect: 'allow' });
});

test('a member bound by roles has what one of them grants, and no connector at all without', async () => {
  const { connector } = await stage();
  const member = await remit.newMember({ role: 'managed' });
  const at = { url: remit.url, slug: connector.slug, key: member.key };
  await expect(connectClient(at)).rejects.toThrow(/None of your roles permits a tool of the connector/);
  const [refused] = await settledCalls(remit, connector.id, 1);
  expect(refused).toMatchObject({ method: 'initialize', effect: 'deny', reason: 'connector-not-permitted' });
  expect((await send({ ...at, path: `/mcp/${connector.slug}`, method: 'GET' })).status).toBe(403);

  const role = await remit.newRole({});
  await remit.call(directory.attachUserRole, { params: { user_id: member.id }, body: { role_id: role } });
  const { client } = await connectClient(at);
  // A new role needs approval for every connector (access reference §3.2).
  await client.callTool({ name: 'add', arguments: { a: 1, b: 1 } });
  expect((await settledCalls(remit, connector.id, 3))[0]).toMatchObject({ level: 'ask', effect: 'allow' });
});

test('a change of policy that shows or hides a tool is told to clients that listen, and no other change is', async () => {
  const { connector, at } = await stage();
  const { client } = await connectClient(at);
  let told = 0;
  client.setNotificationHandler(ToolListChangedNotificationSchema, () => {
    told += 1;
  });
  await waitFor('the stream', () => server.received.some(({ method }) => method === 'GET'));
  await setTool(connector.id, 'drop', 'ask');
  await remit.newMember();
  await setTool(connector.id, 'drop', 'blocked');
  await waitFor('the notification', () => told === 1);
  await setTool(connector.id, 'drop', null);
  await waitFor('the next one', () => told === 2);
});

test('a change of the server’s list is told to the client', async () => {
  const own = await startMcpServer();
  const connector = await registerServer(remit, own.url);
  const member = await remit.newMember();
  const { client } = await connectClient({ url: remit.url, slug: connector.slug, key: member.key });
  let told = 0;
  client.setNotificationHandler(ToolListChangedNotificationSchema, () => {
    told += 1;
  });
  await waitFor('the stream', () => own.received.some(({ method }) => method === 'GET'));
  await own.setTools(TOOLS.slice(0, 1));
  await waitFor('the notification', () => told > 0);
  expect(await listAllTools(client)).toEqual(['add']);
  await own.close();
});

describe('access that ends', () => {
  test.each([
    [
      'the key is revoked',
      (_: string, keyId: string) =>
        remit.call(directory.updateApiKey, { params: { api_key_id: keyId }, body: { status: 'archived' } }),
    ],
    ['the connector is deleted', (id: string) => remit.call(access.deleteConnector, { params: { connector_id: id } })],
    [
      'the connector is blocked',
      (id: string) => remit.call(access.updateConnector, { params: { connector_id: id }, body: { level: 'blocked' } }),
    ],
  ])('when %s ends streams and calls within a second', async (_, end) => {
    const { connector, member, at } = await stage();
    const { transport, client } = await connectClient(at);
    const session = { 'mcp-session-id': String(transport.sessionId), accept: 'text/event-stream' };
    await client.close();
    const stream = await begin({ ...at, path: `/mcp/${connector.slug}`, method: 'GET', headers: session });
    expect(stream.status).toBe(200);
    const call = await begin({
      ...at,
      path: `/mcp/${connector.slug}`,
      headers: { ...session, accept: 'application/json, text/event-stream' },
      body: JSON.stringify(rpc(7, 'tools/call', { name: 'slow', arguments: { ms: 60_000 } })),
    });
    const startedAt = performance.now();
    await end(connector.id, member.keyId);
    const [listened, called] = await Promise.all([stream.whole, call.whole]);
    expect(performance.now() - startedAt).toBeLessThan(1000);
    expect(listened.isCut).toBe(false);
    expect(called.text).toContain('"id":7,"error"');
    expect(called.text).toContain('Your access ended');
    await waitFor('the ending', async () => {
      const { data } = await remit.call(gateway.listMcpCalls, { query: { connector_id: connector.id } });
      return data[0]?.outcome === 'revoked';
    });
  });

  test('when the key is revoked ends the session at the server as well', async () => {
    const { member, at } = await stage();
    const { client } = await connectClient(at);
    const session = await serverSessionOf(client, server);
    expect(server.sessions.has(session)).toBe(true);
    await remit.call(directory.updateApiKey, { params: { api_key_id: member.keyId }, body: { status: 'archived' } });
    await waitFor('the end at the server', () => !server.sessions.has(session));
    const answer = await post(at, JSON.stringify(rpc(1, 'ping')));
    expect(answer.status).toBe(401);
    expect(JSON.parse(answer.text)).toMatchObject({ error: { message: expect.stringContaining('has been revoked') } });
  });
});

describe('a session', () => {
  test('belongs to the member who began it, with whichever of their keys', async () => {
    const { connector, member, at } = await stage();
    const { transport } = await connectClient(at);
    const headers = { 'mcp-session-id': String(transport.sessionId) };
    const ping = JSON.stringify(rpc(1, 'ping'));
    expect((await post({ ...at, headers }, ping)).status).toBe(200);
    const { key } = await remit.call(directory.createApiKey, { body: { name: 'second', user_id: member.id } });
    expect((await post({ ...at, key, headers }, ping)).status).toBe(200);
    const other = await remit.newMember();
    const before = server.received.length;
    for (const [method, body] of [
      ['POST', ping],
      ['GET', undefined],
      ['DELETE', undefined],
    ] as const) {
      const answer = await send({
        ...{ url: remit.url, path: `/mcp/${connector.slug}`, key: other.key, method, headers },
        ...(body === undefined ? {} : { body }),
      });
      expect([method, answer.status]).toEqual([method, 404]);
      expect(JSON.parse(answer.text)).toMatchObject({ error: { code: -32001 } });
    }
    expect(server.received.length).toBe(before);
  });

  test('is of one connector, and nothing that a client makes up', async () => {
    const { at } = await stage();
    const { transport } = await connectClient(at);
    const elsewhere = await registerServer(remit, server.url);
    const ping = JSON.stringify(rpc(1, 'ping'));
    const [real] = server.sessions.keys();
    for (const [slug, id] of [
      [elsewhere.slug, transport.sessionId],
      [at.slug, real],
      [at.slug, 'v1.x.y'],
      [at.slug, ''],
    ])
      expect((await post({ ...at, slug: String(slug), headers: { 'mcp-session-id': String(id) } }, ping)).status).toBe(
        404,
      );
  });
});
