import { BACKSLASH, QUOTE } from './bytes.ts';
import { notJson, type Reader } from './reader.ts';

const EVERY_BYTE = 0x01010101;
const TWOS = 0x02 * EVERY_BYTE;
const ABOVE_SPACES = 0x21 * EVERY_BYTE;
const BACKSLASHES = BACKSLASH * EVERY_BYTE;
const HIGH_BITS = 0x80808080;

const HEX_DIGITS = new Uint8Array(256);
for (const digit of Buffer.from('0123456789abcdefABCDEF')) HEX_DIGITS[digit] = 1;

/**
 * The offset of the next byte that means something inside a string: a quote, a backslash, a control character, or the
 * end of the body. Prompts are long strings, so this is where a scan spends its time: it looks at four bytes at once.
 *
 * A byte `c` under 0x80 is a quote or a control character exactly when `c ^ 2` is under 0x21 (0x22 and 0x20 trade
 * places), and a backslash when `c ^ 0x5c` is under 1; for both, subtracting the bound sets the byte's high bit. A borrow
 * may set bits of later bytes falsely, never of earlier ones, hence only the lowest mark is believed. `~word` drops the
 * bytes of 0x80 and above, which are parts of longer characters.
 */
const findMark = ({ bytes, words }: Reader, from: number): number =>
  words === undefined ? findMarkByByte(bytes, from) : findMarkByWord(bytes, words, from);

const findMarkByWord = (bytes: Buffer, words: DataView, from: number): number => {
  const last = bytes.length - 4;
  let at = from;
  while (at <= last) {
    const word = words.getInt32(at, true);
    const marks = (((word ^ TWOS) - ABOVE_SPACES) | ((word ^ BACKSLASHES) - EVERY_BYTE)) & ~word & HIGH_BITS;
    if (marks !== 0) return at + ((31 - Math.clz32(marks & -marks)) >> 3);
    at += 4;
  }
  return findMarkByByte(bytes, at);
};

const findMarkByByte = (bytes: Buffer, from: number): number => {
  let at = from;
  while (at < bytes.length && !isMark(bytes[at])) at++;
  return at;
};

const isMark = (byte: number | undefined): boolean =>
  byte === undefined || byte < 0x20 || byte === QUOTE || byte === BACKSLASH;

/** How long an escape is, by the byte after its backslash; 0 where JSON knows none. A table, as a guess would miss too often. */
const ESCAPE_BYTES = new Uint8Array(256);
for (const letter of Buffer.from('"\\/bfnrt')) ESCAPE_BYTES[letter] = 2;
ESCAPE_BYTES[0x75] = 6; // u

/** Some clients escape every letter beyond ASCII, so this is asked often in their prompts. */
const hasFourHexDigits = (bytes: Buffer, at: number): boolean =>
  at + 4 <= bytes.length &&
  HEX_DIGITS[bytes[at] ?? 0] === 1 &&
  HEX_DIGITS[bytes[at + 1] ?? 0] === 1 &&
  HEX_DIGITS[bytes[at + 2] ?? 0] === 1 &&
  HEX_DIGITS[bytes[at + 3] ?? 0] === 1;

const skipEscape = (reader: Reader, at: number): number => {
  const length = ESCAPE_BYTES[reader.bytes[at + 1] ?? 0];
  if (length === 2) return at + 2;
  if (length === 6 && hasFourHexDigits(reader.bytes, at + 2)) return at + 6;
  throw notJson(reader, 'an escape that JSON knows', at);
};

/** The offset just after the string whose opening quote stands at `open`. A control character, an unknown escape or a missing end throws. */
export const skipString = (reader: Reader, open: number): number => {
  const end = reader.native === undefined ? -1 : reader.native.string(open + 1);
  return end === -1 ? skipStringByWord(reader, open) : end;
};

const skipStringByWord = (reader: Reader, open: number): number => {
  let at = findMark(reader, open + 1);
  for (;;) {
    const byte = reader.bytes[at];
    if (byte === QUOTE) return at + 1;
    if (byte !== BACKSLASH) throw notJson(reader, 'the rest of a string, without bare control characters,', at);
    at = findMark(reader, skipEscape(reader, at));
  }
};
