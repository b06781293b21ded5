import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import { ApiError } from './api-error.ts';
import type { Call, World } from './call.ts';
import { createNextId } from './ids.ts';
import { createPromptCache } from './prompt-cache.ts';
import { bodyBytesMaxOf, createRouter } from './routes.ts';

/** A request as it reached the simulation, for those who want to see what was forwarded. */
export type ReceivedRequest = {
  readonly method: string;
  /** Path and query as sent. */
  readonly url: string;
  readonly path: string;
  /** Names and values in turn, as on the wire (case and repetition kept). */
  readonly rawHeaders: readonly string[];
  /** The body's bytes as received. */
  readonly body: Buffer;
};

/** How the simulation is started; every member may be left out. */
export type SimulatedUpstreamOptions = {
  /** Port to listen on; 0 (the default) takes a free one. */
  readonly port?: number;
  /** Address to listen on; loopback by default. */
  readonly host?: string;
  /** Epoch milliseconds; governs the prompt cache, batches and dates. */
  readonly now?: () => number;
  /** Numbers in [0, 1) for ids. */
  readonly random?: () => number;
  /** When set, `x-api-key` or `Authorization: Bearer` must carry this key on every path under `/v1/`; else 401. */
  readonly requireKey?: string;
  /** Milliseconds between the events of a stream; 0 by default. */
  readonly chunkDelayMs?: number;
  /** Milliseconds a batch takes; 0 (the default) ends it at once. */
  readonly batchDurationMs?: number;
  /** Called with every request after its body has arrived and before it is answered. Nothing is kept. */
  readonly onRequest?: (request: ReceivedRequest) => void;
};

/** A running simulation. */
export type SimulatedUpstream = {
  /** Base URL without a trailing slash. */
  readonly url: string;
  readonly port: number;
  /** Stops listening and cuts every open connection, hanging answers included. */
  readonly close: () => Promise<void>;
};

const ORGANISATION_ID = '00000000-0000-4000-8000-000000000000';

const readBody = async (request: IncomingMessage, bytesMax: number): Promise<Buffer> => {
  const chunks: Buffer[] = [];
  let bytes = 0;
  // Left whole on an early exit: the connection must stay up to carry the 413.
  for await (const chunk of request.iterator({ destroyOnReturn: false })) {
    bytes += chunk.length;
    if (bytes > bytesMax) throw new ApiError(413, `The body is larger than the ${bytesMax} bytes this path takes.`);
    chunks.push(chunk);
  }
  return Buffer.concat(chunks, bytes);
};

const checkKey = ({ path, headers }: Call, key: string | undefined): void => {
  if (key === undefined || !path.startsWith('/v1/')) return;
  const sent = [headers['x-api-key'], headers.authorization?.replace(/^Bearer\s+/i, '')];
  if (sent.every((value) => value === undefined)) {
    throw new ApiError(401, 'x-api-key or authorization header is required');
  }
  if (!sent.includes(key)) throw new ApiError(401, 'invalid x-api-key');
};

const sendError = (response: ServerResponse, error: unknown, requestId: string): void => {
  if (response.headersSent) {
    response.destroy();
    return;
  }
  const known = error instanceof ApiError ? error : new ApiError(500, 'Internal server error');
  const bytes = Buffer.from(JSON.stringify(known.envelope(requestId)));
  if (known.retryAfterSeconds !== undefined) response.setHeader('retry-after', known.retryAfterSeconds);
  // The rest of a body that is too large is read and dropped, and its connection serves no other request.
  if (known.status === 413) response.setHeader('connection', 'close');
  response.writeHead(known.status, { 'content-type': 'application/json', 'content-length': bytes.length });
  response.end(bytes);
  response.req.resume();
};

const listen = async (server: Server, port: number, host: string): Promise<number> => {
  const { promise, resolve, reject } = Promise.withResolvers<void>();
  server.once('error', reject);
  server.listen(port, host, resolve);
  await promise;
  server.off('error', reject);
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('the simulated upstream has no port');
  return address.port;
};

const stop = async (server: Server): Promise<void> => {
  const { promise, resolve } = Promise.withResolvers<void>();
  server.close(() => resolve());
  server.closeAllConnections();
  await promise;
};

/** What does not change from one request to the next. */
type Service = {
  readonly options: SimulatedUpstreamOptions;
  readonly world: World;
  readonly route: (call: Call) => void | Promise<void>;
  readonly origin: () => string;
};

const receive = async ({ world, ...service }: Service, request: IncomingMessage, response: ServerResponse) => {
  const { method = 'GET', url = '/', headers, rawHeaders } = request;
  const requestId = world.nextId('req_');
  response.setHeader('request-id', requestId);
  response.setHeader('anthropic-organization-id', ORGANISATION_ID);
  try {
    const { pathname: path, searchParams: query } = new URL(url, 'http://localhost');
    const body = await readBody(request, bodyBytesMaxOf(path));
    service.options.onRequest?.({ method, url, path, rawHeaders, body });
    const call = { method, path, query, headers, body, requestId, response, origin: service.origin() };
    checkKey(call, service.options.requireKey);
    await service.route(call);
  } catch (error) {
    if (!response.destroyed) sendError(response, error, requestId);
  }
};

/**
 * Starts the simulated upstream: an HTTP server that answers in the Messages API's shapes (messages, token counts,
 * batches, models, files) without any model behind it. What it says and how users direct it stands in
 * `docs/reference/simulated-upstream.md` and at {@link Directives}. Rejects when the port is taken.
 */
export const startSimulatedUpstream = async (options: SimulatedUpstreamOptions = {}): Promise<SimulatedUpstream> => {
  const { now = Date.now, random = Math.random, host = '127.0.0.1', chunkDelayMs = 0, batchDurationMs = 0 } = options;
  const world: World = { now, nextId: createNextId(random), cache: createPromptCache(now), chunkDelayMs };
  let url = '';
  const service: Service = { options, world, route: createRouter(world, batchDurationMs), origin: () => url };
  const server = createServer((request, response) => void receive(service, request, response));
  // Longer than a client keeps an idle connection, so that none is closed under a request on its way.
  server.keepAliveTimeout = 75_000;
  const port = await listen(server, options.port ?? 0, host);
  url = `http://${host.includes(':') ? `[${host}]` : host}:${port}`;
  return { url, port, close: () => stop(server) };
};
