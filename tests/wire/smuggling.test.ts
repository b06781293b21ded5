import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { connectTo, errorOf, exchangeRaw, send } from '../support/http.ts';
import { answerWell, bodyOf, MODEL } from '../support/messages.ts';
import { startWithMember } from '../support/remit.ts';
import type { Answer } from '../support/upstreams.ts';
import { waitFor } from '../support/wait.ts';

/** No arrangement of headers makes two servers see two different requests, or lends a caller what is not theirs. */

let answer: Answer = answerWell;
let started: Awaited<ReturnType<typeof startWithMember>>;
beforeAll(async () => {
  started = await startWithMember({ answer: (request, response) => answer(request, response) });
});
afterAll(() => started.stop());
beforeEach(() => {
  answer = answerWell;
});

const body = bodyOf();

const head = (...lines: readonly string[]) => ['POST /v1/messages HTTP/1.1', 'host: x', ...lines, '', ''].join('\r\n');

const counts = async () => ({
  received: started.upstream.received.length,
  recorded: (await started.remit.decisions()).length,
});

describe('a request whose end two servers could see in two places', () => {
  const key = () => `x-api-key: ${started.member.key}`;
  const inner = () => head(key(), `content-length: ${body.length}`, 'connection: close') + body;

  test.each([
    {
      risk: 'with a content-length beside chunks',
      bytes: () => `${head(key(), `content-length: ${body.length}`, 'transfer-encoding: chunked')}0\r\n\r\n${inner()}`,
    },
    {
      risk: 'with chunks beside a content-length',
      bytes: () => `${head(key(), 'transfer-encoding: chunked', 'content-length: 5')}0\r\n\r\n${inner()}`,
    },
    {
      risk: 'with two content-lengths',
      bytes: () => head(key(), 'content-length: 5', `content-length: ${body.length}`) + body,
    },
    {
      risk: 'with a list of content-lengths',
      bytes: () => head(key(), `content-length: ${body.length}, ${body.length}`) + body,
    },
    { risk: 'with a signed content-length', bytes: () => head(key(), `content-length: +${body.length}`) + body },
    {
      risk: 'with an unknown transfer-encoding',
      bytes: () => `${head(key(), 'transfer-encoding: xchunked')}${inner()}`,
    },
    {
      risk: 'with chunked not last',
      bytes: () => `${head(key(), 'transfer-encoding: chunked, identity')}0\r\n\r\n${inner()}`,
    },
    {
      risk: 'with a folded header line',
      bytes: () => head(key(), 'x-a: 1', ' folded: 2', `content-length: ${body.length}`) + body,
    },
    { risk: 'with a space before the colon', bytes: () => head(key(), `content-length : ${body.length}`) + body },
    {
      risk: 'with a bare CR in a value',
      bytes: () => head(key(), 'x-a: b\rx-c: d', `content-length: ${body.length}`) + body,
    },
    { risk: 'with a NUL in a value', bytes: () => head(key(), 'x-a: b\0c', `content-length: ${body.length}`) + body },
    {
      risk: 'with a chunk size that overflows',
      bytes: () => `${head(key(), 'transfer-encoding: chunked')}fffffffffffffffff\r\n${body}`,
    },
    {
      risk: 'with a chunk size that is no number',
      bytes: () => `${head(key(), 'transfer-encoding: chunked')}zz\r\n${body}`,
    },
  ])('$risk is refused and its connection closed, and nothing reaches the provider', async ({ bytes }) => {
    const before = await counts();
    const text = await exchangeRaw(started.remit.url, bytes());
    expect(text).toMatch(/^HTTP\/1\.1 400 /);
    expect(text.match(/HTTP\/1\.1 /g)).toHaveLength(1);
    expect(errorOf({ text: text.slice(text.indexOf('\r\n\r\n') + 4) }).type).toBe('invalid_request_error');
    expect(await counts()).toEqual(before);
  });

  test('two pipelined requests are two, each with its own answer', async () => {
    const before = await counts();
    const text = await exchangeRaw(started.remit.url, head(key(), `content-length: ${body.length}`) + body + inner());
    expect(text.match(/HTTP\/1\.1 200 OK/g)).toHaveLength(2);
    expect(started.upstream.received.length).toBe(before.received + 2);
  });
});

describe('headers of one connection', () => {
  test('stay on it, with those the Connection headers name, and so do our own', async () => {
    const { remit, member, upstream } = started;
    const bytes = head(
      `Authorization: Bearer ${member.key}`,
      'Connection: close, X-First',
      'Connection: x-second',
      'X-First: 1',
      'X-Second: 2',
      'Keep-Alive: timeout=5',
      'Proxy-Authorization: Basic abc',
      'Proxy-Connection: keep-alive',
      'TE: trailers',
      'Upgrade: h2c',
      'Via: 1.1 somewhere',
      'Forwarded: for=1.2.3.4',
      'X-Forwarded-For: 1.2.3.4',
      'Cookie: session=secret',
      'remit-decision: allow',
      'X-Kept: as it is',
      'anthropic-beta: one-2026-01-01',
      'Anthropic-Beta: two-2026-01-01',
      `content-length: ${body.length}`,
    );
    const text = await exchangeRaw(remit.url, bytes + body);
    expect(text).toMatch(/^HTTP\/1\.1 200 OK/);
    const raw = upstream.received.at(-1)?.rawHeaders ?? [];
    const names = raw.filter((_, index) => index % 2 === 0).map((name) => name.toLowerCase());
    expect([...new Set(names)].filter((name) => name !== 'connection').sort()).toEqual(
      ['anthropic-beta', 'content-length', 'host', 'x-api-key', 'x-kept'].sort(),
    );
    expect(raw).toEqual(
      expect.arrayContaining(['X-Kept', 'as it is', 'one-2026-01-01', 'two-2026-01-01', 'upstream-key']),
    );
    expect(raw.join(' ')).not.toContain(member.key);
  });

  test('of an answer stay on theirs, with cookies and the limits of our own key', async () => {
    answer = (_, response) => {
      response.writeHead(200, [
        ...['content-type', 'application/json', 'connection', 'x-hop, close', 'x-hop', '1', 'set-cookie', 'a=b'],
        ...['request-id', 'req_of_the_provider', 'anthropic-ratelimit-requests-remaining', '7'],
        ...['anthropic-organization-id', 'org', 'remit-decision', 'forged', 'x-kept', 'one', 'x-kept', 'two'],
      ]);
      response.end('{}');
    };
    const { remit, member } = started;
    const { headers } = await send({ url: remit.url, key: member.key, body });
    for (const name of ['x-hop', 'set-cookie', 'anthropic-ratelimit-requests-remaining', 'anthropic-organization-id'])
      expect(headers).not.toHaveProperty(name);
    expect(headers).toMatchObject({ 'remit-decision': 'allow', 'x-kept': 'one, two' });
    expect(headers['request-id']).toMatch(/^req_/);
    expect(headers['request-id']).not.toBe('req_of_the_provider');
    expect(await remit.decision(String(headers['request-id']))).toMatchObject({
      upstream_request_id: 'req_of_the_provider',
    });
  });

  test('with bytes beyond ASCII in an answer pass as they are', async () => {
    answer = (_, response) => {
      response.socket?.end(
        Buffer.from(
          'HTTP/1.1 200 OK\r\ncontent-type: application/json\r\nx-name: Zo\u00c3\u00ab \u20ac\r\ncontent-length: 2\r\n\r\n{}',
          'utf8',
        ),
      );
    };
    const { remit, member } = started;
    const received = await send({ url: remit.url, key: member.key, body });
    expect(received.status).toBe(200);
    expect(Buffer.from(String(received.headers['x-name']), 'latin1').toString('utf8')).toBe('Zo\u00c3\u00ab \u20ac');
  });
});

describe('a request with more than one key', () => {
  const withKeys = (...lines: readonly string[]) =>
    exchangeRaw(started.remit.url, head(...lines, 'connection: close', `content-length: ${body.length}`) + body);

  test('in two headers passes when both are the same', async () => {
    const { key } = started.member;
    expect(await withKeys(`x-api-key: ${key}`, `authorization: Bearer ${key}`)).toMatch(/^HTTP\/1\.1 200/);
  });

  test('is refused when they differ, wherever they stand, and nothing happens', async () => {
    const { key } = started.member;
    const other = (await started.remit.newMember()).key;
    const before = await counts();
    for (const lines of [
      [`x-api-key: ${key}`, `authorization: Bearer ${other}`],
      [`authorization: Bearer ${key}`, `x-api-key: ${other}`],
      [`x-api-key: ${key}`, `x-api-key: ${other}`],
      [`authorization: Bearer ${key}`, `authorization: Bearer ${other}`],
      [`X-Api-Key: ${key}`, `X-API-KEY: ${other}`],
      [`x-api-key: ${key}, ${other}`],
    ])
      expect(await withKeys(...lines), lines.join()).toMatch(/^HTTP\/1\.1 401 /);
    expect(await counts()).toEqual(before);
  });
});

describe('a path that is not quite the endpoint', () => {
  test.each([
    '/v1/messages/',
    '//v1/messages',
    '/v1//messages',
    '/V1/messages',
    '/v1/messages%2f',
    '/v1/%6dessages',
    '/v1/messages/../messages',
  ])('%s reaches no provider', async (path) => {
    const before = await counts();
    const { remit, member } = started;
    const text = await exchangeRaw(
      remit.url,
      `POST ${path} HTTP/1.1\r\nhost: x\r\nconnection: close\r\nx-api-key: ${member.key}\r\ncontent-length: ${body.length}\r\n\r\n${body}`,
    );
    expect(text).toMatch(/^HTTP\/1\.1 4\d\d /);
    expect(await counts()).toEqual(before);
  });

  test('a query goes along as it is', async () => {
    const { remit, member, upstream } = started;
    expect((await send({ url: remit.url, path: '/v1/messages?beta=true&x=%2F', key: member.key, body })).status).toBe(
      200,
    );
    expect(upstream.received.at(-1)?.path).toBe('/v1/messages?beta=true&x=%2F');
  });
});

describe('an answer written before its request is whole', () => {
  test('a large body with a wrong key is told so, not cut off', async () => {
    const large = bodyOf({ system: 'x'.repeat(8 * 1024 * 1024) });
    for (let i = 0; i < 5; i++) {
      const received = await send({ url: started.remit.url, key: 'wrong', body: large });
      expect(received.status).toBe(401);
      expect(errorOf(received).message).toMatch(/not known here/);
    }
  });

  test('a client that reads only when it has sent everything still gets its answer', async () => {
    const large = bodyOf({ system: 'x'.repeat(24 * 1024 * 1024) });
    const socket = connectTo(started.remit.url);
    const failed = new Promise<string>((resolve) => socket.on('error', (error) => resolve(error.message)));
    socket.pause();
    const sent = new Promise<string>((resolve) => {
      socket.write(head('x-api-key: wrong', `content-length: ${large.length}`));
      socket.write(large, () => resolve('sent'));
    });
    expect(await Promise.race([sent, failed])).toBe('sent');
    let text = '';
    socket.on('data', (chunk) => {
      text += chunk.toString();
    });
    socket.resume();
    await waitFor('the answer', () => text.includes('not known here'));
    socket.destroy();
  });

  test('the rest of a refused body is not taken for a request', async () => {
    const before = await counts();
    const hidden = head(`x-api-key: ${started.member.key}`, `content-length: ${body.length}`) + body;
    const last = head('x-api-key: wrong', 'content-length: 0', 'connection: close');
    const text = await exchangeRaw(
      started.remit.url,
      head('x-api-key: wrong', `content-length: ${hidden.length}`) + hidden + last,
    );
    expect(text.match(/HTTP\/1\.1 \d+/g)).toEqual(['HTTP/1.1 401', 'HTTP/1.1 401']);
    expect(await counts()).toEqual(before);
  });

  test('a sender that never ends is let go after a few seconds', async () => {
    const socket = connectTo(started.remit.url);
    socket.on('error', () => {});
    let text = '';
    socket.on('data', (chunk) => {
      text += chunk.toString();
    });
    socket.write(head('x-api-key: wrong', 'content-length: 1000000000'));
    const sending = setInterval(() => socket.write('x'.repeat(1000)), 20);
    await waitFor('the answer', () => text.includes('not known here'));
    await waitFor('the end of the connection', () => socket.destroyed || socket.readableEnded, 10_000);
    clearInterval(sending);
    socket.destroy();
  });
});

test('a model whose name is as large as the body allows is refused without being kept whole', async () => {
  const { remit, member } = started;
  const received = await send({ url: remit.url, key: member.key, body: bodyOf({ model: 'm'.repeat(1024 * 1024) }) });
  expect(received.status).toBeGreaterThanOrEqual(400);
  expect(received.body.length).toBeLessThan(10_000);
  expect(JSON.stringify(await remit.decisions()).length).toBeLessThan(500_000);
  expect((await send({ url: remit.url, key: member.key, body: bodyOf({ model: MODEL }) })).status).toBe(200);
});
