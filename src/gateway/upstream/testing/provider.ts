import { type AddressInfo, createServer, type Server, type Socket } from 'node:net';
import { Body } from '../../body.ts';
import { type Connections, openConnections } from '../connections.ts';
import type { Exchange, ExchangeError } from '../sent-request.ts';

const closers: (() => void)[] = [];

/** Closes every provider and every connection that was opened. */
export const closeAll = (): void => {
  for (const close of closers.splice(0)) close();
};

/** A server under test's control, and the connections it has accepted so far. */
type Provider = { readonly url: URL; readonly sockets: readonly Socket[] };

/** Starts a server on a free port of this machine. */
export const listen = async (server: Server, scheme = 'http'): Promise<Provider> => {
  const sockets: Socket[] = [];
  server.on(scheme === 'http' ? 'connection' : 'secureConnection', (socket: Socket) => {
    sockets.push(socket);
    socket.on('error', () => {});
  });
  closers.push(() => {
    server.close();
    for (const socket of sockets) socket.destroy();
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return { url: new URL(`${scheme}://127.0.0.1:${(server.address() as AddressInfo).port}`), sockets };
};

/** Answers one request; `connection` and `request` count from one. */
type Handle = (socket: Socket, place: { readonly connection: number; readonly request: number }, body: Buffer) => void;

/** A handler of sockets that calls `handle` for each request once its head and its body are whole. */
export const perRequest = (handle: Handle) => {
  let connections = 0;
  return (socket: Socket): void => {
    const connection = ++connections;
    let request = 0;
    let waiting: Buffer = Buffer.alloc(0);
    socket.on('error', () => {});
    socket.on('data', (piece: Buffer) => {
      waiting = Buffer.concat([waiting, piece]);
      const end = waiting.indexOf('\r\n\r\n') + 4;
      const length = Number(/content-length: (\d+)/.exec(waiting.toString('latin1', 0, end))?.[1] ?? 0);
      if (end === 3 || waiting.length < end + length) return;
      const body = waiting.subarray(end, end + length);
      waiting = waiting.subarray(end + length);
      handle(socket, { connection, request: ++request }, body);
    });
  };
};

/** A plain provider that calls `handle` for each request. */
export const provide = (handle: Handle): Promise<Provider> => listen(createServer(perRequest(handle)));

/** Times that no test waits for. */
export const LONG = { connectMs: 20_000, answerMs: 20_000, silenceMs: 20_000 };

/** Connections to a provider, closed with the rest. */
export const open = (url: URL, times = LONG): Connections => {
  const connections = openConnections(url, times);
  closers.push(connections.close);
  return connections;
};

/** The head of every request sent here. */
const HEAD = 'POST /v1/messages HTTP/1.1\r\nhost: x\r\ncontent-length: ';

/** An answer of known length. */
export const answer = (body: string): string => `HTTP/1.1 200 OK\r\ncontent-length: ${body.length}\r\n\r\n${body}`;

/** What was heard in the end; `status` 0: no head came. */
type Outcome = { readonly status: number; readonly body: Buffer; readonly error: ExchangeError['kind'] | null };

/** A request under way. */
type Running = {
  readonly exchange: Exchange;
  readonly outcome: Promise<Outcome>;
  readonly begun: Promise<void>;
  readonly bytes: () => number;
  /** How often `end` or `fail` came. */
  readonly ends: () => number;
};

/** Sends a request and listens to its answer. */
export const send = (connections: Connections, body: Buffer | null = null): Running => {
  const over = Promise.withResolvers<Outcome>();
  const begun = Promise.withResolvers<void>();
  const pieces: Buffer[] = [];
  let status = 0;
  let bytes = 0;
  let ends = 0;
  const finish = (error: Outcome['error']): void => {
    ends++;
    over.resolve({ status, body: Buffer.concat(pieces), error });
  };
  const exchange = connections.send(
    { head: HEAD, body: Body.of(body === null ? [] : [body]) },
    {
      head: (head) => {
        status = head.status;
        begun.resolve();
      },
      data: (chunk) => {
        pieces.push(chunk);
        bytes += chunk.length;
      },
      end: () => finish(null),
      fail: (error) => finish(error.kind),
    },
  );
  return { exchange, outcome: over.promise, begun: begun.promise, bytes: () => bytes, ends: () => ends };
};

/** Sends a request and waits for its answer's end. */
export const ask = async (connections: Connections, body: Buffer | null = null) => {
  const { status, body: answered, error } = await send(connections, body).outcome;
  return { status, error, text: answered.toString('latin1') };
};

/** Resolves when a provider's side of a connection is closed. */
export const closed = (socket: Socket | undefined): Promise<unknown> =>
  new Promise((resolve) => (socket?.closed === false ? socket.on('close', resolve) : resolve(undefined)));

/** Differs at every place, so that nothing can be lost, doubled or swapped unseen. */
export const pattern = (length: number): Buffer => {
  const bytes = Buffer.allocUnsafe(length);
  for (let i = 0; i < length; i++) bytes[i] = (i * 31 + (i >> 8)) & 255;
  return bytes;
};
