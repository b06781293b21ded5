import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Socket } from 'node:net';
import { splitHeaderLines } from '../../platform/index.ts';
import { Body } from '../body.ts';
import { type AnswerWriter, createAnswerWriter } from '../messages/answer-writer.ts';
import { collectBody } from '../read-body.ts';
import { headerLines, type RequestHead, readRequestHead } from '../request-head.ts';
import { ForwardedHead } from '../upstream/forwarded-head.ts';
import type { WrittenHeaders } from '../written-headers.ts';
import { type ClientExchange, type ClientListener, LINGER_MS } from './client-exchange.ts';

/**
 * Sends a whole answer that node frames. One that overtakes its request must not close at once, which would reset the
 * connection under the client's unsent bytes, and with it the answer (RFC 9112 §9.6): what still comes is read and
 * thrown away for a while.
 */
export const answerByNode = (
  { request, response }: { readonly request: IncomingMessage; readonly response: ServerResponse },
  { status, headers, text }: { readonly status: number; readonly headers: readonly string[]; readonly text: string },
): void => {
  if (request.complete) {
    response.writeHead(status, [...headers]).end(text);
    return;
  }
  // What is still unread of the request would be taken for the next one.
  response.writeHead(status, [...headers, 'connection', 'close']).write(text);
  const end = () => {
    clearTimeout(timer);
    response.end();
  };
  const timer = setTimeout(end, LINGER_MS);
  request.once('close', end);
  request.once('end', end);
  request.resume();
};

/** A request that node's server has read, whatever way it is framed. */
export class NodeExchange implements ClientExchange {
  readonly url: string;
  readonly rawHeaders: readonly string[];
  readonly head: RequestHead;
  readonly socket: Socket;
  readonly #request: IncomingMessage;
  readonly #response: ServerResponse;
  readonly #writer: AnswerWriter;
  #listener: ClientListener | undefined;

  constructor(request: IncomingMessage, response: ServerResponse) {
    this.url = request.url ?? '/';
    this.rawHeaders = request.rawHeaders;
    this.head = readRequestHead(request.rawHeaders);
    this.socket = request.socket;
    this.#request = request;
    this.#response = response;
    this.#writer = createAnswerWriter(response, () => this.#listener?.drained());
  }

  get forwarded(): ForwardedHead {
    return new ForwardedHead(this.url, headerLines(this.head.forwarded));
  }

  get hasBegun(): boolean {
    return this.#response.headersSent;
  }

  get isOver(): boolean {
    return this.#response.writableEnded || this.#response.destroyed;
  }

  async collect(bytesMax: number): Promise<Body> {
    return Body.of([await collectBody(this.#request, this.head, bytesMax)]);
  }

  listen(listener: ClientListener): void {
    this.#listener = listener;
    this.#response.on('close', () => listener.left());
  }

  begin(status: number, { lines, closes }: WrittenHeaders): void {
    this.#writer.begin(status, [...splitHeaderLines(lines), ...(closes ? ['connection', 'close'] : [])]);
  }

  write(chunk: Buffer): boolean {
    return this.#writer.write(chunk);
  }

  end(last?: Buffer): void {
    this.#writer.end(last);
  }

  answer(status: number, headers: readonly string[], text: string): void {
    answerByNode({ request: this.#request, response: this.#response }, { status, headers, text });
  }

  cut(): void {
    this.#response.destroy();
  }
}
