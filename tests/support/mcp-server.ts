import { randomUUID } from 'node:crypto';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo, Socket } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { Server } from '@modelcontextprotocol/sdk/server/index.js';
import { type EventStore, StreamableHTTPServerTransport } from '@modelcontextprotocol/sdk/server/streamableHttp.js';
import {
  CallToolRequestSchema,
  CompleteRequestSchema,
  ElicitResultSchema,
  GetPromptRequestSchema,
  ListPromptsRequestSchema,
  ListResourcesRequestSchema,
  ListRootsResultSchema,
  ListToolsRequestSchema,
  ReadResourceRequestSchema,
  type Tool,
} from '@modelcontextprotocol/sdk/types.js';

/** A request as the server received it. */
export type McpReceived = {
  readonly method: string;
  readonly headers: IncomingMessage['headers'];
  readonly body: string;
};

/** A real MCP server, made with the official SDK. */
export type McpTestServer = {
  readonly url: string;
  readonly received: readonly McpReceived[];
  /** How often each tool has really run. */
  readonly ran: ReadonlyMap<string, number>;
  /** Sessions that are open at the server. */
  readonly sessions: ReadonlyMap<string, Server>;
  /** What it lists; a change is told to every open session. */
  setTools(tools: readonly Tool[]): Promise<void>;
  /** Answers every request itself from now on; undefined gives the server back. */
  intercept(answer: ((request: McpReceived, response: ServerResponse) => boolean) | undefined): void;
  /** Cuts every connection. */
  cut(): void;
  close(): Promise<void>;
};

const schema = { type: 'object' as const, properties: {} };

/** The tools it has unless told otherwise; lists come in pages of two. */
export const TOOLS: readonly Tool[] = [
  { name: 'add', description: 'Adds two numbers', inputSchema: schema, annotations: { readOnlyHint: true } },
  { name: 'drop', description: 'Drops a table', inputSchema: schema, annotations: { destructiveHint: true } },
  { name: 'slow', title: 'Slow work', description: 'Reports how far it is', inputSchema: schema },
  { name: 'sample', description: 'Asks the client’s model', inputSchema: schema },
  { name: 'elicit', description: 'Asks the person', inputSchema: schema },
  { name: 'roots', description: 'Asks for the folders', inputSchema: schema },
  { name: 'fail', description: 'Fails', inputSchema: schema },
];

const PAGE = 2;

const textResult = (text: string) => ({ content: [{ type: 'text' as const, text }] });

type Extra = Parameters<Parameters<Server['setRequestHandler']>[1]>[1];

const runTool = async (
  { name, args, token, signal }: { name: string; args: Record<string, unknown>; token: unknown; signal: AbortSignal },
  extra: Extra,
) => {
  switch (name) {
    case 'add':
      return textResult(String(Number(args.a) + Number(args.b)));
    case 'slow':
      for (let progress = 1; progress <= 3; progress++) {
        await extra.sendNotification({
          method: 'notifications/progress',
          params: { progressToken: token as string, progress, total: 3 },
        });
        await sleep(Number(args.ms ?? 5), undefined, { signal });
      }
      return textResult('done');
    case 'sample': {
      const params = {
        messages: [{ role: 'user' as const, content: { type: 'text' as const, text: 'hi' } }],
        maxTokens: 5,
      };
      const { CreateMessageResultSchema } = await import('@modelcontextprotocol/sdk/types.js');
      const answer = await extra.sendRequest({ method: 'sampling/createMessage', params }, CreateMessageResultSchema);
      return textResult(JSON.stringify(answer.content));
    }
    case 'elicit': {
      const params = { message: 'Your name?', requestedSchema: { type: 'object' as const, properties: {} } };
      const answer = await extra.sendRequest({ method: 'elicitation/create', params }, ElicitResultSchema);
      return textResult(answer.action);
    }
    case 'roots': {
      const { roots } = await extra.sendRequest({ method: 'roots/list' }, ListRootsResultSchema);
      return textResult(roots.map(({ uri }) => uri).join());
    }
    case 'fail':
      return { ...textResult('it failed'), isError: true };
    default:
      return textResult(`${name} ran`);
  }
};

const memoryEvents = (): EventStore => {
  const events: { readonly id: string; readonly stream: string; readonly message: never }[] = [];
  return {
    storeEvent: async (stream, message) => {
      const id = `${stream}_${events.length}`;
      events.push({ id, stream, message: message as never });
      return id;
    },
    replayEventsAfter: async (lastId, { send }) => {
      const at = events.findIndex(({ id }) => id === lastId);
      const stream = events[at]?.stream ?? '';
      for (const event of events.slice(at + 1)) if (event.stream === stream) await send(event.id, event.message);
      return stream;
    },
  };
};

/** Starts one on a free port. `resumable` gives its events ids by which a client can go on after a break. */
export const startMcpServer = async (
  options: { readonly resumable?: boolean; readonly json?: boolean } = {},
): Promise<McpTestServer> => {
  const received: McpReceived[] = [];
  const ran = new Map<string, number>();
  const sessions = new Map<string, Server>();
  const transports = new Map<string, StreamableHTTPServerTransport>();
  const events = memoryEvents();
  let tools: readonly Tool[] = TOOLS;
  let intercepted: Parameters<McpTestServer['intercept']>[0];

  const newServer = (): Server => {
    const server = new Server(
      { name: 'test-server', version: '1.2.3' },
      {
        capabilities: {
          tools: { listChanged: true },
          resources: { listChanged: true, subscribe: true },
          prompts: {},
          completions: {},
          logging: {},
        },
      },
    );
    server.setRequestHandler(ListToolsRequestSchema, async ({ params }) => {
      const start = Number(params?.cursor ?? 0);
      const next = start + PAGE < tools.length ? { nextCursor: String(start + PAGE) } : {};
      return { tools: tools.slice(start, start + PAGE) as Tool[], ...next };
    });
    server.setRequestHandler(CallToolRequestSchema, async ({ params }, extra) => {
      ran.set(params.name, (ran.get(params.name) ?? 0) + 1);
      const asked = {
        name: params.name,
        args: params.arguments ?? {},
        token: params._meta?.progressToken,
        signal: extra.signal,
      };
      return runTool(asked, extra as never);
    });
    server.setRequestHandler(ListResourcesRequestSchema, async () => ({
      resources: [{ uri: 'mem://1', name: 'one' }],
    }));
    server.setRequestHandler(ReadResourceRequestSchema, async ({ params }) => ({
      contents: [{ uri: params.uri, text: 'é'.repeat(10) }],
    }));
    server.setRequestHandler(ListPromptsRequestSchema, async () => ({ prompts: [{ name: 'greet' }] }));
    server.setRequestHandler(GetPromptRequestSchema, async () => ({
      messages: [{ role: 'user' as const, content: { type: 'text' as const, text: 'hello' } }],
    }));
    server.setRequestHandler(CompleteRequestSchema, async () => ({ completion: { values: ['a', 'b'] } }));
    return server;
  };

  const openTransport = async (): Promise<StreamableHTTPServerTransport> => {
    const server = newServer();
    const transport: StreamableHTTPServerTransport = new StreamableHTTPServerTransport({
      sessionIdGenerator: randomUUID,
      enableJsonResponse: options.json === true,
      ...(options.resumable === true ? { eventStore: events } : {}),
      onsessioninitialized: (id) => {
        sessions.set(id, server);
        transports.set(id, transport);
      },
      onsessionclosed: (id) => {
        sessions.delete(id);
        transports.delete(id);
      },
    });
    await server.connect(transport as Parameters<Server['connect']>[0]);
    return transport;
  };

  const answer = async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk as Buffer);
    const body = Buffer.concat(chunks).toString();
    const whole = { method: request.method ?? '', headers: request.headers, body };
    received.push(whole);
    if (intercepted?.(whole, response) === true) return;
    const id = request.headers['mcp-session-id'];
    const known = typeof id === 'string' ? transports.get(id) : undefined;
    if (id !== undefined && known === undefined) {
      response.writeHead(404, { 'content-type': 'application/json' });
      response.end('{"jsonrpc":"2.0","id":null,"error":{"code":-32001,"message":"Session not found"}}');
      return;
    }
    await (known ?? (await openTransport())).handleRequest(
      request,
      response,
      body === '' ? undefined : JSON.parse(body),
    );
  };

  const http = createServer((request, response) => {
    response.on('error', () => {});
    answer(request, response).catch(() => response.destroy());
  });
  const sockets = new Set<Socket>();
  http.on('connection', (socket) => {
    sockets.add(socket);
    socket.on('error', () => {});
    socket.on('close', () => sockets.delete(socket));
  });
  await new Promise<void>((resolve) => http.listen(0, '127.0.0.1', resolve));
  const cut = (): void => {
    for (const socket of sockets) socket.destroy();
  };
  return {
    url: `http://127.0.0.1:${(http.address() as AddressInfo).port}/mcp`,
    received,
    ran,
    sessions,
    setTools: async (next) => {
      tools = next;
      for (const server of sessions.values()) await server.sendToolListChanged().catch(() => undefined);
    },
    intercept: (next) => {
      intercepted = next;
    },
    cut,
    close: async () => {
      const closed = new Promise((resolve) => http.close(resolve));
      cut();
      await closed;
    },
  };
};
