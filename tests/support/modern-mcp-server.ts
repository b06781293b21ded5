import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { buffer } from 'node:stream/consumers';

/** A server that speaks MCP 2026-07-28 only: no handshake, no sessions, headers that mirror the body. */
export type ModernMcpServer = {
  readonly url: string;
  readonly received: readonly { readonly method: string; readonly headers: IncomingMessage['headers'] }[];
  /** Tells everybody who listens that the list of tools is another one. */
  tellOfTools(): void;
  close(): Promise<void>;
};

const VERSION = '2026-07-28';
const META = { 'io.modelcontextprotocol/serverInfo': { name: 'modern-server', version: '3.0.0' } };
const TOOLS = ['add', 'drop'].map((name) => ({
  name,
  description: `Can ${name}`,
  inputSchema: { type: 'object', properties: {} },
}));
const CACHED = { resultType: 'complete', ttlMs: 0, cacheScope: 'private', _meta: META };

type Message = {
  readonly id?: string | number;
  readonly method?: string;
  readonly params?: { readonly name?: string; readonly arguments?: { readonly a?: number; readonly b?: number } };
};

const resultOf = ({ method, params }: Message): object | undefined => {
  switch (method) {
    case 'server/discover':
      return { ...CACHED, supportedVersions: [VERSION], capabilities: { tools: { listChanged: true } } };
    case 'tools/list':
      return { ...CACHED, tools: TOOLS };
    case 'tools/call': {
      const { a = 0, b = 0 } = params?.arguments ?? {};
      const text = params?.name === 'add' ? String(a + b) : 'dropped';
      return { resultType: 'complete', content: [{ type: 'text', text }], _meta: META };
    }
    default:
      return undefined;
  }
};

const isMirrored = ({ headers }: IncomingMessage, { method, params }: Message): boolean =>
  headers['mcp-protocol-version'] === VERSION &&
  headers['mcp-method'] === method &&
  (method !== 'tools/call' || headers['mcp-name'] === params?.name);

/** Sends an event of a subscription, which is named by the id of the request that began it. */
const notify = (response: ServerResponse, method: string, subscription: string | number): void => {
  const _meta = { 'io.modelcontextprotocol/subscriptionId': subscription };
  const params = { notifications: { toolsListChanged: true }, _meta };
  response.write(`data: ${JSON.stringify({ jsonrpc: '2.0', method, params })}\n\n`);
};

/** Starts one on a free port. */
export const startModernMcpServer = async (): Promise<ModernMcpServer> => {
  const received: { method: string; headers: IncomingMessage['headers'] }[] = [];
  const listening = new Map<ServerResponse, string | number>();

  const sendJson = (response: ServerResponse, status: number, value: object): void => {
    response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(value));
  };

  const answer = async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
    if (request.method !== 'POST') {
      response.writeHead(405, { allow: 'POST' }).end();
      return;
    }
    const message = JSON.parse((await buffer(request)).toString()) as Message;
    const { id = 0, method = '' } = message;
    received.push({ method, headers: request.headers });
    const fail = (status: number, code: number, text: string, data: object = {}) =>
      sendJson(response, status, { jsonrpc: '2.0', id, error: { code, message: text, data } });
    if (method === 'initialize') return fail(400, -32022, 'Unsupported protocol version', { supported: [VERSION] });
    if (!isMirrored(request, message)) return fail(400, -32020, 'Header mismatch');
    if (method === 'subscriptions/listen') {
      response.writeHead(200, { 'content-type': 'text/event-stream' });
      notify(response, 'notifications/subscriptions/acknowledged', id);
      listening.set(response, id);
      response.on('close', () => listening.delete(response));
      return;
    }
    const result = resultOf(message);
    if (result === undefined) return fail(404, -32601, 'Method not found');
    sendJson(response, 200, { jsonrpc: '2.0', id, result });
  };

  const http = createServer((request, response) => {
    answer(request, response).catch(() => response.destroy());
  });
  await new Promise<void>((resolve) => http.listen(0, '127.0.0.1', resolve));
  return {
    url: `http://127.0.0.1:${(http.address() as AddressInfo).port}/mcp`,
    received,
    tellOfTools: () => {
      for (const [response, id] of listening) notify(response, 'notifications/tools/list_changed', id);
    },
    close: async () => {
      const closed = new Promise((resolve) => http.close(resolve));
      http.closeAllConnections();
      await closed;
    },
  };
};
