import type { Socket } from 'node:net';
import type { Errand } from '../../platform/index.ts';
import type { Body } from '../body.ts';
import { JOINED_BYTES_MAX, sendPieces } from '../send-pieces.ts';
import type { AnswerHead } from './answer-head.ts';

/** Hears of one answer: `head`, any number of `data`, then `end`; or `fail` at any point, after which nothing comes. */
export type ExchangeListener = {
  head(head: AnswerHead): void;
  data(chunk: Buffer): void;
  end(): void;
  fail(error: ExchangeError): void;
};

/** `unreachable`: nothing was sent. `broken`: the connection broke or spoke nonsense. */
export type ExchangeError = { readonly kind: 'unreachable' | 'broken' | 'timeout'; readonly cause: Error };

/** Control over one request and its answer; without effect once the answer has ended. */
export type Exchange = {
  pause(): void;
  resume(): void;
  abort(): void;
  /** The request's body is not needed any more: its memory is given back, unless it is still being sent. */
  release(): void;
};

/** What a request needs to know of the connection it is on. */
export type Carrier = {
  readonly socket: Socket;
  /** The request being answered; undefined between requests, and when nobody wants the answer any more. */
  exchange: SentRequest | undefined;
  isPaused: boolean;
  /** Ends the connection at once and forgets it. */
  readonly drop: () => void;
};

/** A request. `head`: up to and with the name of its length, in one piece of memory. */
export type SendableRequest = { readonly head: string; readonly body: Body };

const NOTHING = Buffer.alloc(0);

/** A request, whichever connection it is on at the moment. */
export class SentRequest implements Exchange, Errand {
  readonly listener: ExchangeListener;
  readonly #head: string;
  readonly #body: Body;
  #connection: Carrier;
  #isWritten = false;
  #isFlushed = false;

  constructor(request: SendableRequest, listener: ExchangeListener, connection: Carrier) {
    this.#head = request.head;
    this.#body = request.body;
    this.listener = listener;
    this.#connection = connection;
  }

  /** Whether the connection has been given the request; the rest of this turn of the event loop may pass before. */
  get isWritten(): boolean {
    return this.#isWritten;
  }

  /** Puts the request on another connection, where it has to be written again. */
  moveTo(connection: Carrier): void {
    this.#connection = connection;
    this.#isWritten = false;
    this.#isFlushed = false;
  }

  /** Writes the request, unless it has been called off since it was asked for. */
  run(): void {
    if (this.#isWritten || !this.#isOurs()) return;
    this.#isWritten = true;
    const connection = this.#connection;
    const { socket } = connection;
    const head = this.#head;
    const body = this.#body;
    const length = `${body.length}\r\n\r\n`;
    if (body.length <= JOINED_BYTES_MAX) {
      sendPieces(socket, { before: [head, length], pieces: body.pieces, bytes: body.length, after: '' });
      return;
    }
    socket.cork();
    socket.write(head + length, 'latin1');
    for (const piece of body.pieces) socket.write(piece);
    socket.write(NOTHING, (error) => {
      // What an earlier connection has sent says nothing of this one.
      if (this.#connection === connection) this.#isFlushed = !error;
    });
    socket.uncork();
  }

  pause(): void {
    if (!this.#isOurs()) return;
    this.#connection.isPaused = true;
    this.#connection.socket.pause();
  }

  resume(): void {
    if (!this.#isOurs() || !this.#connection.isPaused) return;
    this.#connection.isPaused = false;
    this.#connection.socket.resume();
  }

  abort(): void {
    if (!this.#isOurs()) return;
    this.#connection.exchange = undefined;
    this.#connection.drop();
  }

  release(): void {
    if (this.#isFlushed) this.#body.giveBack();
  }

  /** Once the answer has ended, the connection may be another request's. */
  #isOurs(): boolean {
    return this.#connection.exchange === this;
  }
}
