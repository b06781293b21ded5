import { createServer, type Socket } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterEach, describe, expect, it } from 'vitest';
import { answer, ask, closeAll, closed, LONG, listen, open, pattern, provide, send } from './testing/provider.ts';

afterEach(closeAll);

describe('keeping connections', () => {
  it('sends requests that follow each other over one connection', async () => {
    const { url, sockets } = await provide((socket, { request }) => socket.write(answer(`n${request}`)));
    const connections = open(url);
    for (let i = 1; i <= 20; i++) expect(await ask(connections)).toEqual({ status: 200, error: null, text: `n${i}` });
    expect(sockets).toHaveLength(1);
  });

  it('gives each of several requests at once a connection of its own, and keeps them all', async () => {
    const { url, sockets } = await provide((socket, _, body) => setTimeout(() => socket.write(answer(`${body}`)), 50));
    const connections = open(url);
    for (const round of ['a', 'b']) {
      const asked = [1, 2, 3, 4, 5].map((n) => `${round}${n}`);
      const heard = await Promise.all(asked.map((text) => ask(connections, Buffer.from(text))));
      expect(heard.map(({ text }) => text)).toEqual(asked);
    }
    expect(sockets).toHaveLength(5);
  });

  it.each([
    ['asks for the close', 'HTTP/1.1 200 OK\r\nconnection: close\r\ncontent-length: 2\r\n\r\nhi'],
    ['is followed by bytes nobody asked for', `${answer('hi')}HTTP/1.1 200 OK\r\n`],
  ])('does not use a connection again whose answer %s', async (_, bytes) => {
    const { url, sockets } = await provide((socket) => socket.write(bytes));
    const connections = open(url);
    for (let i = 0; i < 2; i++) expect(await ask(connections)).toMatchObject({ text: 'hi', error: null });
    expect(sockets).toHaveLength(2);
    await closed(sockets[0]);
  });

  it('drops an idle connection on which something comes unasked', async () => {
    const { url, sockets } = await provide((socket) => socket.write(answer('hi')));
    const connections = open(url);
    await ask(connections);
    sockets[0]?.write('HTTP/1.1 408 Request Timeout\r\n\r\n');
    await closed(sockets[0]);
    expect(await ask(connections)).toMatchObject({ status: 200, text: 'hi' });
  });
});

describe('a kept connection that the provider closes as it is used', () => {
  it('costs nothing: the request goes out once more on a new one', async () => {
    const { url, sockets } = await provide((socket, { connection, request }, body) =>
      connection === 1 && request === 2 ? socket.destroy() : socket.write(answer(`${connection}:${body}`)),
    );
    const connections = open(url);
    expect(await ask(connections, Buffer.from('a'))).toMatchObject({ text: '1:a' });
    const retried = send(connections, Buffer.from('b'));
    expect(await retried.outcome).toMatchObject({ status: 200, error: null, body: Buffer.from('2:b') });
    expect(retried.ends()).toBe(1);
    expect(sockets).toHaveLength(2);
  });

  it('is given up when the new one breaks too', async () => {
    const { url, sockets } = await provide((socket, { connection, request }) =>
      connection === 1 && request === 1 ? socket.write(answer('hi')) : socket.destroy(),
    );
    const connections = open(url);
    await ask(connections);
    expect(await ask(connections)).toMatchObject({ error: 'broken' });
    await sleep(30);
    expect(sockets).toHaveLength(2);
  });

  it('is not tried again once a byte of the answer has come, nor on a first use', async () => {
    const { url, sockets } = await provide((socket, { request }) =>
      request === 1 ? socket.write(answer('hi')) : socket.end('H'),
    );
    const connections = open(url);
    await ask(connections);
    expect(await ask(connections)).toMatchObject({ error: 'broken', status: 0 });
    expect(sockets).toHaveLength(1);
    const other = await provide((socket) => socket.destroy());
    expect(await ask(open(other.url))).toMatchObject({ error: 'broken' });
    expect(other.sockets).toHaveLength(1);
  });

  it('can be aborted on the new one', async () => {
    const { url, sockets } = await provide((socket, { connection, request }) => {
      if (connection === 1) request === 1 ? socket.write(answer('hi')) : socket.destroy();
      else socket.write('HTTP/1.1 200 OK\r\n\r\nfor ever');
    });
    const connections = open(url);
    await ask(connections);
    const { exchange, begun, ends } = send(connections);
    await begun;
    exchange.abort();
    await closed(sockets[1]);
    expect(ends()).toBe(0);
  });
});

describe('what goes wrong is told once, by its kind', () => {
  it.each([
    ['reset', (socket: Socket) => socket.resetAndDestroy(), ''],
    ['reset where only the close frames it', (socket: Socket) => socket.resetAndDestroy(), 'x-none: 1'],
    ['closed', (socket: Socket) => socket.end(), 'content-length: 9'],
    ['answered with nonsense', (socket: Socket) => socket.write('zz\r\n'), 'transfer-encoding: chunked'],
  ])('a connection that is %s in the middle of an answer is broken', async (_, harm, header) => {
    const { url } = await provide((socket) => {
      socket.write(
        `HTTP/1.1 200 OK\r\n${header || 'content-length: 9'}\r\n\r\n${header.startsWith('t') ? '' : 'half'}`,
      );
      setTimeout(() => harm(socket), 30);
    });
    const { outcome, ends } = send(open(url));
    expect(await outcome).toMatchObject({ status: 200, error: 'broken' });
    await sleep(30);
    expect(ends()).toBe(1);
  });

  it('an answer framed by the close ends with it', async () => {
    const { url } = await provide((socket) => socket.end('HTTP/1.1 200 OK\r\n\r\nwhole'));
    expect(await ask(open(url))).toEqual({ status: 200, error: null, text: 'whole' });
  });

  it('a port nobody listens on is unreachable', async () => {
    const { url } = await listen(createServer());
    closeAll();
    expect(await ask(open(url))).toMatchObject({ error: 'unreachable' });
  });

  it.each([
    ['nothing is answered', { answerMs: 500 }, ''],
    ['only an interim answer comes', { answerMs: 500 }, 'HTTP/1.1 100 Continue\r\n\r\n'],
    ['an answer falls silent', { silenceMs: 500 }, 'HTTP/1.1 200 OK\r\ncontent-length: 9\r\n\r\nhalf'],
  ])('it is a timeout when %s', async (_, times, bytes) => {
    const { url, sockets } = await provide((socket) => socket.write(bytes));
    const startedAt = performance.now();
    expect(await ask(open(url, { ...LONG, ...times }))).toMatchObject({ error: 'timeout' });
    expect(performance.now() - startedAt).toBeGreaterThan(450);
    expect(performance.now() - startedAt).toBeLessThan(3000);
    await closed(sockets[0]);
  });

  it('but not while bytes keep coming, however slowly, nor while the answer is paused', async () => {
    const { url } = await provide(async (socket) => {
      socket.write('HTTP/1.1 200 OK\r\ncontent-length: 5\r\n\r\n');
      for (const letter of 'hello') {
        await sleep(300);
        socket.write(letter);
      }
    });
    const connections = open(url, { ...LONG, silenceMs: 500 });
    const slow = ask(connections);
    const paused = send(connections);
    await paused.begun;
    paused.exchange.pause();
    expect(await slow).toMatchObject({ text: 'hello', error: null });
    await sleep(1000);
    expect(paused.bytes()).toBe(0);
    paused.exchange.resume();
    expect(await paused.outcome).toMatchObject({ error: null, body: Buffer.from('hello') });
  });
});

describe('the flow of an answer', () => {
  const BYTES = 10 * 1024 * 1024;
  const big = pattern(BYTES);
  const giveBig = (socket: Socket): void => {
    socket.write(`HTTP/1.1 200 OK\r\ncontent-length: ${BYTES}\r\n\r\n`);
    socket.write(big);
  };

  it('is held back by a pause, and nothing is lost', async () => {
    const { url, sockets } = await provide(giveBig);
    const connections = open(url);
    const { exchange, begun, bytes, outcome } = send(connections);
    await begun;
    exchange.pause();
    await sleep(50);
    const held = bytes();
    expect(held).toBeLessThan(BYTES / 2);
    await sleep(100);
    expect(bytes()).toBe(held);
    exchange.resume();
    const { body, error } = await outcome;
    expect(error).toBeNull();
    expect(body.equals(big)).toBe(true);
    expect((await send(connections).outcome).body.equals(big)).toBe(true);
    expect(sockets).toHaveLength(1);
  });

  it('stops at an abort: the socket closes and nothing more is heard', async () => {
    const { url, sockets } = await provide(giveBig);
    const { exchange, begun, bytes, ends } = send(open(url));
    await begun;
    exchange.abort();
    const heard = bytes();
    await closed(sockets[0]);
    expect([bytes(), ends()]).toEqual([heard, 0]);
  });

  it('can be aborted before the connection stands', async () => {
    const { url, sockets } = await provide((socket) => socket.write(answer('hi')));
    const connections = open(url);
    const { exchange, ends } = send(connections);
    exchange.abort();
    expect(await ask(connections)).toMatchObject({ text: 'hi' });
    await closed(sockets.at(-2));
    expect(ends()).toBe(0);
  });

  it('is out of reach of an exchange that has ended, on the same connection', async () => {
    const { url, sockets } = await provide((socket, { request }) => {
      socket.write(request === 1 ? answer('hi') : 'HTTP/1.1 200 OK\r\ncontent-length: 5\r\n\r\nhe');
      if (request === 2) setTimeout(() => socket.write('llo'), 50);
    });
    const connections = open(url);
    const first = send(connections);
    await first.outcome;
    const second = send(connections);
    await second.begun;
    first.exchange.pause();
    first.exchange.abort();
    second.exchange.pause();
    first.exchange.resume();
    await sleep(100);
    expect(second.bytes()).toBe(2);
    second.exchange.resume();
    expect(await second.outcome).toMatchObject({ error: null, body: Buffer.from('hello') });
    expect(sockets).toHaveLength(1);
  });

  it('fails once when all connections are closed, and is not sent again', async () => {
    const { url, sockets } = await provide((socket, { connection, request }) => {
      if (connection === 2) socket.write('HTTP/1.1 200 OK\r\n\r\nframed by the close');
      else if (request === 1) setTimeout(() => socket.write(answer('hi')), 50);
    });
    const connections = open(url);
    const kept = send(connections);
    const endless = send(connections);
    await Promise.all([kept.outcome, endless.begun]);
    const reused = send(connections);
    await sleep(30);
    connections.close();
    for (const { outcome } of [endless, reused]) expect(await outcome).toMatchObject({ error: 'broken' });
    await Promise.all(sockets.map(closed));
    expect([kept.ends(), endless.ends(), reused.ends(), sockets.length]).toEqual([1, 1, 1, 2]);
  });
});

describe('the body of a request', () => {
  it.each([0, 1, 16 * 1024, 16 * 1024 + 1, 5_000_000])('of %i bytes arrives intact, again and again', async (size) => {
    const sent = pattern(size);
    const { url, sockets } = await provide((socket, _, body) => socket.write(answer(String(body.equals(sent)))));
    const connections = open(url);
    for (let i = 0; i < 3; i++) expect(await ask(connections, sent)).toMatchObject({ text: 'true' });
    expect(sockets).toHaveLength(1);
  });

  it('that is answered before it is read gives up its connection, not its answer', async () => {
    const server = createServer((socket) => {
      const isFirst = sockets.length === 1;
      socket.once('data', () => {
        if (isFirst) socket.pause();
        socket.write(answer('early'));
      });
    });
    const { url, sockets } = await listen(server);
    const connections = open(url);
    expect(await ask(connections, Buffer.alloc(32 * 1024 * 1024))).toMatchObject({ error: null, text: 'early' });
    expect(await ask(connections)).toMatchObject({ error: null, text: 'early' });
    expect(sockets).toHaveLength(2);
  });
});
