import { afterAll, beforeAll, expect, test } from 'vitest';
import { begin } from '../support/http.ts';
import { type McpTestServer, startMcpServer } from '../support/mcp-server.ts';
import { connectClient, post, registerServer, rpc, serverSessionOf } from '../support/mcp-stage.ts';
import { type PostgresServer, startPostgres } from '../support/postgres.ts';
import { access, directory, gateway, type Remit, startRemit } from '../support/remit.ts';
import { waitFor } from '../support/wait.ts';

/** Two nodes on one PostgreSQL are one gateway: a session begun on one goes on at the other, and ends on both. */

let postgres: PostgresServer;
let server: McpTestServer;
let one: Remit;
let two: Remit;
beforeAll(async () => {
  postgres = await startPostgres();
  server = await startMcpServer();
  const databaseUrl = await postgres.createDatabase();
  const start = (name: string) => startRemit({ databaseUrl, env: { REMIT_NODE_NAME: name } });
  one = await start('one');
  two = await start('two');
});
afterAll(async () => {
  await one.stop();
  await two.stop();
  await server.close();
  await postgres.stop();
});

const stage = async () => {
  const connector = await registerServer(one, server.url);
  const member = await one.newMember();
  const at = { slug: connector.slug, key: member.key };
  await waitFor('both nodes to know of it', async () => {
    const answer = await post({ ...at, url: two.url }, JSON.stringify(rpc(1, 'ping')));
    return answer.status === 400;
  });
  return { connector, member, at };
};

test('a session begun on one node goes on at the other, without a balancer that sticks', async () => {
  const { connector, at } = await stage();
  const { transport } = await connectClient({ ...at, url: one.url });
  const headers = { 'mcp-session-id': String(transport.sessionId) };
  for (const { url } of [two, one, two]) {
    const answer = await post(
      { ...at, url, headers },
      JSON.stringify(rpc(5, 'tools/call', { name: 'add', arguments: { a: 2, b: 3 } })),
    );
    expect(answer.text).toContain('"text":"5"');
  }
  const { data } = await one.call(gateway.listMcpCalls, {
    query: { connector_id: connector.id, method: 'tools/call' },
  });
  expect(data).toHaveLength(3);
  expect(new Set(data.map(({ session }) => session)).size).toBe(1);
});

test('a stream can be open on one node while calls go to the other, and a question of the server is answered there', async () => {
  const { at } = await stage();
  const { client, transport } = await connectClient({ ...at, url: one.url, capabilities: { elicitation: {} } });
  await client.close();
  const headers = { 'mcp-session-id': String(transport.sessionId) };
  const asked = await begin({
    url: two.url,
    key: at.key,
    path: `/mcp/${at.slug}`,
    headers: { ...headers, accept: 'application/json, text/event-stream' },
    body: JSON.stringify(rpc(8, 'tools/call', { name: 'elicit' })),
  });
  await asked.until('elicitation/create');
  const { id } = JSON.parse(/^data: (.*)$/m.exec(asked.text())?.[1] ?? '') as { readonly id: number };
  const answer = JSON.stringify({ jsonrpc: '2.0', id, result: { action: 'accept', content: {} } });
  expect((await post({ ...at, url: one.url, headers }, answer)).status).toBe(202);
  expect((await asked.whole).text).toContain('"text":"accept"');
});

test('a revoked key ends streams on both nodes and the session at the server', async () => {
  const { at, member } = await stage();
  const { client, transport } = await connectClient({ ...at, url: one.url });
  const session = await serverSessionOf(client, server);
  await client.close();
  const headers = { 'mcp-session-id': String(transport.sessionId), accept: 'text/event-stream' };
  const stream = await begin({ url: two.url, key: at.key, path: `/mcp/${at.slug}`, method: 'GET', headers });
  expect(stream.status).toBe(200);
  await one.call(directory.updateApiKey, { params: { api_key_id: member.keyId }, body: { status: 'archived' } });
  // The node that made the change answers it once it is in force there; the other one hears of it within a second.
  const refusedAt = async (url: string) => (await post({ ...at, url }, JSON.stringify(rpc(1, 'ping')))).status === 401;
  expect(await refusedAt(one.url)).toBe(true);
  await waitFor('the refusal at the other node', () => refusedAt(two.url), 1000);
  await stream.whole;
  await waitFor('the end at the server', () => !server.sessions.has(session));
});

test('a tool blocked on one node is blocked on the other, and its credential is there as well', async () => {
  const { connector, at } = await stage();
  const params = { connector_id: connector.id };
  await one.call(gateway.setConnectorServer, { params, body: { credential: { kind: 'bearer', token: 'shared' } } });
  await one.call(access.updateConnector, { params, body: { tools: [{ name: 'drop', level: 'blocked' }] } });
  const call = JSON.stringify(rpc(1, 'tools/call', { name: 'drop' }));
  await waitFor(
    'the refusal',
    async () => (await post({ ...at, url: two.url }, call)).text.includes('is blocked'),
    1000,
  );
  const before = server.received.length;
  await post({ ...at, url: two.url }, JSON.stringify(rpc(1, 'ping')));
  expect(server.received[before]?.headers.authorization).toBe('Bearer shared');
});

test('while the database is away no call goes out, because it could not be written down', async () => {
  const { at } = await stage();
  const call = JSON.stringify(rpc(1, 'tools/call', { name: 'add', arguments: {} }));
  await post({ ...at, url: one.url }, call);
  const before = server.received.length;
  await postgres.stop();
  const answer = await post({ ...at, url: one.url }, call);
  expect(answer.status).toBe(503);
  expect(JSON.parse(answer.text)).toMatchObject({
    id: 1,
    error: { message: expect.stringContaining('cannot record') },
  });
  expect(server.received.length).toBe(before);
});
