import { createNativeSkip, NATIVE_BYTES_MAX, type NativeSkip } from './native/skip-natively.ts';

/** Nesting beyond this is refused, whatever it holds. */
export const DEPTH_MAX = 500;

/** A body being read once, front to back. Functions that `read` or `walk` start at the value at `at` and end just after it. */
export type Reader = {
  readonly bytes: Buffer;
  /** The same bytes, four at a time; undefined for a body so short that making this would cost more than it saves. */
  readonly words: DataView | undefined;
  /** Skips strings and values at several times the speed; undefined for a very short or a very long body. */
  readonly native: NativeSkip | undefined;
  /** The brackets that must still close, innermost last; only skipped values use it. */
  readonly closers: Uint8Array;
  /** How many objects and arrays stand open around `at`. */
  depth: number;
  at: number;
};

/** Why a body is refused: a public sentence and, where it is known, the byte where reading stopped. Never leaves this folder. */
export class Flaw extends Error {
  constructor(sentence: string, at?: number) {
    super(at === undefined ? `${sentence}.` : `${sentence} (at byte ${at}).`);
  }
}

const SHORT_BYTES_MAX = 256;

/** A body is read from its start to its end before the next one is begun, so all can note their brackets here. */
const closers = new Uint8Array(DEPTH_MAX + 1);

const nativeSkip = createNativeSkip();

/** A reader at the start of a body, given in one piece or several, which must not change while it is read. */
export const openReader = (body: Buffer | readonly Buffer[]): Reader => {
  const pieces = Buffer.isBuffer(body) ? [body] : body;
  let length = 0;
  for (const piece of pieces) length += piece.length;
  if (nativeSkip === undefined || length <= SHORT_BYTES_MAX || length > NATIVE_BYTES_MAX)
    return openPlainReader(pieces);
  return { bytes: nativeSkip.lay(pieces), words: undefined, native: nativeSkip, closers, depth: 0, at: 0 };
};

/** A reader that does without native help. */
export const openPlainReader = (pieces: readonly Buffer[]): Reader => {
  const [only] = pieces;
  const bytes = pieces.length === 1 && only !== undefined ? only : Buffer.concat(pieces);
  const words = bytes.length > SHORT_BYTES_MAX ? new DataView(bytes.buffer, bytes.byteOffset, bytes.length) : undefined;
  return { bytes, words, native: undefined, closers, depth: 0, at: 0 };
};

/** The flaw of a body that JSON's grammar does not allow; `wanted` names what should stand at `at`. */
export const notJson = (reader: Reader, wanted: string, at: number): Flaw =>
  at >= reader.bytes.length
    ? new Flaw(`The request body is not valid JSON: it ends where ${wanted} should follow`, at)
    : new Flaw(`The request body is not valid JSON: ${wanted} should stand here`, at);

/** The flaw of a member that holds another kind of value than the gateway can act on. */
export const wrongType = (path: string, wanted: string, at: number): Flaw => new Flaw(`${path} must be ${wanted}`, at);

const skipSpaceRun = (bytes: Buffer, from: number): number => {
  let at = from;
  for (;;) {
    const byte = bytes[at];
    if (byte !== 0x20 && byte !== 0x0a && byte !== 0x0d && byte !== 0x09) return at;
    at++;
  }
};

/** The offset of the first byte from `from` on that is not JSON's white space. Clients send none, so that is asked first. */
export const skipSpace = ({ bytes }: Reader, from: number): number =>
  (bytes[from] ?? 0) > 0x20 ? from : skipSpaceRun(bytes, from);
