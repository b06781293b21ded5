import { brotliCompressSync, deflateSync, gzipSync, zstdCompressSync } from 'node:zlib';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { connectTo, errorOf, exchangeRaw, send } from '../support/http.ts';
import { bodyOf, MODEL, messageJson } from '../support/messages.ts';
import { startWithMember } from '../support/remit.ts';
import { waitFor } from '../support/wait.ts';

/** Bodies that cannot be acted on are refused with a sentence, reach no provider and leave no row. */

const MEGABYTE = 1024 * 1024;

let started: Awaited<ReturnType<typeof startWithMember>>;
beforeAll(async () => {
  started = await startWithMember();
});
afterAll(() => started.stop());

const post = (body: string | Buffer, headers = {}) =>
  send({ url: started.remit.url, key: started.member.key, body, headers });

const expectNothingHappens = async (run: () => Promise<void>) => {
  const { remit, upstream } = started;
  const before = { received: upstream.received.length, recorded: (await remit.decisions()).length };
  await run();
  expect({ received: upstream.received.length, recorded: (await remit.decisions()).length }).toEqual(before);
  expect(await remit.running()).toBe(0);
};

const deep = (levels: number) =>
  `{"model":"${MODEL}","max_tokens":1,"messages":[],"extra":${'['.repeat(levels)}${']'.repeat(levels)}}`;
const with_ = (member: string) => `{"model":"${MODEL}","max_tokens":1,"messages":[],${member}}`;

describe('a body the gateway cannot act on', () => {
  test.each([
    { risk: 'is empty', body: '', says: /JSON object/ },
    { risk: 'is no object', body: '[]', says: /JSON object/ },
    { risk: 'is cut short', body: bodyOf().slice(0, -5), says: /./ },
    { risk: 'goes on after its end', body: `${bodyOf()}{"model":"claude-opus-5-5"}`, says: /closing brace/ },
    { risk: 'names no model', body: '{"messages":[]}', says: /model is missing/ },
    { risk: 'names the model twice', body: with_('"model":"claude-opus-5-5"'), says: /model/ },
    { risk: 'names the model again with an escape', body: with_('"m\\u006fdel":"claude-opus-5-5"'), says: /model/ },
    { risk: 'names the model in another spelling', body: with_('"Model":"claude-opus-5-5"'), says: /model/i },
    { risk: 'gives the effort twice', body: with_('"output_config":{"effort":"low","effort":"max"}'), says: /effort/ },
    { risk: 'gives a model that is a number', body: '{"model":5,"messages":[]}', says: /model/ },
    { risk: 'gives a stream that is a text', body: with_('"stream":"yes"'), says: /stream/ },
    { risk: 'gives messages that are an object', body: '{"model":"x","messages":{}}', says: /messages/ },
    { risk: 'gives an output_config that is a list', body: with_('"output_config":["max"]'), says: /output_config/ },
    { risk: 'gives half a surrogate pair', body: '{"model":"\\ud800","messages":[]}', says: /character/ },
    { risk: 'gives a NUL in the model', body: '{"model":"a\\u0000b","messages":[]}', says: /character/ },
    { risk: 'nests too deeply', body: deep(501), says: /deep|level|nest/i },
    { risk: 'nests a million levels', body: deep(1_000_000), says: /deep|level|nest/i },
    { risk: 'begins with a byte order mark', body: `\ufeff${bodyOf()}`, says: /byte order mark/ },
    { risk: 'is not UTF-8', body: Buffer.from(bodyOf({ system: 'é' }), 'latin1'), says: /UTF-8/ },
    {
      risk: 'holds an overlong NUL',
      body: Buffer.from([...Buffer.from('{"model":"'), 0xc0, 0x80, 0x22, 0x7d]),
      says: /UTF-8/,
    },
    { risk: 'has comments', body: bodyOf().replace('{', '{/* hi */'), says: /./ },
    { risk: 'has a trailing comma', body: bodyOf().replace(/}$/, ',}'), says: /./ },
  ])('that $risk is a 400 with a sentence, and nothing happens', async ({ body, says }) => {
    await expectNothingHappens(async () => {
      const received = await post(body);
      expect(received.status).toBe(400);
      const error = errorOf(received);
      expect(error.type).toBe('invalid_request_error');
      expect(error.message).toMatch(says);
      expect(error.requestId).toBe(received.headers['request-id']);
      expect(received.headers['x-should-retry']).toBe('false');
    });
  });

  test('whose sender leaves in the middle is forgotten', async () => {
    await expectNothingHappens(async () => {
      const { remit, member } = started;
      const socket = connectTo(remit.url);
      socket.write(
        `POST /v1/messages HTTP/1.1\r\nhost: x\r\nx-api-key: ${member.key}\r\ncontent-length: 100\r\n\r\n{"model"`,
      );
      await new Promise((resolve) => setTimeout(resolve, 50));
      socket.destroy();
      await new Promise((resolve) => setTimeout(resolve, 50));
    });
  });
});

describe('a body beyond 32 MB', () => {
  const tooLarge = Buffer.alloc(32 * MEGABYTE + 1, 0x20);

  test.each([
    { framing: 'a content-length', headers: {} },
    { framing: 'chunks', headers: { 'transfer-encoding': 'chunked' } },
  ])('with $framing is a 413 that the client can read, and nothing happens', async ({ headers }) => {
    await expectNothingHappens(async () => {
      const received = await post(tooLarge, headers);
      expect(received.status).toBe(413);
      expect(errorOf(received)).toMatchObject({ type: 'request_too_large', message: expect.stringMatching(/32 MB/) });
    });
  });

  test('that unpacks from a few kilobytes is a 413 as well', async () => {
    await expectNothingHappens(async () => {
      for (const [coding, packed] of [
        ['gzip', gzipSync(tooLarge)],
        ['br', brotliCompressSync(tooLarge)],
        ['zstd', zstdCompressSync(tooLarge)],
      ] as const) {
        expect((await post(packed, { 'content-encoding': coding })).status, coding).toBe(413);
      }
    });
  });

  test('is not needed: exactly 32 MB pass', async () => {
    const text = bodyOf();
    const body = Buffer.concat([Buffer.from(text), Buffer.alloc(32 * MEGABYTE - Buffer.byteLength(text), 0x20)]);
    const received = await post(body);
    expect(received.text).toBe(messageJson());
    expect(started.upstream.received.at(-1)?.body.equals(body)).toBe(true);
  });
});

describe('a compressed body', () => {
  test.each([
    ['gzip', gzipSync],
    ['x-gzip', gzipSync],
    ['deflate', deflateSync],
    ['br', brotliCompressSync],
    ['zstd', zstdCompressSync],
  ] as const)('in %s is decided on and goes on plain', async (coding, compress) => {
    const body = bodyOf({ system: 'Zoë “quotes”' });
    const received = await post(compress(Buffer.from(body)), { 'content-encoding': coding });
    expect(received.status).toBe(200);
    const forwarded = started.upstream.received.at(-1);
    expect(forwarded?.body.toString()).toBe(body);
    expect(forwarded?.headers['content-encoding']).toBeUndefined();
    expect(forwarded?.headers['content-length']).toBe(String(Buffer.byteLength(body)));
    expect(await started.remit.decision(String(received.headers['request-id']))).toMatchObject({
      outcome: 'completed',
    });
  });

  test.each(['snappy', 'gzip, br', 'constructor', 'toString', '__proto__', 'hasOwnProperty'])(
    'in a coding that is not understood (%s) is a 400, and nothing happens',
    async (coding) => {
      await expectNothingHappens(async () => {
        const received = await post(bodyOf(), { 'content-encoding': coding });
        expect(received.status).toBe(400);
        expect(errorOf(received)).toMatchObject({
          type: 'invalid_request_error',
          details: { error_code: 'request_body_encoding_unsupported' },
        });
      });
    },
  );

  test('that is not what its header says is a 400, and nothing happens', async () => {
    await expectNothingHappens(async () => {
      const received = await post('not gzip at all', { 'content-encoding': 'gzip' });
      expect(received.status).toBe(400);
      expect(errorOf(received).details).toEqual({ error_code: 'request_body_encoding_invalid' });
    });
  });
});

test('a body that takes its time is waited for', async () => {
  const { remit, member } = started;
  const body = bodyOf();
  const socket = connectTo(remit.url);
  let answer = '';
  socket.on('data', (chunk) => {
    answer += chunk.toString();
  });
  socket.write(
    `POST /v1/messages HTTP/1.1\r\nhost: x\r\nx-api-key: ${member.key}\r\ncontent-length: ${body.length}\r\n\r\n`,
  );
  for (const byte of body) {
    socket.write(byte);
    await new Promise(setImmediate);
  }
  await waitFor('the answer', () => answer.includes('Good morning'));
  expect(answer).toMatch(/^HTTP\/1\.1 200 /);
  socket.destroy();
});

test('a client that asks before it sends ("expect: 100-continue") is told to go on', async () => {
  const { remit, member } = started;
  const body = bodyOf();
  const answer = await exchangeRaw(
    remit.url,
    `POST /v1/messages HTTP/1.1\r\nhost: x\r\nconnection: close\r\nexpect: 100-continue\r\nx-api-key: ${member.key}\r\ncontent-length: ${body.length}\r\n\r\n${body}`,
  );
  expect(answer).toMatch(/^HTTP\/1\.1 100 Continue\r\n\r\nHTTP\/1\.1 200 OK/);
  expect(started.upstream.received.at(-1)?.headers).not.toHaveProperty('expect');
});
