import type { Socket } from 'node:net';
import { atEndOfTurn, type Errand } from '../../platform/index.ts';
import { Body } from '../body.ts';
import { ClientLeft, tooLarge, unpackBody } from '../read-body.ts';
import type { RequestHead } from '../request-head.ts';
import { sendPieces } from '../send-pieces.ts';
import type { ForwardedHead } from '../upstream/forwarded-head.ts';
import { withChunk } from '../with-chunk.ts';
import { type WrittenHeaders, writeHeaders } from '../written-headers.ts';
import { framesOf } from './answer-bytes.ts';
import { type ClientExchange, type ClientListener, LINGER_MS, WAITING_BYTES_MAX } from './client-exchange.ts';
import { type AnswerFraming, headText } from './head-text.ts';
import type { HeadRead } from './read-head.ts';

/** The connection an exchange is on. */
export type FrontCarrier = {
  readonly socket: Socket;
  /** Whether the connection is to end after the answer that is under way. */
  readonly isClosing: boolean;
  /** Something was thrown that nobody planned, which is the end of the connection and of nothing else. */
  broke(error: unknown): void;
  /** The answer is written; nothing more is wanted of the exchange. */
  finished(closes: boolean): void;
};

type Waiting = { readonly resolve: (body: Body) => void; readonly reject: (error: Error) => void };

const NOTHING: readonly Buffer[] = [];

/** How much of a body is read before anybody has asked for it. */
const UNASKED_BYTES_MAX = 64 * 1024;

/** A request that was read here. What is written in one turn of the event loop leaves at its end, in one system call. */
export class FrontExchange implements ClientExchange, Errand {
  readonly url: string;
  readonly rawHeaders: readonly string[];
  readonly head: RequestHead;
  readonly forwarded: ForwardedHead;
  readonly #carrier: FrontCarrier;

  readonly #length: number;
  #unread: number;
  #body: Buffer[] = [];
  /** What the body lies in, as far as nothing else does. */
  #memory: Buffer[] = [];
  #waiting: Waiting | undefined;
  #linger: NodeJS.Timeout | undefined;
  /** Whether somebody waits for the body, or all of it is to be thrown away; undecided at first. */
  #bodyFate: 'open' | 'wanted' | 'unwanted' = 'open';

  #listener: ClientListener | undefined;
  /** The answer's head until it has been sent. */
  #headText = '';
  #framing: AnswerFraming = 'none';
  /** What a length has announced and is still to come. */
  #announced = 0;
  #chunks: Buffer[] = [];
  #bytes = 0;
  #closes = false;
  #hasBegun = false;
  #isEnding = false;
  #isDone = false;
  #isScheduled = false;

  constructor(carrier: FrontCarrier, { head, length }: HeadRead) {
    this.#carrier = carrier;
    this.url = head.url;
    this.rawHeaders = head.rawHeaders;
    this.head = head.facts;
    this.forwarded = head.forwarded;
    this.#length = length;
    this.#unread = length;
  }

  get socket(): Socket {
    return this.#carrier.socket;
  }

  /** Whether all of the request has come. */
  get isWhole(): boolean {
    return this.#unread === 0;
  }

  /** Whether the connection ends with this answer, so that nothing behind the request will be read. */
  get closes(): boolean {
    return this.#closes;
  }

  get hasBegun(): boolean {
    return this.#hasBegun;
  }

  get isOver(): boolean {
    return this.#isEnding || this.#isDone;
  }

  /** Takes what of the bytes is the request's; answers how many those are. `memory`: what they are in the end of, read already. */
  take(bytes: Buffer, memory = bytes): number {
    const own = Math.min(bytes.length, this.#unread);
    if (own === 0) return 0;
    this.#unread -= own;
    if (this.#bodyFate !== 'unwanted') {
      this.#body = withChunk(this.#body, own === bytes.length ? bytes : bytes.subarray(0, own));
      if (own === bytes.length) this.#memory = withChunk(this.#memory, memory);
    }
    if (this.#unread === 0) this.#endRequest();
    else if (this.#bodyFate === 'open' && this.#length - this.#unread > UNASKED_BYTES_MAX) this.socket.pause();
    return own;
  }

  collect(bytesMax: number): Body | Promise<Body> {
    if (this.#length > bytesMax) throw tooLarge(bytesMax);
    this.#bodyFate = 'wanted';
    this.#readOn();
    const raw = this.isWhole
      ? this.#takeBody()
      : new Promise<Body>((resolve, reject) => {
          this.#waiting = { resolve, reject };
        });
    const { contentEncoding } = this.head;
    return contentEncoding === 'identity' ? raw : unpack(raw, contentEncoding, bytesMax);
  }

  listen(listener: ClientListener): void {
    this.#listener = listener;
  }

  begin(status: number, headers: WrittenHeaders): void {
    const { text, framing, closes } = headText(status, headers, this.#carrier.isClosing);
    this.#headText = text;
    this.#framing = framing;
    this.#announced = typeof framing === 'number' ? framing : 0;
    this.#closes = closes;
    this.#hasBegun = true;
  }

  write(chunk: Buffer): boolean {
    this.#add(chunk);
    return this.#bytes < WAITING_BYTES_MAX && !this.socket.writableNeedDrain;
  }

  end(last?: Buffer): void {
    this.#isEnding = true;
    this.#add(last);
  }

  answer(status: number, headers: readonly string[], text: string): void {
    const body = Buffer.from(text);
    if (this.isWhole) {
      this.begin(status, writeHeaders(headers));
      this.end(body);
      return;
    }
    // Closing at once would reset the connection under the client's unsent bytes, and with it the answer (RFC 9112 §9.6).
    this.begin(status, writeHeaders([...headers, 'connection', 'close']));
    this.write(body);
    this.#bodyFate = 'unwanted';
    this.#body = [];
    this.#memory = [];
    this.#readOn();
    this.#linger = setTimeout(() => this.end(), LINGER_MS);
  }

  cut(): void {
    this.#isDone = true;
    this.socket.destroy();
  }

  /** The client has caught up. */
  drained(): void {
    if (!this.#isDone) this.#listener?.drained();
  }

  /** The connection is gone. */
  leave(): void {
    clearTimeout(this.#linger);
    const wasOver = this.isOver;
    this.#isDone = true;
    this.#waiting?.reject(new ClientLeft());
    if (!wasOver) this.#listener?.left();
  }

  /** Sends what has been written in this turn. */
  run(): void {
    this.#isScheduled = false;
    if (this.#isDone) return;
    try {
      this.#flush();
    } catch (error) {
      this.#carrier.broke(error);
    }
  }

  #flush(): void {
    const isLast = this.#isEnding;
    const hasNews = this.#bytes > 0 || isLast;
    if (!hasNews) return;
    if (!this.#isAsAnnounced(this.#bytes, isLast)) {
      this.cut();
      return;
    }
    const hasRoom = this.#send(isLast);
    if (!isLast) {
      if (hasRoom) this.#listener?.drained();
      return;
    }
    this.#isDone = true;
    clearTimeout(this.#linger);
    this.#carrier.finished(this.#closes);
  }

  /** Sends the head, if it is still to be sent, and what has come of the body; answers whether the client keeps up. */
  #send(isLast: boolean): boolean {
    const hasBody = this.#framing !== 'none';
    const pieces = hasBody ? this.#chunks : NOTHING;
    const bytes = hasBody ? this.#bytes : 0;
    const { before, after } = framesOf(this.#framing, bytes, isLast);
    const head = this.#headText;
    this.#headText = '';
    this.#chunks = [];
    this.#bytes = 0;
    return sendPieces(this.socket, { before: [head + before], pieces, bytes, after });
  }

  /** An answer longer or shorter than its head says would be read as another one. */
  #isAsAnnounced(bytes: number, isLast: boolean): boolean {
    if (typeof this.#framing !== 'number') return true;
    this.#announced -= bytes;
    return isLast ? this.#announced === 0 : this.#announced >= 0;
  }

  #add(chunk: Buffer | undefined): void {
    if (chunk !== undefined && chunk.length > 0) {
      this.#chunks = withChunk(this.#chunks, chunk);
      this.#bytes += chunk.length;
    }
    if (this.#isScheduled) return;
    this.#isScheduled = true;
    atEndOfTurn(this);
  }

  #takeBody(): Body {
    const body = Body.of(this.#body, this.#memory);
    this.#body = [];
    this.#memory = [];
    return body;
  }

  #endRequest(): void {
    this.#waiting?.resolve(this.#takeBody());
    this.#waiting = undefined;
    if (this.#bodyFate === 'unwanted') this.end();
  }

  /** Reads the rest of a body that had to wait. */
  #readOn(): void {
    if (!this.isWhole && this.socket.isPaused()) this.socket.resume();
  }
}

const unpack = async (raw: Body | Promise<Body>, encoding: string, bytesMax: number): Promise<Body> => {
  const packed = await raw;
  const body = await unpackBody(packed.joined(), encoding, bytesMax);
  packed.giveBack();
  return Body.of([body]);
};
