import { once } from 'node:events';
import { createServer as createHttpServer, type Server } from 'node:http';
import { type AddressInfo, connect, type Socket } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterEach, expect } from 'vitest';
import { writeHeaders } from '../../written-headers.ts';
import type { ClientExchange } from '../client-exchange.ts';
import { type Front, openFront } from '../front.ts';

const closers: (() => void)[] = [];
/** What was thrown on connections since the test began. */
export const failures: unknown[] = [];
afterEach(() => {
  failures.length = 0;
  for (const close of closers.splice(0)) close();
});

/** A front before a server of node's that answers everything with the word "node" and the path. */
export const serve = async (handle: (exchange: ClientExchange) => void | Promise<void>) => {
  const server: Server = createHttpServer((request, response) => {
    request.resume();
    request.on('end', () => response.end(`node ${request.url}\n`));
  });
  const acceptors = server.listeners('connection');
  const front: Front = openFront({
    serve: handle,
    passOn: (socket, bytes) => {
      for (const accept of acceptors) accept.call(server, socket);
      socket.unshift(bytes);
    },
    answerLate: (socket) => socket.destroy(),
    failed: (error) => failures.push(error),
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

/** A connection that ends with the test. */
export const dial = (port: number): Socket => {
  const socket = connect(port, '127.0.0.1');
  socket.on('error', () => {});
  closers.push(() => socket.destroy());
  return socket;
};

/** A plain request. */
export const request = (body = '', path = '/v1/messages'): string =>
  `POST ${path} HTTP/1.1\r\nhost: x\r\ncontent-length: ${body.length}\r\n\r\n${body}`;

/** A request that node answers last. */
export const LAST = 'GET /last HTTP/1.1\r\nhost: x\r\nconnection: close\r\n\r\n';

/** Everything a client hears until the connection closes. */
export const hear = (port: number, ...sent: readonly string[]): Promise<string> =>
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

/** The lines that keep a connection. */
export const STAYS = 'connection: keep-alive\r\nkeep-alive: timeout=75\r\n';
/** A date that does not change. */
export const DATED = ['date', 'today'];
/** The head of an answer of unknown length. */
export const CHUNKED = `HTTP/1.1 200 OK\r\ndate: today\r\n${STAYS}transfer-encoding: chunked\r\n\r\n`;
/** Text as bytes. */
export const bytes = (text: string): Buffer => Buffer.from(text, 'latin1');
/** Bytes that differ at every place. */
export const pattern = (length: number): Buffer =>
  Buffer.from(Uint8Array.from({ length }, (_, i) => (i * 31 + (i >> 8)) & 255));

/** What a client hears of one answer, and then of node. */
export const heardOf = async (handle: (exchange: ClientExchange) => void | Promise<void>): Promise<string> => {
  const { port } = await serve(handle);
  const heard = await hear(port, request('body'), LAST);
  const end = heard.indexOf('HTTP/1.1 200 OK\r\nDate');
  expect(heard.endsWith('node /last\n')).toBe(true);
  return heard.slice(0, end);
};

/** Answers with the body. */
export const echo = async (exchange: ClientExchange): Promise<void> => {
  const body = (await exchange.collect(1_000_000)).joined();
  exchange.begin(200, writeHeaders(['content-length', String(body.length), ...DATED]));
  exchange.end(body);
};

/** What a client hears of {@link echo}. */
export const echoOf = (body: string): string =>
  `HTTP/1.1 200 OK\r\ncontent-length: ${body.length}\r\ndate: today\r\n${STAYS}\r\n${body}`;
