import { createServer, type IncomingMessage, request, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { buffer } from 'node:stream/consumers';

/** One exchange as it passed over the wire. */
export type Exchange = {
  readonly method: string;
  /** Path and query as sent. */
  readonly url: string;
  readonly headers: IncomingMessage['headers'];
  readonly body: Buffer;
  readonly status: number;
  readonly answerHeaders: IncomingMessage['headers'];
  readonly answer: Buffer;
  /** When the request had arrived, on the clock of `performance.now`. */
  readonly arrivedMs: number;
};

/** Stands between one client and Remit, passes everything on as it is and keeps it, in the order of the answers' ends. */
export type Wiretap = {
  readonly url: string;
  readonly exchanges: readonly Exchange[];
  close(): Promise<void>;
};

const listen = (server: Server): Promise<number> =>
  new Promise((resolve) => {
    server.listen(0, '127.0.0.1', () => resolve((server.address() as AddressInfo).port));
  });

const closeServer = (server: Server): Promise<void> =>
  new Promise((resolve) => {
    server.close(() => resolve());
    server.closeAllConnections();
  });

const passOn = async (target: string, client: IncomingMessage, response: ServerResponse): Promise<Exchange> => {
  const { method = 'GET', url = '/', headers } = client;
  const body = await buffer(client);
  const arrivedMs = performance.now();
  const { promise, resolve, reject } = Promise.withResolvers<IncomingMessage>();
  const onwards = request(`${target}${url}`, { method, headers, agent: false }, resolve).on('error', reject);
  response.on('close', () => onwards.destroy());
  onwards.end(body);
  const reply = await promise;
  const status = reply.statusCode ?? 0;
  response.writeHead(status, reply.rawHeaders);
  reply.pipe(response);
  const answer = await buffer(reply);
  return { method, url, headers, body, status, answerHeaders: reply.headers, answer, arrivedMs };
};

/** Starts a wiretap in front of `target`. */
export const openWiretap = async (target: string): Promise<Wiretap> => {
  const exchanges: Exchange[] = [];
  const server = createServer((client, response) => {
    passOn(target, client, response).then(
      (exchange) => exchanges.push(exchange),
      () => response.destroy(),
    );
  });
  const port = await listen(server);
  return { url: `http://127.0.0.1:${port}`, exchanges, close: () => closeServer(server) };
};

/** A proxy that lets nothing out and remembers who was asked for. */
export type Outside = {
  readonly url: string;
  /** Hosts somebody tried to reach. */
  readonly asked: readonly string[];
  close(): Promise<void>;
};

/** Starts the proxy; a client that goes by `HTTPS_PROXY` shows there what it wants beyond this machine. */
export const openOutside = async (): Promise<Outside> => {
  const asked: string[] = [];
  const server = createServer(({ url = '' }, response) => {
    asked.push(url);
    response.writeHead(403).end();
  });
  server.on('connect', ({ url = '' }, socket) => {
    asked.push(url);
    socket.on('error', () => socket.destroy());
    socket.end('HTTP/1.1 403 Forbidden\r\n\r\n');
  });
  const port = await listen(server);
  return { url: `http://127.0.0.1:${port}`, asked, close: () => closeServer(server) };
};
