import type { OutgoingHttpHeaders } from 'node:http';
import { Client } from '@modelcontextprotocol/sdk/client/index.js';
import { StreamableHTTPClientTransport } from '@modelcontextprotocol/sdk/client/streamableHttp.js';
import type { ClientCapabilities } from '@modelcontextprotocol/sdk/types.js';
import { onTestFinished } from 'vitest';
import type { McpCall } from '../../src/gateway/contract.ts';
import { type Received, send } from './http.ts';
import type { McpTestServer } from './mcp-server.ts';
import { access, gateway, type Organisation } from './organisation.ts';
import { waitFor } from './wait.ts';

let made = 0;

/** Registers a server on loopback under a new short name; its private address is permitted. */
export const registerServer = async (
  { call }: Organisation,
  url: string,
  level: 'always' | 'ask' | 'blocked' = 'always',
) => {
  made += 1;
  const slug = `server-${made}`;
  const connector = await call(access.createConnector, {
    body: { slug, name: `Server ${made}`, url: `${url}/${slug}`, level },
  });
  const params = { connector_id: connector.id };
  await call(gateway.setConnectorServer, { params, body: { private_addresses: true } });
  return connector;
};

export type ConnectOptions = {
  readonly url: string;
  readonly slug: string;
  readonly key: string;
  readonly capabilities?: ClientCapabilities;
  readonly headers?: Readonly<Record<string, string>>;
};

/** The official client, connected through Remit; closed when the test has finished. */
export const connectClient = async ({ url, slug, key, capabilities = {}, headers = {} }: ConnectOptions) => {
  const client = new Client({ name: 'test-client', version: '1' }, { capabilities });
  const transport = new StreamableHTTPClientTransport(new URL(`${url}/mcp/${slug}`), {
    requestInit: { headers: { authorization: `Bearer ${key}`, ...headers } },
    reconnectionOptions: {
      initialReconnectionDelay: 20,
      maxReconnectionDelay: 50,
      reconnectionDelayGrowFactor: 1,
      maxRetries: 3,
    },
  });
  await client.connect(transport as Parameters<Client['connect']>[0]);
  onTestFinished(async () => {
    await client.close().catch(() => undefined);
  });
  return { client, transport };
};

/** The recorded calls of a connector, newest first, once none of them runs any more. */
export const settledCalls = ({ call }: Organisation, connectorId: string, count: number): Promise<readonly McpCall[]> =>
  waitFor(`${count} calls that have ended`, async () => {
    const { data } = await call(gateway.listMcpCalls, { query: { connector_id: connectorId, limit: 1000 } });
    return data.length >= count && data.every(({ outcome }) => outcome !== 'open') && data;
  });

/** The server's own id of a client's session, which the client does not know. */
export const serverSessionOf = async (client: Client, server: McpTestServer): Promise<string> => {
  const before = server.received.length;
  await client.ping();
  return String(server.received.slice(before).find(({ body }) => body.includes('"ping"'))?.headers['mcp-session-id']);
};

/** All tools a client is shown, page by page. */
export const listAllTools = async (client: Client): Promise<readonly string[]> => {
  const names: string[] = [];
  let cursor: string | undefined;
  do {
    const page = await client.listTools(cursor === undefined ? {} : { cursor });
    names.push(...page.tools.map(({ name }) => name));
    cursor = page.nextCursor;
  } while (cursor !== undefined);
  return names;
};

/** A JSON-RPC request as a value. */
export const rpc = (id: string | number, method: string, params: Record<string, unknown> = {}) => ({
  jsonrpc: '2.0',
  id,
  method,
  params,
});

export type Posted = Pick<ConnectOptions, 'url' | 'slug' | 'key'> & { readonly headers?: OutgoingHttpHeaders };

/** Sends a body to a connector as it is, with the headers that clients of MCP send. */
export const post = ({ url, slug, key, headers }: Posted, body: string | Buffer): Promise<Received> =>
  send({
    url,
    key,
    path: `/mcp/${slug}`,
    headers: { accept: 'application/json, text/event-stream', ...headers },
    body,
  });
