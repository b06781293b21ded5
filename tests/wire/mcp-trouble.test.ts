import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, afterEach, beforeAll, describe, expect, onTestFinished, test } from 'vitest';
import { begin, exchangeRaw, send } from '../support/http.ts';
import { type McpTestServer, startMcpServer } from '../support/mcp-server.ts';
import { connectClient, post, registerServer, rpc, settledCalls } from '../support/mcp-stage.ts';
import { access, gateway, type Member, type Remit, startRemit } from '../support/remit.ts';
import { closedUrl } from '../support/upstreams.ts';
import { waitFor } from '../support/wait.ts';

/** What breaks, and who tries to break it: clients that say two things at once, servers that answer nonsense or nothing. */

let server: McpTestServer;
let remit: Remit;
let member: Member;
beforeAll(async () => {
  server = await startMcpServer();
  remit = await startRemit({ env: { REMIT_MCP_ANSWER_SECONDS: '1', REMIT_MCP_MEGABYTES_MAX: '1' } });
  member = await remit.newMember();
});
afterEach(() => server.intercept(undefined));
afterAll(async () => {
  await remit.stop();
  await server.close();
});

const stage = async (url = server.url) => {
  const connector = await registerServer(remit, url);
  return { connector, at: { url: remit.url, slug: connector.slug, key: member.key } };
};

const PING = JSON.stringify(rpc(1, 'ping'));
const CALL = JSON.stringify(rpc(1, 'tools/call', { name: 'drop' }));

const errorIn = ({ text }: { readonly text: string }) =>
  (
    JSON.parse(text) as {
      readonly error: {
        readonly code: number;
        readonly message: string;
        readonly data: { readonly error_code?: string };
      };
    }
  ).error;

describe('a message that could be read in two ways goes nowhere', () => {
  test.each([
    ['is no JSON', '{', -32700],
    ['is two messages', `${PING}${CALL}`, -32600],
    ['names its method twice', '{"jsonrpc":"2.0","id":1,"method":"ping","method":"tools/call"}', -32600],
    [
      'names its tool in another case',
      '{"jsonrpc":"2.0","id":1,"method":"tools/call","params":{"NAME":"drop"}}',
      -32600,
    ],
    ['calls a tool without naming it', '{"jsonrpc":"2.0","id":1,"method":"tools/call","params":{}}', -32600],
    ['calls a tool by a list', '{"jsonrpc":"2.0","id":1,"method":"tools/call","params":["drop"]}', -32600],
    [
      'calls a tool and waits for no answer',
      '{"jsonrpc":"2.0","method":"tools/call","params":{"name":"drop"}}',
      -32600,
    ],
    ['has no id', '{"jsonrpc":"2.0","id":null,"method":"tools/call","params":{"name":"drop"}}', -32600],
    ['is nested for ever', `{"jsonrpc":"2.0","id":1,"method":"x","params":${'['.repeat(100_000)}`, -32700],
    ['is an empty batch', '[]', -32600],
    ['is a batch with one id twice', `[${PING},${CALL}]`, -32600],
  ])('when it %s', async (_, body, code) => {
    const { at } = await stage();
    const before = server.received.length;
    const answer = await post(at, body);
    expect(answer.status).toBe(400);
    expect([code, -32600]).toContain(errorIn(answer).code);
    expect(server.received.length).toBe(before);
  });

  test('when its headers speak of another message', async () => {
    const { at } = await stage();
    const before = server.received.length;
    for (const headers of [
      { 'mcp-method': 'ping' },
      { 'mcp-name': 'add' },
      { 'mcp-method': 'tools/call', 'mcp-name': '=?base64?YWRk?=' },
      { 'mcp-method': ['tools/call', 'ping'] },
    ]) {
      const answer = await post({ ...at, headers }, CALL);
      expect([answer.status, errorIn(answer).code]).toEqual([400, -32020]);
    }
    const batch = await post({ ...at, headers: { 'mcp-method': 'ping' } }, `[${PING}]`);
    expect(errorIn(batch).code).toBe(-32020);
    expect(server.received.length).toBe(before);
    const { client } = await connectClient({ ...at, headers: { 'x-nothing': '1' } });
    await client.ping();
  });

  test('when it is not JSON in UTF-8 by its own words', async () => {
    const { at } = await stage();
    for (const type of ['text/plain', 'application/json; charset=utf-16', 'multipart/form-data'])
      expect((await post({ ...at, headers: { 'content-type': type } }, PING)).status).toBe(400);
  });

  test('when it is larger than a message may be, packed or not', async () => {
    const { at } = await stage();
    const large = JSON.stringify(rpc(1, 'tools/call', { name: 'add', arguments: { x: 'x'.repeat(2_000_000) } }));
    expect((await post(at, large)).status).toBe(413);
    const { gzipSync } = await import('node:zlib');
    expect((await post({ ...at, headers: { 'content-encoding': 'gzip' } }, gzipSync(large))).status).toBe(413);
  });
});

describe('who may not come in', () => {
  test.each([
    ['without a key', {}, 401],
    ['with a key nobody knows', { 'x-api-key': 'unknown' }, 401],
    ['with two different keys', { 'x-api-key': 'one', authorization: 'Bearer two' }, 401],
  ])('%s gets 401 and no way to sign in', async (_, headers, status) => {
    const { at } = await stage();
    const answer = await send({
      url: at.url,
      path: `/mcp/${at.slug}`,
      headers: { ...headers, accept: 'application/json' },
      body: PING,
    });
    expect(answer.status).toBe(status);
    expect(answer.headers['www-authenticate']).toBeUndefined();
    expect(errorIn(answer).message).toMatch(/key/);
    const statusOf = async ({ url, path }: { url: string; path: string }) =>
      (await send({ url, path, method: 'GET', headers: { 'mcp-protocol-version': '2025-11-25' } })).status;
    for (const path of ['oauth-protected-resource', 'oauth-authorization-server', 'openid-configuration'])
      for (const tail of ['', `/mcp/${at.slug}`])
        expect(await statusOf({ url: at.url, path: `/.well-known/${path}${tail}` })).toBe(404);
    const registration = await send({ url: at.url, path: '/register', body: '{}' });
    expect([registration.status, registration.text]).toEqual([403, expect.stringContaining('take your Remit key')]);
  });

  test('from another web page', async () => {
    const { at } = await stage();
    expect((await post({ ...at, headers: { origin: 'https://elsewhere.example' } }, PING)).status).toBe(403);
    expect((await post({ ...at, headers: { origin: 'null' } }, PING)).status).toBe(403);
  });

  test('to a connector that is not there, by a method that is not one, by a path below one', async () => {
    const { at } = await stage();
    expect((await post({ ...at, slug: 'nothing' }, PING)).status).toBe(404);
    const put = await send({ url: at.url, key: at.key, path: `/mcp/${at.slug}`, method: 'PUT', body: PING });
    expect([put.status, put.headers.allow]).toEqual([405, 'POST, GET, DELETE']);
    expect((await post({ ...at, slug: `${at.slug}/tools` }, PING)).status).toBe(404);
  });
});

test('of a client’s headers a server gets those of MCP and no others, whatever they claim', async () => {
  const { connector, at } = await stage();
  await remit.call(gateway.setConnectorServer, {
    params: { connector_id: connector.id },
    body: { credential: { kind: 'headers', headers: [{ name: 'X-User', value: 'remit' }] } },
  });
  const before = server.received.length;
  const lines = [
    `POST /mcp/${at.slug} HTTP/1.1`,
    'Host: remit',
    `Authorization: Bearer ${at.key}`,
    'Content-Type: application/json',
    'Accept: application/json, text/event-stream',
    'X-User: admin',
    'X-Forwarded-User: admin',
    'Cookie: a=b',
    'Via: 1.1 x',
    'Connection: close, mcp-protocol-version',
    'MCP-Protocol-Version: 2025-06-18',
    'Mcp-Param-Region: eu',
    'traceparent: 00-1',
    `Content-Length: ${PING.length}`,
  ];
  await exchangeRaw(at.url, `${lines.join('\r\n')}\r\n\r\n${PING}`);
  const [seen] = server.received.slice(before);
  expect(seen?.headers).toMatchObject({ 'x-user': 'remit', 'mcp-param-region': 'eu', traceparent: '00-1' });
  for (const name of ['authorization', 'x-forwarded-user', 'cookie', 'via', 'mcp-protocol-version'])
    expect([name, seen?.headers[name]]).toEqual([name, undefined]);
});

describe('a server that', () => {
  const answerWith = (status: number, headers: Record<string, string>, body = '') =>
    server.intercept((_, response) => {
      response.writeHead(status, headers).end(body);
      return true;
    });

  test.each([401, 403])(
    'refuses our credential with %i is our trouble: 502, an alert, and no challenge for the client',
    async (status) => {
      const { at, connector } = await stage();
      answerWith(status, { 'www-authenticate': 'Bearer resource_metadata="https://evil.example"' });
      const answer = await post(at, CALL);
      expect(answer.status).toBe(502);
      expect(answer.headers['www-authenticate']).toBeUndefined();
      expect(errorIn(answer).message).toContain('an administrator has to renew it on the connector');
      const alerts = async () =>
        (await remit.call(gateway.getStatus)).alerts.filter(({ message }) => message.includes(connector.name));
      expect(await alerts()).toMatchObject([{ code: 'mcp_credential_rejected' }]);
      expect((await settledCalls(remit, connector.id, 1))[0]).toMatchObject({ outcome: 'failed', status: 502 });
      server.intercept(undefined);
      await connectClient(at);
      expect(await alerts()).toEqual([]);
    },
  );

  test('redirects is not followed', async () => {
    const { at } = await stage();
    answerWith(307, { location: `${server.url}/elsewhere` });
    const before = server.received.length;
    const answer = await post(at, CALL);
    expect([answer.status, errorIn(answer).message]).toEqual([502, expect.stringContaining('redirect')]);
    expect(server.received.length).toBe(before + 1);
  });

  test.each([
    ['an error page', 500, 'text/html', '<script>alert(1)</script>'],
    ['a page', 200, 'text/html', '<script>alert(1)</script>'],
    ['no JSON', 200, 'application/json', '{"jsonrpc":'],
    ['two lists in one', 200, 'application/json', '{"id":1,"result":{"tools":[],"tools":[{"name":"drop"}]}}'],
    ['more than a message may hold', 200, 'application/json', JSON.stringify('x'.repeat(2_000_000))],
    ['something packed unasked', 200, 'application/json', 'x'],
  ])('answers %s gives nobody anything of it', async (what, status, type, body) => {
    const { at } = await stage();
    answerWith(
      status,
      { 'content-type': type, ...(what.includes('packed') ? { 'content-encoding': 'br' } : {}) },
      body,
    );
    const answer = await post(at, CALL);
    expect(answer.status).toBe(502);
    expect(answer.headers['content-type']).toBe('application/json');
    expect(errorIn(answer).message).toContain('answered something that is not MCP');
  });

  test.each([400, 404, 405, 429])('answers %i in words of its own: the status counts', async (status) => {
    const { at } = await stage();
    answerWith(status, { 'content-type': 'text/plain', 'retry-after': '7', allow: 'POST' }, 'not like that');
    const answer = await post(at, CALL);
    expect([answer.status, answer.headers['retry-after']]).toEqual([status, '7']);
    expect(answer.text).not.toContain('not like that');
  });

  test('says nothing gets a 504 for its client', async () => {
    const { at, connector } = await stage();
    server.intercept(() => true);
    expect((await post(at, CALL)).status).toBe(504);
    expect((await settledCalls(remit, connector.id, 1))[0]).toMatchObject({ outcome: 'failed', status: 504 });
  });

  test('is away gets a 502 for its client', async () => {
    const { at } = await stage(await closedUrl());
    const answer = await post(at, CALL);
    expect([answer.status, errorIn(answer).message]).toEqual([502, expect.stringContaining('cannot be reached')]);
  });

  test('breaks off in mid-stream leaves no client waiting: an error takes the answer’s place', async () => {
    const { at, connector } = await stage();
    server.intercept((_, response) => {
      response.writeHead(200, { 'content-type': 'text/event-stream' });
      response.write('data: {"jsonrpc":"2.0","method":"notifications/progress","params":{}}\n\ndata: {"half');
      setTimeout(() => response.destroy(), 50);
      return true;
    });
    const answer = await post(at, CALL);
    expect(answer.isCut).toBe(false);
    const events = answer.text.split('\n\n').filter((event) => event !== '');
    expect(events).toHaveLength(2);
    expect(errorIn({ text: String(events[1]).slice('data: '.length) }).message).toContain('broke off');
    expect((await settledCalls(remit, connector.id, 1))[0]).toMatchObject({ outcome: 'failed' });
  });

  test('ends a stream without the answer leaves no client waiting either', async () => {
    const { at } = await stage();
    answerWith(200, { 'content-type': 'text/event-stream' }, ': nothing to say\n\n');
    expect((await post(at, CALL)).text).toContain('"id":1,"error"');
  });

  test('sends an event that is no message ends the stream there, with an error', async () => {
    const { at } = await stage();
    answerWith(200, { 'content-type': 'text/event-stream' }, 'data: nonsense\n\ndata: {"id":1,"result":{}}\n\n');
    const { text } = await post(at, CALL);
    expect(text).not.toContain('nonsense');
    expect(text).toContain('answered something that is not MCP');
  });
});

test('a client goes on after a break where the server keeps events for it, and lists stay filtered there', async () => {
  const resumable = await startMcpServer({ resumable: true });
  onTestFinished(resumable.close);
  const { at, connector } = await stage(resumable.url);
  await remit.call(access.updateConnector, {
    params: { connector_id: connector.id },
    body: { tools: [{ name: 'drop', level: 'blocked' }] },
  });
  const { client, transport } = await connectClient(at);
  const call = client.callTool({ name: 'slow', arguments: { ms: 300 } });
  await waitFor('the call', () => (resumable.ran.get('slow') ?? 0) > 0);
  await sleep(50);
  resumable.cut();
  expect(await call).toMatchObject({ content: [{ text: 'done' }] });
  expect((await settledCalls(remit, connector.id, 2))[0]).toMatchObject({ name: 'slow', outcome: 'detached' });

  // A list asked for by POST may be fetched again by GET: what is hidden there is hidden here.
  const headers = { 'mcp-session-id': String(transport.sessionId), accept: 'text/event-stream' };
  const listed = await post(
    { ...at, headers: { ...headers, accept: 'application/json, text/event-stream' } },
    JSON.stringify(rpc(90, 'tools/list')),
  );
  expect(listed.text).not.toContain('drop');
  const firstId = /^id: (.+)$/m.exec(listed.text)?.[1] ?? '';
  const again = await begin({
    ...at,
    path: `/mcp/${at.slug}`,
    method: 'GET',
    headers: { ...headers, 'last-event-id': firstId },
  });
  await sleep(100);
  again.leave();
  expect(again.text()).not.toContain('drop');
});

describe('a client that', () => {
  test('leaves in mid-call ends the call at the server, and the record says so', async () => {
    const { at, connector } = await stage();
    let isCut = false;
    server.intercept((_, response) => {
      response.writeHead(200, { 'content-type': 'text/event-stream' });
      response.write(': working\n\n');
      response.on('close', () => {
        isCut = true;
      });
      return true;
    });
    const begun = await begin({ ...at, path: `/mcp/${at.slug}`, headers: { accept: 'text/event-stream' }, body: CALL });
    await begun.until('working');
    begun.leave();
    await waitFor('the cut', () => isCut, 1000);
    expect((await settledCalls(remit, connector.id, 1))[0]).toMatchObject({ outcome: 'client_left' });
    expect(await remit.running()).toBe(0);
  });

  test('reads nothing holds the server back, and nothing piles up here', async () => {
    const event = `data: ${JSON.stringify({ jsonrpc: '2.0', method: 'x', params: 'x'.repeat(60_000) })}\n\n`;
    let written = 0;
    const flood = createServer((request, response) => {
      request.resume();
      response.writeHead(200, { 'content-type': 'text/event-stream' });
      const write = (): void => {
        while (!response.destroyed && written < 200_000_000) {
          written += event.length;
          if (!response.write(event)) {
            response.once('drain', write);
            return;
          }
        }
        response.end('data: {"jsonrpc":"2.0","id":1,"result":{}}\n\n');
      };
      write();
    });
    await new Promise<void>((resolve) => flood.listen(0, '127.0.0.1', resolve));
    onTestFinished(() => {
      flood.closeAllConnections();
      flood.close();
    });
    const { at, connector } = await stage(`http://127.0.0.1:${(flood.address() as AddressInfo).port}`);
    const slow = await begin({ ...at, path: `/mcp/${at.slug}`, headers: { accept: 'text/event-stream' }, body: CALL });
    slow.pause();
    await sleep(1000);
    const held = written;
    expect(held).toBeLessThan(40_000_000);
    await sleep(300);
    expect(written).toBe(held);
    const { bytes } = await slow.readAll();
    expect(bytes).toBe(written + 'data: {"jsonrpc":"2.0","id":1,"result":{}}\n\n'.length);
    expect((await settledCalls(remit, connector.id, 1))[0]).toMatchObject({ outcome: 'completed' });
  });
});

describe('an address inside the network', () => {
  test('is not connected to until an administrator permits it on the connector', async () => {
    const connector = await remit.call(access.createConnector, {
      body: { slug: 'inside', name: 'Inside', url: `${server.url}/inside`, level: 'always' },
    });
    const at = { url: remit.url, slug: 'inside', key: member.key };
    const before = server.received.length;
    const answer = await post(at, CALL);
    expect([answer.status, errorIn(answer).data.error_code]).toEqual([502, 'mcp_address_forbidden']);
    const byName = server.url.replace('127.0.0.1', 'localhost');
    await remit.call(access.updateConnector, {
      params: { connector_id: connector.id },
      body: { url: `${byName}/inside` },
    });
    expect(errorIn(await post(at, CALL)).data.error_code).toBe('mcp_address_forbidden');
    expect(server.received.length).toBe(before);
    await remit.call(gateway.setConnectorServer, {
      params: { connector_id: connector.id },
      body: { private_addresses: true },
    });
    await connectClient(at);
  });

  test.each([
    'http://169.254.169.254/mcp',
    'http://[fe80::1]/mcp',
    'http://0.0.0.0/mcp',
    'http://[::ffff:169.254.169.254]/mcp',
    'http://[fd00:ec2::254]/mcp',
  ])('%s is never connected to, whatever is permitted', async (url) => {
    const answer = await remit.callNow(gateway.testConnector, {
      body: { url, credential: { kind: 'none' }, private_addresses: true },
    });
    expect(answer).toMatchObject({ error: expect.stringContaining('never connects to'), tools: [] });
  });
});

test('a credential goes only to the server it was entered for', async () => {
  const { at, connector } = await stage();
  await remit.call(gateway.setConnectorServer, {
    params: { connector_id: connector.id },
    body: { credential: { kind: 'bearer', token: 'top-secret' } },
  });
  const thief = await startMcpServer();
  onTestFinished(thief.close);
  await remit.call(access.updateConnector, {
    params: { connector_id: connector.id },
    body: { url: `${thief.url}/thief` },
  });
  const answer = await post(at, CALL);
  expect([answer.status, errorIn(answer).data.error_code]).toEqual([502, 'mcp_credential_sealed']);
  expect(thief.received).toEqual([]);
  const shown = JSON.stringify(
    await remit.call(gateway.getConnectorServer, { params: { connector_id: connector.id } }),
  );
  expect(shown).not.toContain('top-secret');
  expect(shown).toContain('"header_names":["authorization"]');
});

test('waiting streams do not keep a node from stopping', async () => {
  const own = await startRemit({ env: { REMIT_SHUTDOWN_GRACE_SECONDS: '30' } });
  const connector = await registerServer(own, server.url);
  const { key } = await own.newMember();
  const at = { url: own.url, slug: connector.slug, key };
  const { transport, client } = await connectClient(at);
  await client.close();
  const headers = { 'mcp-session-id': String(transport.sessionId), accept: 'text/event-stream' };
  const stream = await begin({ ...at, path: `/mcp/${at.slug}`, method: 'GET', headers });
  expect(stream.status).toBe(200);
  const startedAt = performance.now();
  await own.stop();
  expect(performance.now() - startedAt).toBeLessThan(5000);
  expect((await stream.whole).isCut).toBe(false);
});
