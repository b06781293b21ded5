import type { AnswerHead, ReadHead } from './answer-head.ts';
import { isBlank, malformed } from './answer-lines.ts';

/** What an answer's bytes say, in this order: `head`, any number of `data`, then `end`. */
export type AnswerEvents = {
  head(head: AnswerHead): void;
  data(chunk: Buffer): void;
  /** `canReuse`: the connection may carry another request. */
  end(canReuse: boolean): void;
};

/** Reads one connection's answers, one after the other. */
export type AnswerParser = {
  /** Another request has been sent: what comes now is its answer. The first one is expected from the beginning. */
  expect(): void;
  /**
   * Takes the next bytes, and the memory they are in: what is passed on is put together in it. Throws an Error when they
   * are not HTTP/1.1; the connection is then of no use.
   */
  read(chunk: Buffer): void;
  /** The connection has closed: true when that ends the answer, false when it cuts it off. */
  close(): boolean;
  /** Whether an answer is expected or has begun and not ended. */
  readonly isBusy: boolean;
  /** Whether any byte of the answer that is expected has been read. */
  readonly hasBegun: boolean;
};

const HEAD_BYTES_MAX = 64 * 1024;
/** The line end of its last line, and the empty line. */
const HEAD_END_BYTES = 4;
const SIZE_LINE_BYTES_MAX = 4 * 1024;
const CR = 0x0d;
const LF = 0x0a;

/**
 * An incremental reader of HTTP/1.1 responses (RFC 9112). Interim answers are skipped; an answer framed in two ways at
 * once is refused, since two readers could disagree on where it ends. `readHead` may be shared by many.
 */
export const createAnswerParser = (events: AnswerEvents, readHead: ReadHead): AnswerParser => {
  let state: 'head' | 'body' | 'size' | 'chunk' | 'chunk-end' | 'trailers' | 'done' = 'head';
  let rest: Buffer | undefined;
  let head: AnswerHead | undefined;
  let remaining = 0;
  let hasBegun = false;
  /** Where the chunks of this read that have not been passed on stand in its bytes. */
  let gatheredFrom = 0;
  let gatheredTo = 0;

  const finish = (left: number): void => {
    const canReuse = head?.keepsAlive === true && head.framing !== 'close' && left === 0;
    state = 'done';
    events.end(canReuse);
  };

  const takeHead = (bytes: Buffer, at: number): number => {
    const parsed = readHead(bytes, at);
    // The limit holds for what is known of the head without its end, so that it does not depend on how the bytes came.
    const known = parsed === undefined ? bytes.length - at - (HEAD_END_BYTES - 1) : parsed.bytes - HEAD_END_BYTES;
    if (known > HEAD_BYTES_MAX) throw malformed('its head is too long');
    if (parsed === undefined) {
      rest = Buffer.from(bytes.subarray(at));
      return bytes.length;
    }
    const next = at + parsed.bytes;
    if (parsed.status < 200) {
      if (parsed.status === 101) throw malformed('it switches protocols');
      return next;
    }
    head = parsed;
    remaining = parsed.length;
    state = parsed.framing === 'chunked' ? 'size' : 'body';
    events.head(parsed);
    if (parsed.framing === 'none' || (parsed.framing === 'length' && remaining === 0)) finish(bytes.length - next);
    return next;
  };

  const readBody = (bytes: Buffer, at: number): number => {
    if (head?.framing === 'close') {
      events.data(bytes.subarray(at));
      return bytes.length;
    }
    const end = Math.min(bytes.length, at + remaining);
    remaining -= end - at;
    events.data(at === 0 && end === bytes.length ? bytes : bytes.subarray(at, end));
    if (remaining === 0) finish(bytes.length - end);
    return end;
  };

  /** The end of the line that starts at `at`, its line feed included; -1 after keeping what there is of it. */
  const lineEnd = (bytes: Buffer, at: number): number => {
    const end = bytes.indexOf(LF, at);
    if ((end === -1 ? bytes.length : end) - at > SIZE_LINE_BYTES_MAX)
      throw malformed('a line between chunks is too long');
    if (end !== -1) return end + 1;
    rest = Buffer.from(bytes.subarray(at));
    return -1;
  };

  const readSize = (bytes: Buffer, at: number): number => {
    const plainEnd = plainSizeEnd(bytes, at);
    const end = plainEnd === -1 ? lineEnd(bytes, at) : plainEnd;
    if (end === -1) return bytes.length;
    remaining = chunkSize(bytes, at, end);
    state = remaining === 0 ? 'trailers' : 'chunk';
    return end;
  };

  const readChunk = (bytes: Buffer, at: number): number => {
    const end = Math.min(bytes.length, at + remaining);
    remaining -= end - at;
    gather(bytes, at, end);
    if (remaining === 0) state = 'chunk-end';
    return end;
  };

  /** Puts a chunk behind those before it, over the lines that framed them: a read is passed on as one piece. */
  const gather = (bytes: Buffer, from: number, to: number): void => {
    if (gatheredTo === 0) {
      gatheredFrom = from;
      gatheredTo = to;
      return;
    }
    bytes.copyWithin(gatheredTo, from, to);
    gatheredTo += to - from;
  };

  const passOn = (bytes: Buffer): void => {
    if (gatheredTo === 0) return;
    const gathered = bytes.subarray(gatheredFrom, gatheredTo);
    gatheredTo = 0;
    events.data(gathered);
  };

  const readLineEnd = (bytes: Buffer, at: number): number => {
    if (bytes[at] === CR && at + 1 === bytes.length) {
      rest = Buffer.from([CR]);
      return bytes.length;
    }
    const end = bytes[at] === CR ? at + 1 : at;
    if (bytes[end] !== LF) throw malformed('a chunk does not end where it says');
    state = 'size';
    return end + 1;
  };

  const readTrailer = (bytes: Buffer, at: number): number => {
    const end = lineEnd(bytes, at);
    if (end === -1) return bytes.length;
    const isLast = end - at === 1 || (end - at === 2 && bytes[at] === CR);
    if (!isLast) return end;
    passOn(bytes);
    finish(bytes.length - end);
    return end;
  };

  const step = (bytes: Buffer, at: number): number => {
    switch (state) {
      case 'head':
        return takeHead(bytes, at);
      case 'body':
        return readBody(bytes, at);
      case 'size':
        return readSize(bytes, at);
      case 'chunk':
        return readChunk(bytes, at);
      case 'chunk-end':
        return readLineEnd(bytes, at);
      case 'trailers':
        return readTrailer(bytes, at);
      case 'done':
        // What follows an answer belongs to no request; `end` has already told that the connection cannot be reused.
        return bytes.length;
      default: {
        const unexpected: never = state;
        return unexpected;
      }
    }
  };

  return {
    expect: () => {
      state = 'head';
      rest = undefined;
      head = undefined;
      hasBegun = false;
    },
    read: (chunk) => {
      hasBegun = true;
      const bytes = rest === undefined ? chunk : Buffer.concat([rest, chunk]);
      rest = undefined;
      let at = 0;
      try {
        while (at < bytes.length) at = step(bytes, at);
      } finally {
        // What came whole before a mistake in the framing counts.
        passOn(bytes);
      }
    },
    close: () => {
      if (state !== 'body' || head?.framing !== 'close') return state === 'done';
      finish(0);
      return true;
    },
    get isBusy() {
      return state !== 'done';
    },
    get hasBegun() {
      return hasBegun;
    },
  };
};

const PLAIN_SIZE_DIGITS_MAX = 6;

/** Where the line of a size ends that is nothing but a few digits, as nearly all are; -1 for another, or when it is not whole. */
const plainSizeEnd = (bytes: Buffer, start: number): number => {
  let at = start;
  while (at - start < PLAIN_SIZE_DIGITS_MAX && hexDigit(bytes[at] ?? 0) !== -1) at += 1;
  return at > start && bytes[at] === CR && bytes[at + 1] === LF ? at + 2 : -1;
};

/** The size a chunk's first line states in hexadecimal; extensions after a semicolon mean nothing here. */
const chunkSize = (bytes: Buffer, start: number, end: number): number => {
  let size = 0;
  let at = start;
  for (; at < end; at++) {
    const digit = hexDigit(bytes[at] ?? 0);
    if (digit === -1) break;
    size = size * 16 + digit;
    if (size > Number.MAX_SAFE_INTEGER / 16) throw malformed('a chunk is too large');
  }
  const after = bytes[at];
  if (at === start || (after !== CR && after !== LF && after !== 0x3b && !isBlank(after ?? 0)))
    throw malformed('a chunk has no size');
  return size;
};

const hexDigit = (byte: number): number => {
  if (byte >= 0x30 && byte <= 0x39) return byte - 0x30;
  const letter = byte | 0x20;
  return letter >= 0x61 && letter <= 0x66 ? letter - 0x57 : -1;
};
