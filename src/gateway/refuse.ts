import type { IncomingMessage, ServerResponse } from 'node:http';
import { isAccessToken } from '../directory/index.ts';
import { Refusal } from '../kernel/index.ts';
import { type ErrorEnvelope, type Log, renderError } from '../platform/index.ts';
import type { ClientExchange } from './front/client-exchange.ts';
import { answerByNode } from './front/node-exchange.ts';
import { headerValues } from './request-head.ts';

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
const isClaudeCode = (rawHeaders: readonly string[]): boolean =>
  headerValues(rawHeaders, 'user-agent')[0]?.startsWith('claude-cli/') === true &&
  !isAccessToken(bearerOf(headerValues(rawHeaders, 'authorization')[0]));

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

/** A refusal that brings headers of its own: which limit it was and when to come again. */
export class RefusalWithHeaders extends Refusal {
  readonly headers: readonly string[];

  constructor({ code, message, details, internal }: Refusal, headers: readonly string[]) {
    super(code, message, { internal, ...(details === undefined ? {} : { details }) });
    this.headers = headers;
  }
}

type RefusalContext = {
  readonly requestId: string;
  readonly log: Log;
  /** Another form for the body than the Messages API's. */
  readonly toBody?: (error: ErrorEnvelope, thrown: unknown) => unknown;
};

/** An error as an answer. */
const refusalAnswer = (
  { rawHeaders, requestId, log, toBody }: RefusalContext & { readonly rawHeaders: readonly string[] },
  thrown: unknown,
  headers: readonly string[],
) => {
  const { status: usual, body } = renderError(thrown, requestId);
  const status = isPolicy(thrown) && isClaudeCode(rawHeaders) ? STATUS_FOR_CLAUDE_CODE : usual;
  if (!(thrown instanceof Refusal)) log.error({ requestId, err: thrown }, 'a request failed in a way nobody planned');
  else if (thrown.internal !== undefined) log.warn({ requestId, err: thrown.internal }, thrown.message);
  const text = JSON.stringify(toBody === undefined ? body : toBody(body, thrown));
  const brought = thrown instanceof RefusalWithHeaders ? [...headers, ...thrown.headers] : headers;
  const shouldRetry = thrown instanceof Refusal && isWorthRetrying(thrown, brought);
  const list = [
    ...brought,
    ...['content-type', 'application/json', 'content-length', String(Buffer.byteLength(text)), 'request-id', requestId],
    ...(shouldRetry ? [] : ['x-should-retry', 'false']),
  ];
  return { status, headers: list, text };
};

/**
 * Answers with an error in the Messages API's envelope; answers the status it sent. Does nothing when the client has
 * gone, and cuts the connection when an answer has begun already.
 */
export const refuse = (
  { request, response, ...context }: RefusalContext & { request: IncomingMessage; response: ServerResponse },
  thrown: unknown,
  headers: readonly string[] = [],
): number => {
  const answer = refusalAnswer({ ...context, rawHeaders: request.rawHeaders }, thrown, headers);
  if (response.headersSent) response.destroy();
  else answerByNode({ request, response }, answer);
  return answer.status;
};

/** {@link refuse} for a Messages request. */
export const refuseClient = (
  { exchange, ...context }: RefusalContext & { readonly exchange: ClientExchange },
  thrown: unknown,
  headers: readonly string[] = [],
): number => {
  const {
    status,
    headers: list,
    text,
  } = refusalAnswer({ ...context, rawHeaders: exchange.rawHeaders }, thrown, headers);
  if (exchange.hasBegun) exchange.cut();
  else exchange.answer(status, list, text);
  return status;
};
