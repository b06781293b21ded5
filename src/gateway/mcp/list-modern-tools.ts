import type { KnownTool } from './server-store.ts';

/** The version of the protocol since which there is no handshake (MCP 2026-07-28, versioning). */
const VERSION = '2026-07-28';

const META = {
  'io.modelcontextprotocol/protocolVersion': VERSION,
  'io.modelcontextprotocol/clientInfo': { name: 'remit', version: '1' },
  'io.modelcontextprotocol/clientCapabilities': {},
};

/** A page of tools, and what the server says of itself beside it. */
type Page = {
  readonly tools: readonly unknown[];
  readonly nextCursor: string | undefined;
  readonly server: { readonly name: string; readonly version: string } | null;
};

type Fields = Readonly<Record<string, unknown>>;

const fieldsOf = (value: unknown): Fields => (typeof value === 'object' && value !== null ? (value as Fields) : {});

/** The message of an answer: its JSON, or the last event of its stream that carries one. */
const messageIn = async (response: Response): Promise<Fields> => {
  const text = await response.text();
  if (response.headers.get('content-type')?.startsWith('text/event-stream') !== true) return fieldsOf(JSON.parse(text));
  const data = text.split(/\r?\n/).flatMap((line) => (line.startsWith('data:') ? [line.slice('data:'.length)] : []));
  return fieldsOf(JSON.parse(data.at(-1) ?? ''));
};

const serverOf = (meta: Fields): Page['server'] => {
  const { name, version } = fieldsOf(meta['io.modelcontextprotocol/serverInfo']);
  return typeof name === 'string' && typeof version === 'string' ? { name, version } : null;
};

const readPage = async (fetch: Fetch, cursor: string | undefined): Promise<Page> => {
  const params = { ...(cursor === undefined ? {} : { cursor }), _meta: META };
  const headers = {
    accept: 'application/json, text/event-stream',
    'content-type': 'application/json',
    'mcp-protocol-version': VERSION,
    'mcp-method': 'tools/list',
  };
  const body = JSON.stringify({ jsonrpc: '2.0', id: 1, method: 'tools/list', params });
  const { result } = await messageIn(await fetch('http://mcp.invalid/', { method: 'POST', headers, body }));
  const { tools, nextCursor, _meta } = fieldsOf(result);
  if (!Array.isArray(tools)) throw new Error('the answer lists no tools');
  return {
    tools,
    nextCursor: typeof nextCursor === 'string' ? nextCursor : undefined,
    server: serverOf(fieldsOf(_meta)),
  };
};

export type Fetch = (url: string, init: RequestInit) => Promise<Response>;

const textOr = (value: unknown): string | null => (typeof value === 'string' ? value : null);
const flagOr = (value: unknown): boolean | null => (typeof value === 'boolean' ? value : null);

const toKnown = (value: unknown): readonly KnownTool[] => {
  const { name, title, description, annotations } = fieldsOf(value);
  const hints = fieldsOf(annotations);
  if (typeof name !== 'string') return [];
  return [
    {
      name,
      title: textOr(title) ?? textOr(hints.title),
      description: textOr(description),
      readOnly: flagOr(hints.readOnlyHint),
      destructive: flagOr(hints.destructiveHint),
    },
  ];
};

const PAGES_MAX = 100;

/** Asks a server that knows no handshake for its tools. Rejects where it does not answer as one. */
export const listModernTools = async (
  fetch: Fetch,
): Promise<{ readonly server: Page['server']; readonly tools: readonly KnownTool[] }> => {
  const tools: KnownTool[] = [];
  let page = await readPage(fetch, undefined);
  const { server } = page;
  for (let read = 1; ; read++) {
    tools.push(...page.tools.flatMap(toKnown));
    if (page.nextCursor === undefined || read === PAGES_MAX) return { server, tools };
    page = await readPage(fetch, page.nextCursor);
  }
};
