import { once } from 'node:events';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { writeHeaders } from '../written-headers.ts';
import type { ClientExchange } from './client-exchange.ts';
import { bytes, DATED, dial, echo, echoOf, pattern, request, serve } from './testing/front-stage.ts';

/** The timer that looks after time limits is the only one that is held: sockets run as they do. */
beforeEach(() => {
  vi.useFakeTimers({ toFake: ['setInterval', 'clearInterval'] });
});
afterEach(() => {
  vi.useRealTimers();
});

const pass = (seconds: number): void => void vi.advanceTimersByTime(seconds * 1000);

/** More than the operating system takes while nobody reads. */
const LARGE = pattern(12_000_000);

/** A client that keeps what it hears. */
const listenOn = (port: number) => {
  const socket = dial(port);
  const pieces: Buffer[] = [];
  socket.on('data', (piece: Buffer) => pieces.push(piece));
  const heard = () => Buffer.concat(pieces);
  const length = () => pieces.reduce((sum, piece) => sum + piece.length, 0);
  const until = (text: string) => expect.poll(() => heard().toString('latin1'), { interval: 5 }).toContain(text);
  return { socket, heard, length, until };
};

it('a client has the time it was promised from the end of an answer on, however long that took', async () => {
  const held: ClientExchange[] = [];
  const { port } = await serve((exchange) => {
    if (exchange.url.endsWith('late')) held.push(exchange);
    else void echo(exchange);
  });
  const { socket, until } = listenOn(port);
  socket.write(request('', '/v1/messages?late'));
  await expect.poll(() => held.length, { interval: 5 }).toBe(1);
  pass(200);
  held[0]?.begin(200, writeHeaders(['content-length', '4', ...DATED]));
  held[0]?.end(bytes('late'));
  await until('late');
  pass(70);
  await sleep(20);
  socket.write(request('two'));
  await until(echoOf('two'));
  pass(70);
  await sleep(20);
  expect(socket.destroyed).toBe(false);
  pass(15);
  await once(socket, 'close');
});

it.each([
  { ends: 'goes on listening', seconds: 200, end: () => {} },
  { ends: 'has said all it will say', seconds: 20, end: (socket: { end(): void }) => void socket.end() },
])('an answer goes out whole to a client that reads slowly and $ends', async ({ end, seconds }) => {
  const body = LARGE;
  const done = Promise.withResolvers<void>();
  const { port } = await serve((exchange) => {
    exchange.begin(200, writeHeaders(['content-length', String(body.length), ...DATED]));
    exchange.end(body);
    setImmediate(done.resolve);
  });
  const { socket, heard, length } = listenOn(port);
  socket.allowHalfOpen = true;
  socket.write(request('one'));
  socket.pause();
  await done.promise;
  await sleep(20);
  end(socket);
  await sleep(20);
  pass(seconds);
  await sleep(20);
  socket.resume();
  await expect.poll(length, { interval: 5 }).toBeGreaterThan(body.length);
  expect(heard().subarray(-body.length).equals(body)).toBe(true);
});

it('a client that reads nothing is let go in the end, whatever it goes on sending', async () => {
  const { port } = await serve((exchange) => {
    exchange.begin(200, writeHeaders(['connection', 'close', ...DATED]));
    exchange.end(LARGE);
  });
  const { socket } = listenOn(port);
  socket.write(request('one'));
  socket.pause();
  let isClosed = false;
  socket.on('close', () => {
    isClosed = true;
  });
  await sleep(50);
  for (let i = 0; i < 80 && !isClosed; i++) {
    pass(5);
    socket.write('x');
    await sleep(5);
  }
  expect(isClosed).toBe(true);
});
