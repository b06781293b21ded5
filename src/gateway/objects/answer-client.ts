import { pipeline } from 'node:stream/promises';
import { Refusal } from '../../kernel/index.ts';
import { forwardableRequestHeaders } from '../request-head.ts';
import { type Answer, brokenOff } from '../upstream/ask.ts';
import { forwardableAnswerHeaders } from '../upstream/headers.ts';
import type { Exchange } from './exchange.ts';

/** A flat list of headers without those of these names (in small letters). */
const without = (headers: readonly string[], names: readonly string[]): string[] =>
  headers.filter((_, index) => !names.includes((headers[index - (index % 2)] ?? '').toLowerCase()));

/** The client's headers for a request whose answer is passed on as it comes. */
export const headersForPassing = ({ request }: Exchange): string[] => forwardableRequestHeaders(request.rawHeaders);

/** The client's headers for a request whose answer we read ourselves: they must not invite a compressed one. */
export const headersForReading = ({ request }: Exchange, dropsEncoding = false): string[] => [
  ...without(forwardableRequestHeaders(request.rawHeaders, dropsEncoding), ['accept-encoding']),
  ...['accept-encoding', 'identity'],
];

/** An answer that was read whole. */
export type WholeAnswer = Omit<Answer, 'body'> & { readonly body: Buffer };

/** Objects are small; an answer larger than this is none. */
const ANSWER_BYTES_MAX = 16 * 1024 * 1024;

/** Reads an answer to its end, whatever its status. Rejects with a Refusal when it breaks off. */
export const readWhole = async (answer: Answer, signal?: AbortSignal): Promise<WholeAnswer> => {
  const chunks: Buffer[] = [];
  let bytes = 0;
  try {
    for await (const chunk of answer.body) {
      bytes += chunk.length;
      if (bytes > ANSWER_BYTES_MAX) throw new Error('the answer is far longer than what was asked for');
      chunks.push(chunk);
    }
  } catch (thrown) {
    signal?.throwIfAborted();
    throw brokenOff(thrown instanceof Error ? thrown : new Error(String(thrown)), answer.upstream);
  }
  return { ...answer, body: Buffer.concat(chunks, bytes) };
};

/** An object of the API with its fields as they came, known to this version or not. */
export type WireObject = { readonly id: string; readonly [field: string]: unknown };

/** The object in an answer's body; undefined when it holds none. */
export const objectIn = ({ body }: Pick<WholeAnswer, 'body'>): WireObject | undefined => {
  try {
    const parsed: unknown = JSON.parse(body.toString('utf8'));
    if (typeof parsed !== 'object' || parsed === null || !('id' in parsed)) return undefined;
    const { id } = parsed;
    return typeof id === 'string' && id !== '' ? { ...parsed, id } : undefined;
  } catch {
    return undefined;
  }
};

type Sent = { readonly status: number; readonly headers: readonly string[]; readonly body: Buffer };

const send = ({ id, response, signal }: Exchange, { status, headers, body }: Sent): void => {
  if (signal.aborted) return;
  response.writeHead(status, [...headers, 'content-length', String(body.length), 'request-id', id]);
  response.end(body);
};

/** Answers with JSON of ours; does nothing when nobody is to be answered any more. */
export const sendJson = (exchange: Exchange, reply: unknown): void =>
  send(exchange, {
    status: 200,
    headers: ['content-type', 'application/json'],
    body: Buffer.from(JSON.stringify(reply)),
  });

/** Passes on an answer that was read whole, with `reply` in place of its body where one is given. */
export const sendAnswer = (
  exchange: Exchange,
  { status, headers, body }: WholeAnswer,
  changed: { readonly reply?: unknown; readonly headers?: readonly string[] } = {},
): void =>
  send(exchange, {
    status,
    headers: [...without(forwardableAnswerHeaders(headers), ['content-length']), ...(changed.headers ?? [])],
    body: changed.reply === undefined ? body : Buffer.from(JSON.stringify(changed.reply)),
  });

/**
 * Passes an answer on byte for byte as it comes, no faster than the client reads it. When the provider breaks off, the
 * connection is cut, so that half an answer does not look whole.
 */
export const passOn = async ({ id, response, signal }: Exchange, answer: Answer): Promise<void> => {
  signal.throwIfAborted();
  response.writeHead(answer.status, [...forwardableAnswerHeaders(answer.headers), 'request-id', id]);
  try {
    await pipeline(answer.body, response);
  } catch (thrown) {
    signal.throwIfAborted();
    if (thrown instanceof Refusal) throw thrown;
    throw brokenOff(thrown instanceof Error ? thrown : new Error(String(thrown)), answer.upstream);
  }
};
