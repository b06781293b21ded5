import type { IncomingMessage, ServerResponse } from 'node:http';
import { isAccessToken } from '../directory/index.ts';
import { Refusal } from '../kernel/index.ts';
import { type ErrorEnvelope, type Log, renderError } from '../platform/index.ts';

const POLICY: ReadonlySet<string> = new Set([
  'model_not_permitted',
  'effort_not_permitted',
  'capability_not_permitted',
  'tool_not_permitted',
]);

const isPolicy = (thrown: unknown): boolean => thrown instanceof Refusal && POLICY.has(thrown.code);

// Claude Code with a base URL calls a 403 a failed login and tells people to sign in again; it prints the message of a
// 451 as it is, asks once and goes no further (observed, 2.1.330). Everybody else gets the 403 the API documents.
const STATUS_FOR_CLAUDE_CODE = 451;

// Signed in, it shows a 403 for what it is.
const isClaudeCode = ({ headers }: IncomingMessage): boolean =>
  headers['user-agent']?.startsWith('claude-cli/') === true && !isAccessToken(bearerOf(headers.authorization));

const bearerOf = (authorization: string | undefined): string => authorization?.replace(/^bearer +/i, '') ?? '';

/** Codes after which the same request may well succeed; after the others a client should not try again by itself. */
const WORTH_RETRYING: ReadonlySet<string> = new Set([
  'upstream_unreachable',
  'upstream_timeout',
  'store_unavailable',
  'shutting_down',
]);

/** A rate is worth waiting for where it is known for how long. */
const isWorthRetrying = ({ code }: Refusal, headers: readonly string[]): boolean =>
  code === 'rate_limited' ? headers.includes('retry-after') : WORTH_RETRYING.has(code);

/** How long a client that is still sending may go on, unheard, until the connection ends. */
const LINGER_MS = 5000;

/**
 * Ends an answer that overtook its request. Closing at once would reset the connection under the client's unsent bytes,
 * and with it the answer (RFC 9112 §9.6), so what still comes is read and thrown away for a while.
 */
const endAfterRequest = (request: IncomingMessage, response: ServerResponse): void => {
  const end = () => {
    clearTimeout(timer);
    response.end();
  };
  const timer = setTimeout(end, LINGER_MS);
  request.once('close', end);
  request.once('end', end);
  request.resume();
};

/** A refusal that brings headers of its own: which limit it was and when to come again. */
export class RefusalWithHeaders extends Refusal {
  readonly headers: readonly string[];

  constructor({ code, message, details, internal }: Refusal, headers: readonly string[]) {
    super(code, message, { internal, ...(details === undefined ? {} : { details }) });
    this.headers = headers;
  }
}

export type RefusalContext = {
  readonly request: IncomingMessage;
  readonly response: ServerResponse;
  readonly requestId: string;
  readonly log: Log;
  /** Another form for the body than the Messages API's. */
  readonly toBody?: (error: ErrorEnvelope, thrown: unknown) => unknown;
};

/**
 * Answers with an error in the Messages API's envelope; answers the status it sent. Does nothing when the client has
 * gone, and cuts the connection when an answer has begun already.
 */
export const refuse = (
  { request, response, requestId, log, toBody }: RefusalContext,
  thrown: unknown,
  headers: readonly string[] = [],
): number => {
  const { status: usual, body } = renderError(thrown, requestId);
  const status = isPolicy(thrown) && isClaudeCode(request) ? STATUS_FOR_CLAUDE_CODE : usual;
  if (!(thrown instanceof Refusal)) log.error({ requestId, err: thrown }, 'a request failed in a way nobody planned');
  else if (thrown.internal !== undefined) log.warn({ requestId, err: thrown.internal }, thrown.message);
  if (response.headersSent) {
    response.destroy();
    return status;
  }
  const text = JSON.stringify(toBody === undefined ? body : toBody(body, thrown));
  const brought = thrown instanceof RefusalWithHeaders ? [...headers, ...thrown.headers] : headers;
  const shouldRetry = thrown instanceof Refusal && isWorthRetrying(thrown, brought);
  response.writeHead(status, [
    ...brought,
    ...['content-type', 'application/json', 'content-length', String(Buffer.byteLength(text)), 'request-id', requestId],
    ...(shouldRetry ? [] : ['x-should-retry', 'false']),
    // What is still unread of the request would be taken for the next one.
    ...(request.complete ? [] : ['connection', 'close']),
  ]);
  if (request.complete) response.end(text);
  else {
    response.write(text);
    endAfterRequest(request, response);
  }
  return status;
};
