import { createServer as createHttpServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { type AddressInfo, createServer as createTcpServer, type Server, type Socket } from 'node:net';
import { onTestFinished } from 'vitest';

/** A request as an upstream received it. */
export type ReceivedRequest = {
  readonly method: string;
  readonly path: string;
  readonly rawHeaders: readonly string[];
  readonly headers: IncomingMessage['headers'];
  readonly body: Buffer;
};

/** A provider of a test's own making. */
export type TestUpstream = {
  readonly url: string;
  /** Everything that arrived whole, in its order. */
  readonly received: readonly ReceivedRequest[];
  /** Connections that are open now. */
  readonly connections: ReadonlySet<Socket>;
  /** Closes the port and every connection; a second call does nothing. */
  close(): Promise<void>;
};

export type Answer = (request: ReceivedRequest, response: ServerResponse) => void;

const listenOn = async (server: Server): Promise<string> => {
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
};

const track = (server: Server): { connections: Set<Socket>; close: () => Promise<void> } => {
  const connections = new Set<Socket>();
  server.on('connection', (socket: Socket) => {
    connections.add(socket);
    socket.on('error', () => {});
    socket.on('close', () => connections.delete(socket));
  });
  const close = async (): Promise<void> => {
    if (!server.listening) return;
    const closed = new Promise((resolve) => server.close(resolve));
    for (const socket of connections) socket.destroy();
    await closed;
  };
  return { connections, close };
};

const readWhole = async (request: IncomingMessage): Promise<ReceivedRequest> => {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk as Buffer);
  const { method = '', url = '', rawHeaders, headers } = request;
  return { method, path: url, rawHeaders, headers, body: Buffer.concat(chunks) };
};

/** An upstream whose answers a function writes; it lives until its `close`. */
export const openUpstreamServer = async (answer: Answer): Promise<TestUpstream> => {
  const received: ReceivedRequest[] = [];
  const server = createHttpServer((request, response) => {
    response.on('error', () => {});
    readWhole(request).then(
      (whole) => {
        received.push(whole);
        answer(whole, response);
      },
      () => response.destroy(),
    );
  });
  const { connections, close } = track(server);
  return { url: await listenOn(server), received, connections, close };
};

/** {@link openUpstreamServer}, closed when the test has finished. */
export const startUpstream = async (answer: Answer): Promise<TestUpstream> => {
  const upstream = await openUpstreamServer(answer);
  onTestFinished(upstream.close);
  return upstream;
};

/**
 * An upstream that is given the bare connection once a request with a `content-length` has arrived on it, to answer
 * with bytes that no HTTP server would send. Closed when the test has finished.
 */
export const startRawUpstream = async (answer: (socket: Socket, request: string) => void): Promise<TestUpstream> => {
  const received: ReceivedRequest[] = [];
  const server = createTcpServer((socket) => {
    let text = '';
    socket.on('data', (chunk) => {
      text += chunk.toString('latin1');
      const headEnd = text.indexOf('\r\n\r\n');
      const length = Number(/content-length: (\d+)/i.exec(text)?.[1] ?? 0);
      if (headEnd === -1 || text.length < headEnd + 4 + length) return;
      const body = Buffer.from(text.slice(headEnd + 4), 'latin1');
      const [method = '', path = ''] = text.split(' ', 2);
      received.push({ method, path, rawHeaders: [], headers: {}, body });
      const whole = text;
      text = '';
      answer(socket, whole);
    });
  });
  const { connections, close } = track(server);
  onTestFinished(close);
  return { url: await listenOn(server), received, connections, close };
};

/** A URL nobody listens on. */
export const closedUrl = async (): Promise<string> => {
  const server = createTcpServer();
  const url = await listenOn(server);
  await new Promise((resolve) => server.close(resolve));
  return url;
};
