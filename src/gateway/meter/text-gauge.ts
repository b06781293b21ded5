const NEWLINE = 0x0a;
const QUOTE = 0x22;
const COLON = 0x3a;
const BACKSLASH = 0x5c;

/** What announces a piece of generated text; JSON escapes quotes, so no text can contain it. */
const PIECE = Buffer.from('"content_block_delta"');
const DELTA = Buffer.from('_delta"');
/** A signature is no text that was generated for anybody, nor is it charged. */
const SIGNATURE = Buffer.from('"signature');
/** How many chunks at the beginning are measured, whatever they are; of those after them, one in eight. */
const FIRST_CHUNKS = 6;
const SAMPLED_MASK = 7;
/** A chunk so many times larger than usual is looked at: one long line is often something else, such as a signature. */
const UNUSUAL = 2;

/** Text begins within so many bytes of its line; a line without is another event. */
const HEAD_BYTES_MAX = 512;

type Tally = { chunks: number; bytes: number; text: number };

const nothing = (): Tally => ({ chunks: 0, bytes: 0, text: 0 });

/**
 * How much of what is to be measured waits for somebody to ask: nobody asks about an answer that comes to its end, and most
 * are no longer than this.
 */
const UNMEASURED_BYTES_MAX = 16 * 1024;

type Unmeasured = { readonly tally: Tally; readonly chunk: Buffer; readonly isInPiece: boolean };

/** How much of a stream is generated text, about. */
export type TextGauge = {
  read(chunk: Buffer): void;
  /** Bytes of text so far, in UTF-8. */
  bytes(): number;
};

/**
 * Measures the text in the first chunks, in unusually large ones and in every eighth of the others, and takes the rest
 * to be like those. A piece of text that spans chunks is followed from its beginning.
 */
export const createTextGauge = (): TextGauge => {
  const measured = nothing();
  const sampled = nothing();
  let usualBytes = 0;
  let usualChunks = 0;
  let isInPiece = false;
  /** The line a chunk broke off in before any text of it: only with what follows can be told what it is. */
  let cutOff: Buffer | undefined;

  let unmeasured: Unmeasured[] = [];
  let unmeasuredBytes = 0;

  const measure = (): void => {
    for (const one of unmeasured) one.tally.text += textIn(one.chunk, one.isInPiece);
    unmeasured = [];
    unmeasuredBytes = 0;
  };

  const add = (tally: Tally, chunk: Buffer): void => {
    tally.chunks += 1;
    tally.bytes += chunk.length;
    unmeasured.push({ tally, chunk, isInPiece });
    unmeasuredBytes += chunk.length;
    if (unmeasuredBytes > UNMEASURED_BYTES_MAX) measure();
  };

  const read = (arrived: Buffer): void => {
    const chunk = cutOff === undefined ? arrived : Buffer.concat([cutOff, arrived]);
    if (measured.chunks < FIRST_CHUNKS || isUnusual(chunk, measured.bytes / measured.chunks)) {
      add(measured, chunk);
    } else {
      usualChunks += 1;
      usualBytes += chunk.length;
      if ((usualChunks & SAMPLED_MASK) === 0) add(sampled, chunk);
    }
    const open = openLine(chunk);
    isInPiece = open !== undefined && ((open === chunk && isInPiece) || hasText(open));
    cutOff = open === undefined || isInPiece || open.length > HEAD_BYTES_MAX ? undefined : Buffer.from(open);
  };

  const bytes = (): number => {
    measure();
    if (usualBytes === 0) return measured.text;
    const { text, bytes: of } = sampled.bytes > 0 ? sampled : measured;
    return Math.round(measured.text + (usualBytes * text) / of);
  };

  return { read, bytes };
};

/** Whether a chunk is so large because of one long line in it, and not because many came at once. */
const isUnusual = (chunk: Buffer, usualBytes: number): boolean => {
  if (chunk.length <= UNUSUAL * usualBytes) return false;
  const middle = chunk.length >> 1;
  return lineEnd(chunk, middle) - chunk.lastIndexOf(NEWLINE, middle) > usualBytes;
};

/** The line the chunk leaves off in, the whole chunk where it is all one line; undefined when it ends with its line. */
const openLine = (chunk: Buffer): Buffer | undefined => {
  if (chunk.length === 0 || chunk[chunk.length - 1] === NEWLINE) return undefined;
  const start = chunk.lastIndexOf(NEWLINE) + 1;
  return start === 0 ? chunk : chunk.subarray(start);
};

/** Whether a line that is not whole has come as far as the text of a piece. */
const hasText = (line: Buffer): boolean => {
  const piece = line.indexOf(PIECE);
  return piece !== -1 && textStart(line, piece + PIECE.length, line.length) !== -1;
};

const lineEnd = (chunk: Buffer, from: number): number => {
  const end = chunk.indexOf(NEWLINE, from);
  return end === -1 ? chunk.length : end;
};

/** The bytes of text in a chunk, which begins inside of a piece when `isInPiece`. */
const textIn = (chunk: Buffer, isInPiece: boolean): number => {
  let text = isInPiece ? lengthOf(chunk, 0, lineEnd(chunk, 0)) : 0;
  for (let at = chunk.indexOf(PIECE); at !== -1; ) {
    const end = lineEnd(chunk, at);
    const start = textStart(chunk, at + PIECE.length, end);
    if (start !== -1) text += lengthOf(chunk, start, end);
    at = chunk.indexOf(PIECE, end);
  }
  return text;
};

/** The bytes of text up to the quote that closes it; up to the end of the chunk where that is still to come. */
const lengthOf = (chunk: Buffer, start: number, end: number): number => {
  let close = end;
  if (end < chunk.length) while (close > start && chunk[close] !== QUOTE) close -= 1;
  return Math.max(0, close - start - escapesIn(chunk, start, end));
};

/** How many characters are written as two, such as a line's end. */
const escapesIn = (chunk: Buffer, start: number, end: number): number => {
  let found = 0;
  for (let at = findByte(chunk, BACKSLASH, { from: start, to: end }); at !== -1; found += 1)
    at = findByte(chunk, BACKSLASH, { from: at + 2, to: end });
  return found;
};

/** Where the text of a piece begins: after `…_delta"`, the name of its field, a colon and a quote; -1 for no text. */
const textStart = (chunk: Buffer, from: number, end: number): number => {
  const delta = findWord(chunk, DELTA, { from, to: end });
  if (delta === -1 || isWordAt(chunk, SIGNATURE, delta - SIGNATURE.length)) return -1;
  const colon = findByte(chunk, COLON, { from: delta, to: end });
  const quote = colon === -1 ? -1 : findByte(chunk, QUOTE, { from: colon, to: end });
  return quote === -1 ? -1 : quote + 1;
};

type Range = { readonly from: number; readonly to: number };

/** Within so few bytes a loop finds a byte before a native search has been called. */
const NEAR_BYTES_MAX = 96;

const findByte = (chunk: Buffer, byte: number, { from, to }: Range): number => {
  const near = Math.min(to, from + NEAR_BYTES_MAX);
  for (let at = from; at < near; at++) if (chunk[at] === byte) return at;
  if (near >= to) return -1;
  const found = chunk.indexOf(byte, near);
  return found < to ? found : -1;
};

const isWordAt = (chunk: Buffer, word: Buffer, at: number): boolean => {
  for (let i = 0; i < word.length; i++) if (chunk[at + i] !== word[i]) return false;
  return true;
};

/** Finds a word, of which all must stand before `to`. */
const findWord = (chunk: Buffer, word: Buffer, { from, to }: Range): number => {
  const [first = 0] = word;
  const last = to - word.length + 1;
  let at = findByte(chunk, first, { from, to: last });
  while (at !== -1 && !isWordAt(chunk, word, at)) at = findByte(chunk, first, { from: at + 1, to: last });
  return at;
};
