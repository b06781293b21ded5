import type { ServerResponse } from 'node:http';

/**
 * Writes one answer. Chunks of one turn of the event loop leave as one buffer in one system call: node's own framing
 * hands the kernel five pieces a chunk, text and bytes mixed, which costs more than all else a stream needs.
 */
export type AnswerWriter = {
  /** Begins the answer; the list alternates names and values. */
  begin(status: number, headers: string[]): void;
  /** Takes the next bytes; false when the client reads too slowly, until `onDrain` is called. */
  write(chunk: Buffer): boolean;
  /** Ends the answer with what is left. */
  end(last?: Buffer): void;
};

/** What may wait to be sent before the provider is asked to pause. */
const WAITING_BYTES_MAX = 64 * 1024;

/** Up to here the head and the first bytes leave as one text; beyond it, copying would cost more than it saves. */
const TEXT_BYTES_MAX = 16 * 1024;

const CRLF = '\r\n';
const LAST_CHUNK = Buffer.from('0\r\n\r\n');

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
export const createAnswerWriter = (response: ServerResponse, onDrain: () => void): AnswerWriter => {
  let chunks: Buffer[] = [];
  let bytes = 0;
  let isChunked = false;
  let isFirst = true;
  let isScheduled = false;

  const take = (): Buffer => {
    const joined = joinChunks(chunks, bytes, isChunked);
    chunks = [];
    bytes = 0;
    return joined;
  };

  /** Sends a buffer; the first with the head, both as one text. */
  const send = (buffer: Buffer): boolean => {
    const withHead = isFirst && buffer.length <= TEXT_BYTES_MAX;
    isFirst = false;
    return withHead ? response.write(buffer.toString('latin1'), 'latin1') : response.write(buffer);
  };

  const flush = (): void => {
    isScheduled = false;
    if (bytes === 0 || response.writableEnded) return;
    if (send(take())) onDrain();
  };

  response.on('drain', onDrain);

  return {
    begin: (status, headers) => {
      response.writeHead(status, headers);
      isChunked = response.chunkedEncoding;
      // From here on the framing is ours.
      response.chunkedEncoding = false;
    },
    write: (chunk) => {
      chunks.push(chunk);
      bytes += chunk.length;
      if (!isScheduled) {
        isScheduled = true;
        setImmediate(flush);
      }
      return !response.writableNeedDrain && bytes < WAITING_BYTES_MAX;
    },
    end: (last) => {
      if (last !== undefined) {
        chunks.push(last);
        bytes += last.length;
      }
      const rest = bytes > 0 ? take() : undefined;
      const whole = isChunked ? (rest === undefined ? LAST_CHUNK : Buffer.concat([rest, LAST_CHUNK])) : rest;
      if (whole === undefined) response.end();
      else if (isFirst && whole.length <= TEXT_BYTES_MAX) response.end(whole.toString('latin1'), 'latin1');
      else response.end(whole);
    },
  };
};
