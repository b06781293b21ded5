import type { ServerResponse } from 'node:http';
import { atEndOfTurn, type Errand } from '../../platform/index.ts';

/**
 * Writes one answer. Chunks of one turn of the event loop leave at its end, as one buffer in one system call: node's own
 * framing hands the kernel five pieces a chunk, text and bytes mixed, which costs more than all else a stream needs.
 */
export type AnswerWriter = {
  /** Begins the answer; the list alternates names and values. */
  begin(status: number, headers: string[]): void;
  /** Takes the next bytes; false when the client reads too slowly, until `onDrain` is called. */
  write(chunk: Buffer): boolean;
  /** Ends the answer with what is left; it has to be the last call. */
  end(last?: Buffer): void;
};

/** What may wait to be sent before the provider is asked to pause. */
const WAITING_BYTES_MAX = 64 * 1024;

/** Up to here the head and the first bytes leave as one text; beyond it, copying would cost more than it saves. */
const TEXT_BYTES_MAX = 16 * 1024;

const CRLF = '\r\n';
const LAST_CHUNK = Buffer.from('0\r\n\r\n');
const NOTHING = Buffer.alloc(0);

/** Joins chunks to one buffer, framed as one chunk of a chunked body (RFC 9112 §7.1) when asked to. */
const joinChunks = (chunks: readonly Buffer[], bytes: number, isChunked: boolean): Buffer => {
  const [only] = chunks;
  if (!isChunked) return chunks.length === 1 && only !== undefined ? only : Buffer.concat(chunks, bytes);
  const size = bytes.toString(16);
  const framed = Buffer.allocUnsafe(size.length + bytes + 2 * CRLF.length);
  let at = framed.write(size + CRLF, 0, 'latin1');
  for (const chunk of chunks) at += chunk.copy(framed, at);
  framed.write(CRLF, at, 'latin1');
  return framed;
};

/** The writer of a response nothing has been written to. `onDrain` runs whenever the client has caught up. */
export const createAnswerWriter = (response: ServerResponse, onDrain: () => void): AnswerWriter =>
  new TurnWriter(response, onDrain);

class TurnWriter implements AnswerWriter, Errand {
  readonly #response: ServerResponse;
  readonly #onDrain: () => void;
  #chunks: Buffer[] = [];
  #bytes = 0;
  #isChunked = false;
  #isFirst = true;
  #isEnding = false;
  #isScheduled = false;

  constructor(response: ServerResponse, onDrain: () => void) {
    this.#response = response;
    this.#onDrain = onDrain;
    response.on('drain', onDrain);
  }

  begin(status: number, headers: string[]): void {
    const response = this.#response;
    response.writeHead(status, headers);
    this.#isChunked = response.chunkedEncoding;
    // From here on the framing is ours.
    response.chunkedEncoding = false;
  }

  write(chunk: Buffer): boolean {
    this.#add(chunk);
    return !this.#response.writableNeedDrain && this.#bytes < WAITING_BYTES_MAX;
  }

  end(last?: Buffer): void {
    this.#isEnding = true;
    this.#add(last ?? NOTHING);
  }

  /** Sends what has come in this turn. */
  run(): void {
    this.#isScheduled = false;
    if (this.#response.writableEnded) return;
    if (this.#isEnding) this.#sendLast();
    else if (this.#bytes > 0 && this.#send(this.#take())) this.#onDrain();
  }

  #add(chunk: Buffer): void {
    if (chunk.length > 0) this.#chunks.push(chunk);
    this.#bytes += chunk.length;
    if (this.#isScheduled) return;
    this.#isScheduled = true;
    atEndOfTurn(this);
  }

  #sendLast(): void {
    const rest = this.#bytes > 0 ? this.#take() : undefined;
    const whole = this.#isChunked ? (rest === undefined ? LAST_CHUNK : Buffer.concat([rest, LAST_CHUNK])) : rest;
    const response = this.#response;
    if (whole === undefined) response.end();
    else if (this.#isFirst && whole.length <= TEXT_BYTES_MAX) response.end(whole.toString('latin1'), 'latin1');
    else response.end(whole);
  }

  #take(): Buffer {
    const joined = joinChunks(this.#chunks, this.#bytes, this.#isChunked);
    this.#chunks = [];
    this.#bytes = 0;
    return joined;
  }

  /** Sends a buffer; the first with the head, both as one text. */
  #send(buffer: Buffer): boolean {
    const response = this.#response;
    const { socket } = response;
    const withHead = this.#isFirst && buffer.length <= TEXT_BYTES_MAX;
    this.#isFirst = false;
    // Where nobody has corked the socket, node does, and waits for a tick to let go of it.
    socket?.cork();
    const hasRoom = withHead ? response.write(buffer.toString('latin1'), 'latin1') : response.write(buffer);
    socket?.uncork();
    return hasRoom;
  }
}
