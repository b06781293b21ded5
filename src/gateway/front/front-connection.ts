import type { Socket } from 'node:net';
import { type ClientSocket, readClientSocket } from './client-socket.ts';
import { type FrontCarrier, FrontExchange } from './front-exchange.ts';
import { type MessagesHead, readMessagesHead } from './read-head.ts';

/** What a connection needs of whoever accepted it. */
export type FrontDoor = {
  serve(exchange: FrontExchange): void;
  /** Something else than a plain Messages request: the connection is node's from here on, with the bytes that were read. */
  passOn(connection: FrontConnection, bytes: Buffer): void;
  gone(connection: FrontConnection): void;
  /** Something was thrown that nobody planned; the connection it was thrown on is cut. */
  failed(error: unknown): void;
};

/** How many sweeps a connection may be idle, and a request may take to come. */
type SweepLimits = { readonly idle: number; readonly request: number };

/** How much of later requests is read while one is answered. */
const AHEAD_BYTES_MAX = 16 * 1024;

/** One client's connection as long as it brings plain Messages requests, one after the other. */
export class FrontConnection implements FrontCarrier {
  readonly #client: ClientSocket;
  readonly #door: FrontDoor;
  #exchange: FrontExchange | undefined;
  #known: MessagesHead | undefined;
  /** What has been read of requests that come later. */
  #ahead: Buffer | undefined;
  #isClosing = false;
  #hasEnded = false;
  /** Sweeps since something came or an answer ended, and since the request under way began. */
  #quietSweeps = 0;
  #requestSweeps = 0;

  constructor(accepted: Socket, door: FrontDoor) {
    this.#door = door;
    this.#client = readClientSocket(accepted, this.#onData);
    const { socket } = this;
    socket.on('drain', this.#onDrain);
    socket.on('end', this.#onEnd);
    socket.on('error', this.#onError);
    socket.on('close', this.#onClose);
  }

  get socket(): Socket {
    return this.#client.socket;
  }

  get isClosing(): boolean {
    return this.#isClosing;
  }

  finished(closes: boolean): void {
    this.#exchange = undefined;
    this.#quietSweeps = 0;
    const ahead = this.#ahead;
    this.#ahead = undefined;
    if (closes || (this.#isClosing && ahead === undefined)) this.#end();
    else if (ahead !== undefined) {
      if (this.socket.isPaused()) this.socket.resume();
      this.#receive(ahead);
    }
  }

  /** Ends the connection as soon as it is answering nothing. */
  close(): void {
    this.#isClosing = true;
    if (this.#exchange === undefined) this.#end();
  }

  /** Looks after time limits; `answerLate` tells a client that its request took too long. */
  sweep(limits: SweepLimits, answerLate: (socket: Socket) => void): void {
    this.#quietSweeps += 1;
    const exchange = this.#exchange;
    if (exchange === undefined) {
      if (this.#quietSweeps > this.#quietSweepsMax(limits)) this.socket.destroy();
      return;
    }
    this.#requestSweeps += 1;
    if (exchange.isWhole || this.#requestSweeps <= limits.request) return;
    if (exchange.hasBegun || this.#hasEnded) this.socket.destroy();
    else {
      this.#hasEnded = true;
      answerLate(this.socket);
    }
  }

  /** What is written and not sent yet is the end of an answer, which a client has as much time to read as to send a request. */
  #quietSweepsMax({ idle, request }: SweepLimits): number {
    if (this.socket.writableLength > 0) return request;
    return this.#hasEnded ? 0 : idle;
  }

  /** Does something for this connection; whatever it throws is this connection's end and nobody else's. */
  contain(work: () => void): void {
    try {
      work();
    } catch (error) {
      this.broke(error);
    }
  }

  broke(error: unknown): void {
    this.#hasEnded = true;
    this.socket.destroy();
    this.#door.failed(error);
  }

  /** Takes its hands off the socket. */
  letGo(): void {
    const { socket } = this;
    this.#client.becomeStream();
    socket.off('drain', this.#onDrain);
    socket.off('end', this.#onEnd);
    socket.off('error', this.#onError);
    socket.off('close', this.#onClose);
  }

  readonly #onData = (bytes: Buffer): void => {
    try {
      this.#receive(bytes);
    } catch (error) {
      this.broke(error);
    }
  };
  readonly #onDrain = (): void => this.contain(() => this.#exchange?.drained());
  readonly #onError = (): void => void this.socket.destroy();

  /** A client that will send no more is taken to have left, as node takes it; what is written already still goes out. */
  readonly #onEnd = (): void => {
    if (this.#exchange === undefined) this.#end();
    else this.socket.destroy();
  };

  readonly #onClose = (): void => {
    const exchange = this.#exchange;
    this.#exchange = undefined;
    this.#door.gone(this);
    this.contain(() => exchange?.leave());
  };

  #end(): void {
    this.#hasEnded = true;
    this.socket.end();
  }

  #receive(bytes: Buffer): void {
    if (this.#hasEnded) return;
    this.#quietSweeps = 0;
    if (this.#exchange !== undefined) {
      this.#takeIn(this.#exchange, bytes);
      return;
    }
    const read = readMessagesHead(bytes, this.#known);
    if (read === undefined) {
      this.#door.passOn(this, bytes);
      return;
    }
    this.#known = read.head;
    this.#requestSweeps = 0;
    const exchange = new FrontExchange(this, read);
    this.#exchange = exchange;
    if (bytes.length > read.bodyAt) this.#takeIn(exchange, bytes.subarray(read.bodyAt), bytes);
    this.#door.serve(exchange);
  }

  #takeIn(exchange: FrontExchange, bytes: Buffer, memory = bytes): void {
    // Asked for before: what was taken whole may have been used up and given back by the time `take` returns.
    const total = bytes.length;
    const own = exchange.take(bytes, memory);
    if (own === total || exchange.closes) return;
    const rest = bytes.subarray(own);
    this.#ahead = this.#ahead === undefined ? rest : Buffer.concat([this.#ahead, rest]);
    if (this.#ahead.length > AHEAD_BYTES_MAX) this.socket.pause();
  }
}
