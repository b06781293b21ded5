import { once } from 'node:events';
import { createServer as createHttpServer, type Server } from 'node:http';
import { type AddressInfo, connect, type Socket } from 'node:net';
import { setImmediate as nextTurn, setTimeout as sleep } from 'node:timers/promises';
import { afterEach, expect, it } from 'vitest';
import { ClientLeft } from '../read-body.ts';
import type { ClientExchange } from './client-exchange.ts';
import { type Front, openFront } from './front.ts';

const closers: (() => void)[] = [];
afterEach(() => {
  for (const close of closers.splice(0)) close();
});

/** A front before a server of node's that answers everything with the word "node" and the path. */
const serve = async (handle: (exchange: ClientExchange) => void | Promise<void>) => {
  const server: Server = createHttpServer((request, response) => {
    request.resume();
    request.on('end', () => response.end(`node ${request.url}\n`));
  });
  const acceptors = server.listeners('connection');
  const front: Front = openFront({
    serve: (exchange) => void handle(exchange),
    passOn: (socket, bytes) => {
      for (const accept of acceptors) accept.call(server, socket);
      socket.unshift(bytes);
    },
    answerLate: (socket) => socket.destroy(),
  });
  server.removeAllListeners('connection');
  server.on('connection', front.take);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  closers.push(() => {
    front.close();
    front.cut();
    server.close();
    server.closeAllConnections();
  });
  return { port: (server.address() as AddressInfo).port, front };
};

const dial = (port: number): Socket => {
  const socket = connect(port, '127.0.0.1');
  socket.on('error', () => {});
  closers.push(() => socket.destroy());
  return socket;
};

const request = (body = '', path = '/v1/messages'): string =>
  `POST ${path} HTTP/1.1\r\nhost: x\r\ncontent-length: ${body.length}\r\n\r\n${body}`;

const LAST = 'GET /last HTTP/1.1\r\nhost: x\r\nconnection: close\r\n\r\n';

/** Everything a client hears until the connection closes. */
const hear = (port: number, ...sent: readonly string[]): Promise<string> =>
  new Promise((resolve) => {
    const pieces: Buffer[] = [];
    const socket = dial(port);
    socket.on('data', (piece: Buffer) => pieces.push(piece));
    socket.on('close', () => resolve(Buffer.concat(pieces).toString('latin1')));
    const send = async () => {
      await once(socket, 'connect');
      for (const bytes of sent) {
        socket.write(Buffer.from(bytes, 'latin1'));
        await sleep(20);
      }
    };
    void send();
  });

const STAYS = 'connection: keep-alive\r\nkeep-alive: timeout=75\r\n';
const DATED = ['date', 'today'];
const CHUNKED = `HTTP/1.1 200 OK\r\ndate: today\r\n${STAYS}transfer-encoding: chunked\r\n\r\n`;
const bytes = (text: string): Buffer => Buffer.from(text, 'latin1');
const pattern = (length: number): Buffer =>
  Buffer.from(Uint8Array.from({ length }, (_, i) => (i * 31 + (i >> 8)) & 255));

/** What a client hears of one answer, and then of node. */
const heardOf = async (handle: (exchange: ClientExchange) => void | Promise<void>): Promise<string> => {
  const { port } = await serve(handle);
  const heard = await hear(port, request('body'), LAST);
  const end = heard.indexOf('HTTP/1.1 200 OK\r\nDate');
  expect(heard.endsWith('node /last\n')).toBe(true);
  return heard.slice(0, end);
};

const echo = async (exchange: ClientExchange): Promise<void> => {
  const body = await exchange.collect(1_000_000);
  exchange.begin(200, ['content-length', String(body.length), ...DATED]);
  exchange.end(body);
};

const echoOf = (body: string): string =>
  `HTTP/1.1 200 OK\r\ncontent-length: ${body.length}\r\ndate: today\r\n${STAYS}\r\n${body}`;

it('answers of known length leave unframed, of unknown length as one chunk a turn', async () => {
  const all = Buffer.from(Array.from({ length: 256 }, (_, i) => i));
  const plain = await heardOf((exchange) => {
    exchange.begin(201, ['content-length', '256', 'x-a', 'é', ...DATED]);
    exchange.write(all.subarray(0, 100));
    exchange.end(all.subarray(100));
  });
  expect(plain).toBe(
    `HTTP/1.1 201 Created\r\ncontent-length: 256\r\nx-a: é\r\ndate: today\r\n${STAYS}\r\n${all.toString('latin1')}`,
  );
  const chunked = await heardOf(async (exchange) => {
    exchange.begin(200, [...DATED]);
    exchange.write(bytes('one '));
    exchange.write(bytes('two\r\n'));
    await nextTurn();
    exchange.write(bytes(''));
    await nextTurn();
    exchange.write(all);
    await nextTurn();
    exchange.end(bytes('end'));
  });
  expect(chunked).toBe(`${CHUNKED}9\r\none two\r\n\r\n100\r\n${all.toString('latin1')}\r\n3\r\nend\r\n0\r\n\r\n`);
});

it.each([16 * 1024, 16 * 1024 + 1, 300_000])(
  '%i bytes arrive as they were, in one piece or behind others',
  async (size) => {
    const big = pattern(size);
    const framed = (text: string): string => `${text.length.toString(16)}\r\n${text}\r\n`;
    const first = await heardOf(async (exchange) => {
      exchange.begin(200, [...DATED]);
      exchange.write(big);
      await nextTurn();
      exchange.end();
    });
    expect(first === `${CHUNKED}${framed(big.toString('latin1'))}0\r\n\r\n`).toBe(true);
    const second = await heardOf(async (exchange) => {
      exchange.begin(200, [...DATED]);
      exchange.write(bytes('x'));
      await nextTurn();
      exchange.end(big);
    });
    expect(second === `${CHUNKED}${framed('x')}${framed(big.toString('latin1'))}0\r\n\r\n`).toBe(true);
  },
);

it('an answer without a body has none, whatever is written', async () => {
  const heard = await heardOf((exchange) => {
    exchange.begin(204, [...DATED]);
    exchange.end(bytes('not this'));
  });
  expect(heard).toBe(`HTTP/1.1 204 No Content\r\ndate: today\r\n${STAYS}\r\n`);
});

it.each<readonly [what: string, end: string]>([
  ['shorter', 'end'],
  ['longer', 'much too long'],
])('an answer %s than announced ends its connection', async (_, end) => {
  const { port } = await serve((exchange) => {
    exchange.begin(200, ['content-length', '5', ...DATED]);
    exchange.end(bytes(end));
  });
  expect(await hear(port, request(), request())).toBe('');
});

it('a value that would break its line is not sent', async () => {
  let thrown: unknown;
  const { port } = await serve((exchange) => {
    try {
      exchange.begin(200, ['x-a', 'b\r\nset-cookie: c']);
    } catch (error) {
      thrown = error;
      exchange.answer(500, ['content-length', '2', ...DATED], 'no');
    }
  });
  expect(await hear(port, request(), LAST)).toMatch(/^HTTP\/1\.1 500 [\s\S]*\r\n\r\nno/);
  expect(thrown).toBeInstanceOf(TypeError);
});

it('a connection carries requests one after the other, also when all come at once or bodies in pieces', async () => {
  const { port } = await serve(echo);
  expect(await hear(port, request('one') + request('two') + request('three') + LAST)).toContain(
    echoOf('one') + echoOf('two') + echoOf('three'),
  );
  const piece = 'x'.repeat(50_000);
  const large = request(piece + piece);
  expect(await hear(port, large.slice(0, 70_000), large.slice(70_000) + request('two'), LAST)).toContain(
    echoOf(piece + piece) + echoOf('two'),
  );
});

it('anything but a plain Messages request is node’s, with all that follows on its connection', async () => {
  const { port } = await serve(echo);
  const heard = await hear(port, request('one'), 'GET /a HTTP/1.1\r\nhost: x\r\n\r\n', request('two'), LAST);
  expect(heard.match(/one|two|node \S+/g)).toEqual(['one', 'node /a', 'node /v1/messages', 'node /last']);
});

it.each([1, 17, 40, 56])('a head that comes in two pieces (%i bytes and the rest) is served by node', async (at) => {
  const { port } = await serve(echo);
  const text = request('one');
  const heard = await hear(port, text.slice(0, at), text.slice(at), LAST);
  expect(heard.match(/one|node \S+/g)).toEqual(['node /v1/messages', 'node /last']);
});

it('a client that leaves is heard of once, whether it is answered or still sending', async () => {
  const seen: unknown[] = [];
  const { port } = await serve(async (exchange) => {
    exchange.listen({ left: () => seen.push('left'), drained: () => {} });
    await Promise.resolve(exchange.collect(1000)).catch((error: unknown) => seen.push(error));
  });
  const whole = dial(port);
  whole.write(request('one'));
  await sleep(50);
  whole.destroy();
  const half = dial(port);
  half.write(request('one').slice(0, -1));
  await sleep(50);
  half.end();
  await sleep(50);
  expect(seen).toEqual(['left', 'left', expect.any(ClientLeft)]);
});

it('a client that reads slowly makes it say so, and is told of when it has caught up', async () => {
  const piece = pattern(60_000);
  const done = Promise.withResolvers<number>();
  const { port } = await serve(async (exchange) => {
    let drains = 0;
    exchange.listen({ left: () => {}, drained: () => drains++ });
    exchange.begin(200, [...DATED]);
    let sent = 0;
    for (; exchange.write(piece); sent++) await nextTurn();
    await nextTurn();
    const before = drains;
    await sleep(50);
    expect(drains).toBe(before);
    socket.resume();
    while (drains === before) await nextTurn();
    exchange.end();
    done.resolve(sent + 1);
  });
  const socket = dial(port);
  let got = 0;
  socket.pause();
  socket.on('data', (data: Buffer) => {
    got += data.length;
  });
  socket.pause();
  socket.write(request());
  const pieces = await done.promise;
  while (got < pieces * piece.length) await sleep(5);
});

it('an answer that overtakes its request ends the connection once the rest has come', async () => {
  const { port } = await serve((exchange) => exchange.answer(401, ['content-length', '2', ...DATED], 'no'));
  const text = request('x'.repeat(1000));
  expect(await hear(port, text.slice(0, 500), text.slice(500) + request())).toBe(
    'HTTP/1.1 401 Unauthorized\r\ncontent-length: 2\r\ndate: today\r\nconnection: close\r\n\r\nno',
  );
});

it('closing ends idle connections at once and the others after what they are answering', async () => {
  const held = Promise.withResolvers<ClientExchange>();
  const { port, front } = await serve((exchange) => held.resolve(exchange));
  const idle = hear(port);
  const busy = hear(port, request('one') + request('two'));
  const exchange = await held.promise;
  front.close();
  expect(await idle).toBe('');
  exchange.begin(200, ['content-length', '2', ...DATED]);
  exchange.end(bytes('ok'));
  await sleep(50);
  front.cut();
  expect(await busy).toContain('connection: close\r\n\r\nok');
});
