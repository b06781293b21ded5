import { assemble } from './assemble.ts';
import { BODY_AT, PADDING_BYTES, SKIP_SOURCE } from './skip-source.ts';

/** What skips parts of the body that was laid down last. `string` and `value` answer -1 for what they leave to others to judge. */
export type NativeSkip = {
  /** Lays down a body of at most {@link NATIVE_BYTES_MAX} bytes; answers its copy there, which the next one overwrites. */
  readonly lay: (pieces: readonly Uint8Array[]) => Buffer;
  /** The offset after the string whose opening quote is before `at`. */
  readonly string: (at: number) => number;
  /** The offset after the value at `at`, around which `depth` objects and arrays are open, of at most `depthMax`. */
  readonly value: (at: number, depth: number, depthMax: number) => number;
  /**
   * From the member name at `at` past those members that are not `wanted` (see {@link traceOf}): the offset of a name that has to
   * be looked at, or the complement (`~`) of the offset after the object.
   */
  readonly foreign: (at: number, wanted: number, depth: number, depthMax: number) => number;
};

/** The bit of `wanted` that a name has, which others may have as well: by its length and its last letter, capital or not. */
export const traceOf = (name: Buffer): number => 1 << (name.length + (name.at(-1) ?? 0));

/** Larger bodies are read without: the memory for them would be kept for good. */
export const NATIVE_BYTES_MAX = 4 * 1024 * 1024;

type Memory = { readonly buffer: ArrayBuffer; grow(pages: number): number };
type Exports = Readonly<Record<string, unknown>>;

/** What is used here of the language's own WebAssembly, which node's types leave out; nothing under `--jitless`. */
declare const WebAssembly:
  | {
      readonly validate: (bytes: Uint8Array<ArrayBuffer>) => boolean;
      readonly Memory: new (size: { initial: number }) => Memory;
      readonly Module: new (bytes: Uint8Array<ArrayBuffer>) => object;
      readonly Instance: new (module: object, imports: object) => { readonly exports: Exports };
    }
  | undefined;

const PAGE_BYTES = 64 * 1024;

const isNumeric = (value: unknown): value is (...numbers: number[]) => number => typeof value === 'function';

const functionOf = (exports: Exports, name: string): ((...numbers: number[]) => number) => {
  const found: unknown = exports[name];
  if (isNumeric(found)) return found;
  throw new TypeError(`There is no function ${name}`);
};

/** Undefined where node runs without WebAssembly, or on a processor without its 128-bit instructions. */
export const createNativeSkip = (): NativeSkip | undefined => {
  if (typeof WebAssembly === 'undefined') return undefined;
  const bytes = assemble(SKIP_SOURCE);
  if (!WebAssembly.validate(bytes)) return undefined;
  const memory = new WebAssembly.Memory({ initial: 4 });
  const { exports } = new WebAssembly.Instance(new WebAssembly.Module(bytes), { env: { memory } });
  const close = functionOf(exports, 'close');
  let room = new Uint8Array(memory.buffer, BODY_AT);
  const lay = (pieces: readonly Uint8Array[]): Buffer => {
    let length = 0;
    for (const piece of pieces) length += piece.length;
    const missing = length + PADDING_BYTES - room.length;
    if (missing > 0) {
      memory.grow(Math.ceil(missing / PAGE_BYTES));
      room = new Uint8Array(memory.buffer, BODY_AT);
    }
    let at = 0;
    for (const piece of pieces) {
      room.set(piece, at);
      at += piece.length;
    }
    close(length);
    return Buffer.from(memory.buffer, BODY_AT, length);
  };
  return {
    lay,
    string: functionOf(exports, 'string'),
    value: functionOf(exports, 'value'),
    foreign: functionOf(exports, 'foreign'),
  };
};
