import { once } from 'node:events';
import { type AddressInfo, connect, createServer, type Server, type Socket } from 'node:net';
import { Duplex } from 'node:stream';
import { afterEach, describe, expect, test } from 'vitest';
import { type ClientSocket, readClientSocket } from './client-socket.ts';

const closing: (() => void)[] = [];
afterEach(() => {
  for (const close of closing.splice(0)) close();
});

type Meeting = {
  readonly server: Server;
  readonly client: Socket;
  readonly taken: ClientSocket;
  readonly read: Buffer[];
};

/** A client and what was made of the socket its server accepted. */
const meet = async (accept: (socket: Socket) => Socket = (socket) => socket): Promise<Meeting> => {
  const server = createServer({ allowHalfOpen: true }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  const client = connect((server.address() as AddressInfo).port, '127.0.0.1');
  const read: Buffer[] = [];
  const [accepted] = (await once(server, 'connection')) as [Socket];
  const taken = readClientSocket(accept(accepted), (chunk) => read.push(chunk));
  closing.push(() => {
    client.destroy();
    taken.socket.destroy();
    server.close();
  });
  return { server, client, taken, read };
};

const textOf = (read: readonly Buffer[]): string => Buffer.concat(read).toString();
const until = (is: () => boolean) => expect.poll(is, { timeout: 5000, interval: 5 }).toBe(true);

/** A socket that somebody wrapped, as a TLS socket is: it has no handle of its own to take over. */
const wrapped = (socket: Socket): Socket => {
  const stream = new Duplex({
    allowHalfOpen: true,
    read: () => void socket.resume(),
    write: (chunk, _encoding, done) => void socket.write(chunk, done),
    final: (done) => void socket.end(done),
  });
  socket.on('data', (chunk) => stream.push(chunk)).on('end', () => stream.push(null));
  return stream as Socket;
};

describe.each([
  { name: 'an accepted socket', accept: (socket: Socket) => socket },
  { name: 'a stream around one', accept: wrapped },
])('$name', ({ accept }) => {
  test('gives every piece, to keep: what comes later does not change it', async () => {
    const { client, read } = await meet(accept);
    client.write('first');
    await until(() => textOf(read) === 'first');
    client.write('other');
    await until(() => textOf(read) === 'firstother');
  });

  test('reads many bytes in order, and sends', async () => {
    const { client, taken, read } = await meet(accept);
    const sent = Buffer.alloc(1_000_003, 'abcdefghijk');
    client.write(sent);
    await until(() => read.reduce((sum, { length }) => sum + length, 0) === sent.length);
    expect(Buffer.concat(read).equals(sent)).toBe(true);
    taken.socket.write('answer');
    const [answer] = (await once(client, 'data')) as [Buffer];
    expect(answer.toString()).toBe('answer');
  });

  test('tells that the client will send no more, after all it sent, and can still answer', async () => {
    const { client, taken, read } = await meet(accept);
    const ended = once(taken.socket, 'end');
    client.end('last words');
    await ended;
    expect(textOf(read)).toBe('last words');
    taken.socket.end('heard');
    const [answer] = (await once(client, 'data')) as [Buffer];
    expect(answer.toString()).toBe('heard');
  });

  test('becomes a stream in mid-course: nothing is lost, told twice or out of order', async () => {
    const { client, taken, read } = await meet(accept);
    client.write('one ');
    await until(() => read.length === 1);
    taken.becomeStream();
    const streamed: Buffer[] = [];
    taken.socket.on('data', (chunk: Buffer) => streamed.push(chunk));
    taken.socket.unshift(Buffer.from('one again '));
    client.write('two');
    await until(() => textOf(streamed) === 'one again two');
    expect(textOf(read)).toBe('one ');
  });
});

test('while it is paused a client is held back, also once it is a stream', async () => {
  const { client, taken, read } = await meet();
  const bytes = () => read.reduce((sum, { length }) => sum + length, 0);
  taken.socket.pause();
  client.write(Buffer.alloc(64 * 1024 * 1024));
  await new Promise((resolve) => setTimeout(resolve, 100));
  const before = bytes();
  expect(client.writableLength).toBeGreaterThan(0);
  await new Promise((resolve) => setTimeout(resolve, 50));
  expect(bytes()).toBe(before);
  taken.becomeStream();
  let streamed = 0;
  taken.socket.on('readable', () => {
    for (;;) {
      const chunk: Buffer | null = taken.socket.read();
      if (chunk === null) return;
      streamed += chunk.length;
    }
  });
  taken.socket.resume();
  await until(() => before + streamed === 64 * 1024 * 1024);
});

test('the server counts the connection until it is closed', async () => {
  const { server, client, taken } = await meet();
  const count = () =>
    new Promise((resolve, reject) => server.getConnections((error, found) => (error ? reject(error) : resolve(found))));
  expect(await count()).toBe(1);
  expect(taken.socket.remoteAddress).toBe('127.0.0.1');
  client.destroy();
  await once(taken.socket, 'end');
  taken.socket.destroy();
  await expect.poll(count, { timeout: 5000, interval: 5 }).toBe(0);
});
