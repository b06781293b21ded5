import { createServer } from 'node:http';
import { duplexPair } from 'node:stream';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { readMessagesHead } from './read-head.ts';

const LINES = [
  'POST /v1/messages?beta=true HTTP/1.1',
  'Host: remit.example:8080',
  'Content-Type: application/json',
  'x-api-key:  sk-remit-1\t',
  'x-empty:',
  'Content-Length: 12',
  'Connection: keep-alive',
] as const;

const BODY = '{"model":12}';
const headOf = (lines: readonly string[]): string => `${lines.join('\r\n')}\r\n\r\n`;
const read = (text: string) => readMessagesHead(Buffer.from(text, 'latin1'), undefined);

/** What node's own server makes of the same bytes; undefined where it refuses them or waits for more. */
const readByNode = (text: string): Promise<{ url: string; rawHeaders: string[]; body: string } | undefined> =>
  new Promise((resolve) => {
    const [client, socket] = duplexPair();
    const server = createServer((request, response) => {
      let body = '';
      request.on('data', (piece: Buffer) => {
        body += piece.toString('latin1');
      });
      request.on('end', () => {
        resolve({ url: request.url ?? '', rawHeaders: request.rawHeaders, body });
        response.end();
        client.destroy();
      });
      request.on('error', () => resolve(undefined));
    });
    server.on('clientError', () => resolve(undefined));
    server.on('checkContinue', () => resolve(undefined));
    server.on('upgrade', () => resolve(undefined));
    client.on('error', () => {});
    socket.on('error', () => {});
    server.emit('connection', socket);
    client.write(Buffer.from(text, 'latin1'));
    setTimeout(() => resolve(undefined), 200).unref();
  });

it('reads a plain head as it came: its path with the query, names in their spelling, values without blanks', () => {
  const { head, length, bodyAt } = read(headOf(LINES) + BODY) ?? {};
  expect(head?.url).toBe('/v1/messages?beta=true');
  expect(head?.rawHeaders).toEqual(
    ['Host', 'remit.example:8080', 'Content-Type', 'application/json', 'x-api-key', 'sk-remit-1', 'x-empty', ''].concat(
      ['Content-Length', '12', 'Connection', 'keep-alive'],
    ),
  );
  expect(head?.facts.keys).toEqual(['sk-remit-1']);
  expect([length, bodyAt]).toEqual([12, headOf(LINES).length]);
});

const without = (name: string) => LINES.filter((line) => !line.toLowerCase().startsWith(`${name}:`));

describe('leaves to node', () => {
  it.each<readonly [what: string, lines: readonly string[]]>([
    ['another method', ['PUT /v1/messages HTTP/1.1', ...LINES.slice(1)]],
    ['another path', ['POST /v1/messages/batches HTTP/1.1', ...LINES.slice(1)]],
    ['a path that begins alike', ['POST /v1/messages/count_tokensx HTTP/1.1', ...LINES.slice(1)]],
    ['an absolute address', ['POST http://x/v1/messages HTTP/1.1', ...LINES.slice(1)]],
    ['HTTP/1.0', ['POST /v1/messages HTTP/1.0', ...LINES.slice(1)]],
    ['a missing length', without('content-length')],
    ['two lengths', [...LINES, 'content-length: 12']],
    ['a list of lengths', [...without('content-length'), 'content-length: 12, 12']],
    ['a signed length', [...without('content-length'), 'content-length: +12']],
    ['a length with a leading zero', [...without('content-length'), 'content-length: 012']],
    ['an empty length', [...without('content-length'), 'content-length:']],
    ['chunks', [...LINES, 'transfer-encoding: chunked']],
    ['an expectation', [...LINES, 'expect: 100-continue']],
    ['an upgrade', [...LINES, 'upgrade: h2c']],
    ['a missing host', without('host')],
    ['two hosts', [...LINES, 'host: other']],
    ['a connection that is to close', [...without('connection'), 'connection: close']],
    ['a connection that names headers', [...LINES, 'connection: x-a']],
    ['a folded line', [...LINES, ' folded: 1']],
    ['a blank before the colon', [...LINES, 'x-a : 1']],
    ['a line without a colon', [...LINES, 'x-a']],
    ['a line without a name', [...LINES, ': 1']],
    ['a bare carriage return', [...LINES, 'x-a: 1\rx-b: 2']],
    ['a bare line feed', [...LINES, 'x-a: 1\nx-b: 2']],
    ['a NUL', [...LINES, 'x-a: 1\0']],
    ['bytes beyond ASCII', [...LINES, 'x-a: \xe9']],
    ['a very long head', [...LINES, `x-a: ${'a'.repeat(9000)}`]],
    ['very many headers', [...LINES, ...Array.from({ length: 100 }, (_, i) => `x-${i}: 1`)]],
  ])('%s', (_, lines) => {
    expect(read(headOf(lines) + BODY)).toBeUndefined();
  });

  it('a head that has not come whole', () => {
    const text = headOf(LINES);
    for (let end = 0; end < text.length; end++) expect(read(text.slice(0, end))).toBeUndefined();
  });
});

const SPLICES = ['\r', '\n', '\r\n', ' ', '\t', ':', '\0', ',', '0', '1', '-', '\xff', 'content-length: 3\r\n'].concat([
  'Transfer-Encoding: chunked\r\n',
  'host: y\r\n',
  'connection: close\r\n',
  'x-a: b\r\n',
  '\r\n\r\n',
  ' x: y\r\n',
]);

const mutation = fc.record({
  at: fc.double({ min: 0, max: 1, noNaN: true }),
  drop: fc.integer({ min: 0, max: 4 }),
  put: fc.oneof(fc.constantFrom(...SPLICES), fc.string({ maxLength: 3, unit: 'binary-ascii' })),
});

const mutated = fc.array(mutation, { minLength: 0, maxLength: 3 }).map((mutations) => {
  let text = headOf(LINES);
  for (const { at, drop, put } of mutations) {
    const place = Math.floor(at * text.length);
    text = text.slice(0, place) + put + text.slice(place + drop);
  }
  return text + BODY;
});

it('means the same by whatever it accepts as node does: path, headers and the bytes of the body', async () => {
  await fc.assert(
    fc.asyncProperty(mutated, async (text) => {
      const own = read(text);
      if (own === undefined) return;
      const { url, rawHeaders } = own.head;
      // A body longer than what follows is still to come; node waits for it as well.
      const body = text.slice(own.bodyAt).padEnd(own.length, 'x').slice(0, own.length);
      expect(await readByNode(text.slice(0, own.bodyAt) + body)).toEqual({ url, rawHeaders, body });
    }),
    { numRuns: 2000 },
  );
});

/** Also with much behind the length, which may differ in its last byte. */
const longOrShort = fc
  .tuple(mutated, fc.constantFrom('', `x-long: ${'y'.repeat(80)}\r\n`, `x-long: ${'y'.repeat(79)}z\r\n`))
  .map(([text, line]) => text.replace('Connection:', `${line}Connection:`));

it('reads a head the same whether or not it knows the one before it', () => {
  fc.assert(
    fc.property(longOrShort, longOrShort, fc.integer({ min: 0, max: 2 ** 30 }), (before, text, length) => {
      const known = read(before)?.head;
      for (const one of [text, before.replace('Content-Length: 12', `Content-Length: ${length}`)]) {
        const alone = read(one);
        const after = readMessagesHead(Buffer.from(one, 'latin1'), known);
        expect(after?.length).toBe(alone?.length);
        expect(after?.bodyAt).toBe(alone?.bodyAt);
        expect(after?.head.url).toBe(alone?.head.url);
        expect(after?.head.facts.forwarded).toEqual(alone?.head.facts.forwarded);
        expect(after?.head.facts.keys).toEqual(alone?.head.facts.keys);
      }
    }),
    { numRuns: 2000 },
  );
});
