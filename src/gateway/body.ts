import { giveBack } from './give-back.ts';
import { type Edit, editPieces } from './scan/index.ts';

/** A body in more pieces than this, smaller than this on average, costs more to send piece by piece than to put together. */
const PIECES_FEW = 4;
const PIECE_BYTES_MIN = 16 * 1024;

const lengthOf = (pieces: readonly Buffer[]): number => {
  let length = 0;
  for (const piece of pieces) length += piece.length;
  return length;
};

const isShredded = (pieces: readonly Buffer[]): boolean =>
  pieces.length > PIECES_FEW && lengthOf(pieces) < PIECE_BYTES_MIN * pieces.length;

/** A request's body in the pieces it came in. They are read, changed and sent as they are: nobody puts them together. */
export class Body {
  readonly pieces: readonly Buffer[];
  /** How many bytes it has. */
  readonly length: number;
  readonly #memory: readonly Buffer[];

  private constructor(pieces: readonly Buffer[], memory: readonly Buffer[]) {
    this.pieces = pieces;
    this.length = lengthOf(pieces);
    this.#memory = memory;
  }

  /** A body that lies in `memory`, as far as that is nobody else's; it uses both up. Many small pieces become one. */
  static of(pieces: readonly Buffer[], memory: readonly Buffer[] = pieces): Body {
    if (!isShredded(pieces)) return new Body(pieces, memory);
    const whole = Buffer.concat(pieces);
    memory.forEach(giveBack);
    return new Body([whole], [whole]);
  }

  /** The same body with some values changed; it takes the place of this one, and its memory. */
  withEdits(edits: readonly Edit[]): Body {
    return edits.length === 0 ? this : Body.of(editPieces(this.pieces, edits), this.#memory);
  }

  /** All of it in one buffer. */
  joined(): Buffer {
    const [only] = this.pieces;
    return this.pieces.length === 1 && only !== undefined ? only : Buffer.concat(this.pieces);
  }

  /** Gives its memory back: neither it nor what it was made of may be used any more. */
  giveBack(): void {
    this.#memory.forEach(giveBack);
  }
}
