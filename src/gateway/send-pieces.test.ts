import { once } from 'node:events';
import { type AddressInfo, connect, createServer, type Socket } from 'node:net';
import fc from 'fast-check';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { JOINED_BYTES_MAX, sendPieces } from './send-pieces.ts';

const accepted: Socket[] = [];
const server = createServer((socket) => void accepted.push(socket));
let port = 0;

beforeAll(async () => {
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  port = (server.address() as AddressInfo).port;
});
afterAll(() => void server.close());

/** A connection, and everything that arrives at its other end; `listen` is when the other end begins to read. */
const openPair = async () => {
  const known = accepted.length;
  const socket = connect({ port, host: '127.0.0.1' });
  await once(socket, 'connect');
  while (accepted.length === known) await new Promise(setImmediate);
  const other = accepted.at(-1);
  const heard: Buffer[] = [];
  return {
    socket,
    listen: () => void other?.on('data', (bytes: Buffer) => heard.push(bytes)),
    whole: async () => {
      socket.end();
      if (other !== undefined) await once(other, 'end');
      return Buffer.concat(heard);
    },
  };
};

const FILLING = Buffer.alloc(1024 * 1024, 'filling ');

const sizes = fc.oneof(fc.nat(50), fc.integer({ min: 1000, max: 20_000 }), fc.constantFrom(JOINED_BYTES_MAX, 70_000));
const sending = fc.record({
  to: fc.nat(3),
  before: fc.array(fc.string({ maxLength: 30, unit: 'binary-ascii' }), { maxLength: 3 }),
  sizes: fc.array(sizes, { maxLength: 4 }),
  after: fc.constantFrom('', '\r\n', '\xff\r\n0\r\n\r\n'),
  turns: fc.boolean(),
});

it('everybody gets their own bytes, in order, however many share the memory and however slowly they read', async () => {
  let seed = 0;
  await fc.assert(
    fc.asyncProperty(fc.array(sending, { minLength: 1, maxLength: 120 }), async (sendings) => {
      const pairs = [await openPair(), await openPair(), await openPair(), await openPair()];
      const sent: Buffer[][] = pairs.map(() => []);
      // Half of them read from the beginning; the others begin when everything is written, and the kernel is full before.
      for (const pair of pairs.slice(2)) pair.listen();
      for (const [i, { socket }] of pairs.slice(0, 2).entries())
        for (; socket.writableLength === 0; sent[i]?.push(FILLING))
          sendPieces(socket, { before: [], pieces: [FILLING], bytes: FILLING.length, after: '' });
      for (const { to, before, sizes: each, after, turns } of sendings) {
        seed += 1;
        const pieces = each.map((size, i) => Buffer.alloc(size, `${seed}.${i} `));
        const bytes = pieces.reduce((sum, piece) => sum + piece.length, 0);
        const pair = pairs[to];
        if (pair !== undefined) sendPieces(pair.socket, { before, pieces, bytes, after });
        sent[to]?.push(Buffer.from(before.join(''), 'latin1'), ...pieces, Buffer.from(after, 'latin1'));
        if (turns) await new Promise(setImmediate);
      }
      for (const pair of pairs.slice(0, 2)) pair.listen();
      const wholes = await Promise.all(pairs.map((pair) => pair.whole()));
      for (const [i, whole] of wholes.entries()) expect(whole.equals(Buffer.concat(sent[i] ?? []))).toBe(true);
    }),
    { numRuns: 30 },
  );
}, 30_000);

it('what is written before a connection stands arrives whole', async () => {
  const known = accepted.length;
  const socket = connect({ port, host: '127.0.0.1' });
  for (const word of ['one', 'two', 'three'])
    sendPieces(socket, { before: [word, ':'], pieces: [Buffer.from(word)], bytes: word.length, after: ';' });
  await once(socket, 'connect');
  while (accepted.length === known) await new Promise(setImmediate);
  socket.end();
  let text = '';
  for await (const bytes of accepted.at(-1) ?? []) text += String(bytes);
  expect(text).toBe('one:one;two:two;three:three;');
});
