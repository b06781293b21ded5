import type { ServerResponse } from 'node:http';
import { Refusal } from '../../kernel/index.ts';
import { renderError } from '../../platform/index.ts';
import type { Admitted } from './admit.ts';
import { answeredHeaders } from './forwarded-headers.ts';
import { hideTools } from './frames/hide-tools.ts';
import { readServerFrames, type ServerFrame } from './frames/read-server-frames.ts';
import { toRpcError } from './json-rpc.ts';
import type { OpenCalls } from './open-calls.ts';
import { type ServerAnswer, serverFailure } from './server-connection.ts';
import { isSessionId, type Sessions } from './sessions.ts';
import type { McpOutcome } from './tables.ts';

/** What passes an answer on. */
export type Relay = {
  readonly requestId: string;
  readonly response: ServerResponse;
  readonly admitted: Admitted;
  readonly answer: ServerAnswer;
  readonly open: OpenCalls;
  readonly sessions: Sessions;
  readonly messageBytesMax: number;
  /** Whether the caller may see a tool, at the time it is asked. */
  readonly isVisible: (tool: string) => boolean;
  /** Aborts when nobody is to be answered any more, or the client is to hear why not. */
  readonly signal: AbortSignal;
};

/** The refusal of an answer that is not what MCP has servers answer. */
export const notMcp = ({ admitted }: Pick<Relay, 'admitted'>, problem: string): Refusal =>
  new Refusal(
    'upstream_unreachable',
    `The MCP server “${admitted.connector.name}” answered something that is not MCP. An administrator should look at it.`,
    { details: { error_code: 'mcp_answer_invalid' }, internal: problem },
  );

const outcomeOf = ({ failure }: ServerFrame): McpOutcome =>
  failure === null ? 'completed' : failure === 'tool' ? 'tool_error' : 'rpc_error';

/** A server's message as the caller may see it, with its answers marked as given. Throws where it is no message. */
export const judgeMessage = (relay: Relay, bytes: Buffer): Buffer => {
  const frames = readServerFrames(bytes);
  if ('problem' in frames) throw notMcp(relay, frames.problem);
  for (const frame of frames)
    if (frame.answers !== null) relay.open.answered(frame.answers, outcomeOf(frame), bytes.length);
  return hideTools(bytes, frames, relay.isVisible);
};

/** The headers of an answer of this type; the server's session goes out under the client's name for it. */
export const headersFor = ({ requestId, admitted, answer, sessions }: Relay, type: string | null): string[] => {
  const headers = [...answeredHeaders(answer.headers), 'x-content-type-options', 'nosniff', 'request-id', requestId];
  if (type !== null) headers.push('content-type', type);
  const session = answer.headers['mcp-session-id'];
  if (session === undefined || !isSessionId(session)) return headers;
  const { serverSession, clientSession, owner } = admitted;
  const isKnown = session === serverSession && clientSession !== null;
  headers.push('mcp-session-id', isKnown ? clientSession : sessions.wrap(session, owner));
  return headers;
};

/** Throws away the rest of an answer. */
export const dropBody = ({ body }: ServerAnswer): void => {
  body.on('error', () => undefined).destroy();
};

const collect = async ({ answer, messageBytesMax, admitted, signal }: Relay): Promise<Buffer> => {
  const chunks: Buffer[] = [];
  let bytes = 0;
  try {
    for await (const chunk of answer.body) {
      bytes += chunk.length;
      if (bytes > messageBytesMax) throw notMcp({ admitted }, `a message of more than ${messageBytesMax} bytes`);
      chunks.push(chunk);
    }
  } catch (thrown) {
    signal.throwIfAborted();
    throw serverFailure(admitted.connector.name, thrown);
  }
  return Buffer.concat(chunks, bytes);
};

const send = (relay: Relay, body: Buffer): void => {
  const { response, answer, signal, open } = relay;
  signal.throwIfAborted();
  const headers = headersFor(relay, body.length === 0 ? null : 'application/json');
  response.writeHead(answer.status, [...headers, 'content-length', String(body.length)]);
  response.end(body);
  open.endAll('failed', answer.status);
};

/** Passes on an answer that is one JSON text, or none. */
export const relayJson = async (relay: Relay): Promise<void> => {
  const body = await collect(relay);
  send(relay, body.length === 0 ? body : judgeMessage(relay, body));
};

/** Passes on an answer of no type, which has to be empty then. */
export const relayUntyped = async (relay: Relay): Promise<void> => {
  const body = await collect(relay);
  if (body.length > 0) throw notMcp(relay, `status ${relay.answer.status}, a text of no type`);
  send(relay, body);
};

/**
 * Passes on the status of an answer without its text, which may be anything: clients go by the status (a 404 begins a new
 * session, a 405 has no stream to offer). What is wrong with the server itself becomes a 502.
 */
export const relayStatus = (relay: Relay): void => {
  const { answer, admitted, requestId, open } = relay;
  dropBody(answer);
  const isEmpty = answer.status === 202 || answer.status === 204;
  if (!isEmpty && (answer.status < 400 || answer.status >= 500))
    throw notMcp(relay, `status ${answer.status}, type ${answer.headers['content-type']}`);
  if (isEmpty) {
    send(relay, Buffer.alloc(0));
    return;
  }
  const refusal = new Refusal(
    'invalid_request',
    `The MCP server “${admitted.connector.name}” answered ${answer.status}.`,
    {
      details: { error_code: 'mcp_server_status' },
    },
  );
  const [id = null] = open.unanswered();
  send(relay, Buffer.from(JSON.stringify(toRpcError(renderError(refusal, requestId).body, refusal, id))));
};
