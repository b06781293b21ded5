import { Readable } from 'node:stream';
import type { Client } from '@modelcontextprotocol/sdk/client/index.js';
import { Refusal } from '../../kernel/index.ts';
import { type Fetch, listModernTools } from './list-modern-tools.ts';
import type { ServerAnswer, ServerConnection } from './server-connection.ts';
import type { KnownTool } from './server-store.ts';

/** What a server says of itself. */
export type Discovery = {
  readonly server: { readonly name: string; readonly version: string } | null;
  readonly tools: readonly KnownTool[];
};

const TOOLS_MAX = 2000;
const PAGES_MAX = 100;

/** How long a server may take to list all its tools. */
const DISCOVERY_MS = 30_000;

const NO_BODY: ReadonlySet<number> = new Set([202, 204, 205, 304]);

const toResponse = ({ status, headers, body }: ServerAnswer): Response => {
  if (!NO_BODY.has(status))
    return new Response(Readable.toWeb(body) as ReadableStream<Uint8Array>, { status, headers: { ...headers } });
  body.on('error', () => undefined).resume();
  return new Response(null, { status, headers: { ...headers } });
};

/** `fetch` over a server's own connection, so that discovery goes by the same rules as everybody's requests. */
const fetchOver =
  (connection: ServerConnection, whole: AbortSignal) =>
  async (_url: string | URL, init: RequestInit = {}): Promise<Response> => {
    const headers = [...new Headers(init.headers)].flat();
    const body = typeof init.body === 'string' ? Buffer.from(init.body) : null;
    const method = init.method === 'POST' || init.method === 'DELETE' ? init.method : 'GET';
    const signal = init.signal === undefined || init.signal === null ? whole : AbortSignal.any([whole, init.signal]);
    return toResponse(await connection.ask({ method, headers, body }, signal));
  };

type ListedTool = {
  readonly name: string;
  readonly title?: string | undefined;
  readonly description?: string | undefined;
  readonly annotations?:
    | {
        readonly title?: string | undefined;
        readonly readOnlyHint?: boolean | undefined;
        readonly destructiveHint?: boolean | undefined;
      }
    | undefined;
};

const DESCRIPTION_CHARS_MAX = 2000;

const toKnown = ({ name, title, description, annotations }: ListedTool): KnownTool => ({
  name,
  title: title ?? annotations?.title ?? null,
  description: description?.slice(0, DESCRIPTION_CHARS_MAX) ?? null,
  readOnly: annotations?.readOnlyHint ?? null,
  destructive: annotations?.destructiveHint ?? null,
});

const listAll = async (client: Client, signal: AbortSignal): Promise<readonly KnownTool[]> => {
  if (client.getServerCapabilities()?.tools === undefined) return [];
  const tools: KnownTool[] = [];
  let cursor: string | undefined;
  for (let page = 0; page < PAGES_MAX; page++) {
    const listed = await client.listTools(cursor === undefined ? {} : { cursor }, { signal, timeout: DISCOVERY_MS });
    tools.push(...listed.tools.map(toKnown));
    cursor = listed.nextCursor;
    if (cursor === undefined || tools.length > TOOLS_MAX) break;
  }
  return tools.slice(0, TOOLS_MAX);
};

const unusable = (name: string, internal: unknown): Refusal =>
  new Refusal('upstream_unreachable', `“${name}” did not answer as an MCP server does. Check the address.`, {
    internal,
  });

/** The official client: loaded when somebody sets up a server, which most installations never do, for it is large. */
const loadClient = async () => ({
  ...(await import('@modelcontextprotocol/sdk/client/index.js')),
  ...(await import('@modelcontextprotocol/sdk/client/streamableHttp.js')),
});

/** Lists tools the way servers up to 2025-11-25 offer them: after a handshake, in a session that is ended again. */
const listInSession = async (fetch: Fetch, signal: AbortSignal): Promise<Discovery> => {
  const { Client, StreamableHTTPClientTransport } = await loadClient();
  const client = new Client({ name: 'remit', version: '1' }, { capabilities: {} });
  const transport = new StreamableHTTPClientTransport(new URL('http://mcp.invalid/'), {
    fetch: (url, init) => fetch(String(url), init ?? {}),
  });
  try {
    // The class declares its optional members without `undefined`, which this project's compiler tells apart.
    await client.connect(transport as Parameters<Client['connect']>[0], { signal, timeout: DISCOVERY_MS });
    const tools = await listAll(client, signal);
    const version = client.getServerVersion();
    return { server: version === undefined ? null : { name: version.name, version: version.version }, tools };
  } finally {
    await transport.terminateSession().catch(() => undefined);
    await client.close().catch(() => undefined);
  }
};

/**
 * Asks a server for its tools, as a client of its own: with a handshake, and where the server knows none, without one.
 * Rejects with a Refusal that says what is wrong with the server, its address or the credential.
 */
export const discoverTools = async (connection: ServerConnection, name: string): Promise<Discovery> => {
  const signal = AbortSignal.timeout(DISCOVERY_MS);
  const ask = fetchOver(connection, signal);
  let refused: Refusal | undefined;
  const fetch: Fetch = (url, init) =>
    ask(url, init).catch((thrown: unknown) => {
      if (thrown instanceof Refusal) refused ??= thrown;
      throw thrown;
    });
  try {
    return await listInSession(fetch, signal);
  } catch (thrown) {
    if (refused !== undefined) throw refused;
    return listModernTools(fetch).catch(() => {
      throw refused ?? unusable(name, thrown);
    });
  }
};
