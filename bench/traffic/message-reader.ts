/** What a reader tells about one HTTP/1.1 message: its head, the bytes of its body without chunk framing, its end. */
export type MessageEvents = {
  head(text: string): void;
  body(bytes: Buffer): void;
  end(): void;
};

type Phase = 'head' | 'fixed' | 'chunk-size' | 'chunk-data' | 'chunk-end' | 'trailer';

const HEAD_BYTES_MAX = 16_384;
const LINE_FEED = 0x0a;
const CARRIAGE_RETURN = 0x0d;

const lengthOf = (lowerHead: string): number => {
  const at = lowerHead.indexOf('\r\ncontent-length:');
  return at < 0 ? 0 : Number.parseInt(lowerHead.slice(at + 17, at + 40), 10);
};

/**
 * Splits a connection's bytes into HTTP/1.1 messages (content-length or chunked, either direction). It trusts its
 * peers and validates nothing: it exists because node:http would cost the load generator more than the gateways under test.
 * Slices given to `body` are only valid during the call.
 */
export const createMessageReader = (events: MessageEvents): { feed(bytes: Buffer): void } => {
  let phase: Phase = 'head';
  let left = 0;
  let pending = '';

  const finish = (): void => {
    phase = 'head';
    events.end();
  };

  const readHead = (bytes: Buffer, at: number): number => {
    const text = pending + bytes.toString('latin1', at, Math.min(bytes.length, at + HEAD_BYTES_MAX));
    const end = text.indexOf('\r\n\r\n');
    if (end < 0) {
      pending = text;
      return bytes.length;
    }
    const next = at + end + 4 - pending.length;
    pending = '';
    const head = text.slice(0, end);
    const lower = head.toLowerCase();
    events.head(head);
    left = lengthOf(lower);
    if (lower.includes('\r\ntransfer-encoding: chunked')) phase = 'chunk-size';
    else if (left > 0) phase = 'fixed';
    else finish();
    return next;
  };

  const readBody = (bytes: Buffer, at: number): number => {
    const end = Math.min(bytes.length, at + left);
    left -= end - at;
    events.body(bytes.subarray(at, end));
    if (left > 0) return end;
    if (phase === 'fixed') finish();
    else phase = 'chunk-end';
    return end;
  };

  const readSize = (bytes: Buffer, at: number): number => {
    const end = bytes.indexOf(LINE_FEED, at);
    pending += bytes.toString('latin1', at, end < 0 ? bytes.length : end);
    if (end < 0) return bytes.length;
    left = Number.parseInt(pending, 16);
    pending = '';
    phase = left === 0 ? 'trailer' : 'chunk-data';
    return end + 1;
  };

  /** Skips up to and including the line feed that ends a chunk's data. */
  const readChunkEnd = (bytes: Buffer, at: number): number => {
    if (bytes[at] === LINE_FEED) phase = 'chunk-size';
    return at + 1;
  };

  /** Skips trailer fields; an empty line ends the message. `left` counts the characters of the present line. */
  const readTrailer = (bytes: Buffer, at: number): number => {
    const byte = bytes[at];
    if (byte !== LINE_FEED) left += byte === CARRIAGE_RETURN ? 0 : 1;
    else if (left === 0) finish();
    else left = 0;
    return at + 1;
  };

  const step = (bytes: Buffer, at: number): number => {
    switch (phase) {
      case 'head':
        return readHead(bytes, at);
      case 'fixed':
      case 'chunk-data':
        return readBody(bytes, at);
      case 'chunk-size':
        return readSize(bytes, at);
      case 'chunk-end':
        return readChunkEnd(bytes, at);
      case 'trailer':
        return readTrailer(bytes, at);
    }
  };

  return {
    feed(bytes) {
      let at = 0;
      while (at < bytes.length) at = step(bytes, at);
    },
  };
};
