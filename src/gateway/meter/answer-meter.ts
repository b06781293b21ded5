import { createBrotliDecompress, createGunzip, createInflate, createZstdDecompress } from 'node:zlib';
import { type MeteredMessage, NOTHING_METERED, usageFromMessage } from '../../spend/index.ts';
import { scanAnswer } from '../scan/index.ts';
import { withChunk } from '../with-chunk.ts';
import { createSseMeter } from './sse-meter.ts';

/** Reads usage from one answer, whatever its form, beside the bytes that go to the client. */
export type AnswerMeter = {
  /** Takes the next bytes as they came from the provider. Never throws. */
  read(chunk: Buffer): void;
  /** Runs `done` once everything read so far has been taken into account; at once, unless it has to be unpacked. */
  end(done: () => void): void;
  readonly metered: MeteredMessage;
  /** Whether the provider has told its final counts. */
  readonly isComplete: boolean;
  /** Bytes of generated text so far, about. */
  readonly textBytes: number;
};

/** A whole answer larger than this is not kept for metering; its usage is then an estimate. */
const ANSWER_BYTES_MAX = 32 * 1024 * 1024;

const DECODERS = {
  gzip: createGunzip,
  'x-gzip': createGunzip,
  deflate: createInflate,
  br: createBrotliDecompress,
  zstd: createZstdDecompress,
} as const;

const isDecodable = (encoding: string): encoding is keyof typeof DECODERS => Object.hasOwn(DECODERS, encoding);

const EVENT_STREAM = /^text\/event-stream/i;

/** Whether a content type is that of server-sent events, in whatever letters (RFC 9110 §8.3.1). */
export const isEventStreamType = (contentType: string): boolean => EVENT_STREAM.test(contentType);

/** The meter for an answer with these headers: server-sent events or one JSON body, plain or compressed. */
export const createAnswerMeter = (contentType: string, contentEncoding: string): AnswerMeter => {
  const plain = isEventStreamType(contentType) ? createSseMeter() : new BodyMeter();
  const encoding = contentEncoding.trim().toLowerCase();
  if (encoding === '' || encoding === 'identity') return plain;
  return isDecodable(encoding) ? decoding(plain, encoding) : plain;
};

/** One JSON body; a class rather than closures, because every request makes one. */
class BodyMeter implements AnswerMeter {
  #chunks: Buffer[] = [];
  #bytes = 0;
  #metered = NOTHING_METERED;
  #isComplete = false;

  get metered(): MeteredMessage {
    return this.#metered;
  }

  get isComplete(): boolean {
    return this.#isComplete;
  }

  get textBytes(): number {
    return this.#bytes;
  }

  read(chunk: Buffer): void {
    this.#bytes += chunk.length;
    if (this.#bytes <= ANSWER_BYTES_MAX) this.#chunks = withChunk(this.#chunks, chunk);
    else this.#chunks = [];
  }

  end(done: () => void): void {
    const metered = meterBody(this.#chunks);
    this.#chunks = [];
    if (metered !== undefined) {
      this.#metered = metered;
      this.#isComplete = true;
    }
    done();
  }
}

const meterBody = (pieces: readonly Buffer[]): MeteredMessage | undefined => {
  const message = scanAnswer(pieces) ?? parseMessage(pieces);
  return message && usageFromMessage(message);
};

/** An answer that a scan does not read is damaged, or one that takes a parser to say which of two members counts. */
const parseMessage = (pieces: readonly Buffer[]): object | undefined => {
  const [first] = pieces;
  if (first === undefined) return undefined;
  const body = pieces.length === 1 ? first : Buffer.concat(pieces);
  try {
    const message: unknown = JSON.parse(body.toString('utf8'));
    return typeof message === 'object' && message !== null && 'usage' in message ? message : undefined;
  } catch {
    return undefined;
  }
};

/** The bytes pass to the client compressed as they are; a copy is unpacked for the meter. */
const decoding = (inner: AnswerMeter, encoding: keyof typeof DECODERS): AnswerMeter => {
  const decoder = DECODERS[encoding]();
  let isBroken = false;
  decoder.on('data', (chunk: Buffer) => inner.read(chunk));
  // Bytes that cannot be unpacked are the client's to judge; to the meter the answer broke off there.
  decoder.on('error', () => {
    isBroken = true;
  });
  return {
    read: (chunk) => {
      if (!isBroken) decoder.write(chunk);
    },
    end: (done) => {
      const finish = () => inner.end(done);
      if (isBroken) return finish();
      decoder.once('close', finish);
      decoder.end();
    },
    get metered() {
      return inner.metered;
    },
    get isComplete() {
      return inner.isComplete;
    },
    get textBytes() {
      return inner.textBytes;
    },
  };
};
