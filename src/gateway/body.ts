import { giveBack } from './give-back.ts';
import { type Edit, editPieces } from './scan/index.ts';

/** A request's body in the pieces it came in. They are read, changed and sent as they are: nobody puts them together. */
export class Body {
  readonly pieces: readonly Buffer[];
  /** How many bytes it has. */
  readonly length: number;
  readonly #memory: readonly Buffer[];

  /** `memory`: what the pieces lie in and nobody else uses, to be given back. */
  constructor(pieces: readonly Buffer[], memory: readonly Buffer[] = pieces) {
    this.pieces = pieces;
    this.#memory = memory;
    let length = 0;
    for (const piece of pieces) length += piece.length;
    this.length = length;
  }

  /** The same body with some values changed; it lies in the memory of this one. */
  withEdits(edits: readonly Edit[]): Body {
    return edits.length === 0 ? this : new Body(editPieces(this.pieces, edits), this.#memory);
  }

  /** All of it in one buffer. */
  joined(): Buffer {
    const [only] = this.pieces;
    return this.pieces.length === 1 && only !== undefined ? only : Buffer.concat(this.pieces);
  }

  /** Gives its memory back: neither it nor what was made of it may be used any more. */
  giveBack(): void {
    this.#memory.forEach(giveBack);
  }
}
