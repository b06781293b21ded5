import { CLOSE_BRACE, COLON, COMMA, MINUS, OPEN_BRACE, OPEN_BRACKET, QUOTE, ZERO } from './bytes.ts';
import { DEPTH_MAX, Flaw, notJson, type Reader, skipSpace } from './reader.ts';
import { skipString } from './skip-string.ts';

const TRUE = Buffer.from('true');
const FALSE = Buffer.from('false');
const NULL = Buffer.from('null');

const isDigit = (byte: number | undefined): boolean => byte !== undefined && byte >= ZERO && byte <= 0x39;

const skipDigits = (reader: Reader, from: number): number => {
  let at = from;
  while (isDigit(reader.bytes[at])) at++;
  if (at === from) throw notJson(reader, 'a digit', at);
  return at;
};

const skipExponent = (reader: Reader, at: number): number => {
  const sign = reader.bytes[at];
  return skipDigits(reader, sign === 0x2b || sign === MINUS ? at + 1 : at);
};

/** The offset just after the number at `from`, as RFC 8259 §6 spells numbers: no leading zero, no bare point, no NaN. */
export const skipNumber = (reader: Reader, from: number): number => {
  const { bytes } = reader;
  let at = bytes[from] === MINUS ? from + 1 : from;
  at = bytes[at] === ZERO ? at + 1 : skipDigits(reader, at);
  if (bytes[at] === 0x2e) at = skipDigits(reader, at + 1);
  if (bytes[at] === 0x65 || bytes[at] === 0x45) at = skipExponent(reader, at + 1);
  return at;
};

const skipWord = (reader: Reader, word: Buffer, from: number): number => {
  for (let i = 0; i < word.length; i++) {
    if (reader.bytes[from + i] !== word[i]) throw notJson(reader, 'a value', from);
  }
  return from + word.length;
};

/** The offset just after the string, number, true, false or null at `at`; anything else throws. */
const skipScalar = (reader: Reader, at: number): number => {
  const byte = reader.bytes[at];
  switch (byte) {
    case QUOTE:
      return skipString(reader, at);
    case 0x74: // t
      return skipWord(reader, TRUE, at);
    case 0x66: // f
      return skipWord(reader, FALSE, at);
    case 0x6e: // n
      return skipWord(reader, NULL, at);
    default:
      if (byte === MINUS || isDigit(byte)) return skipNumber(reader, at);
      throw notJson(reader, 'a value', at);
  }
};

/** The offset of the value that follows the colon at or after `from`. */
export const skipColon = (reader: Reader, from: number): number => {
  const at = skipSpace(reader, from);
  if (reader.bytes[at] !== COLON) throw notJson(reader, 'a colon', at);
  return skipSpace(reader, at + 1);
};

const skipName = (reader: Reader, at: number): number => {
  if (reader.bytes[at] !== QUOTE) throw notJson(reader, 'a member name in double quotes', at);
  return skipColon(reader, skipString(reader, at));
};

/** Counts one more open object or array; throws at `at` when they nest too deep. */
export const enter = (reader: Reader, at: number): void => {
  reader.depth++;
  if (reader.depth > DEPTH_MAX) throw new Flaw(`The request body nests deeper than ${DEPTH_MAX} levels`, at);
};

/** Opens the object or array at `open`; the offset of its first value, or just after it when it is empty. */
const openContainer = (reader: Reader, open: number, closer: number): number => {
  enter(reader, open);
  const at = skipSpace(reader, open + 1);
  if (reader.bytes[at] === closer) {
    reader.depth--;
    return at + 1;
  }
  reader.closers[reader.depth] = closer;
  return closer === CLOSE_BRACE ? skipName(reader, at) : at;
};

/** After a value: closes what ends here; the offset of the next value, or of the end once `floor` is reached. */
const leaveValue = (reader: Reader, from: number, floor: number): number => {
  let at = from;
  while (reader.depth > floor) {
    at = skipSpace(reader, at);
    const closer = reader.closers[reader.depth];
    if (reader.bytes[at] === COMMA) {
      const next = skipSpace(reader, at + 1);
      return closer === CLOSE_BRACE ? skipName(reader, next) : next;
    }
    if (reader.bytes[at] !== closer) throw notJson(reader, 'a comma or the closing bracket', at);
    reader.depth--;
    at++;
  }
  return at;
};

/**
 * The offset just after the value at `from`, of which nothing is kept.
 *
 * Skipped values are held to the whole grammar of RFC 8259 nevertheless. A body that passes is therefore JSON in the
 * strictest reading, and every parser, strict or lenient, cuts it into the same tokens: no unfinished escape, stray
 * quote, comment or half-closed bracket is left that one parser would step over and another would not, and so no member
 * can be visible to the provider and hidden from us. Open brackets are counted in the reader, not on the call stack, so
 * no body can exhaust it.
 */
export const skipValue = (reader: Reader, from: number): number => {
  const end = reader.native === undefined ? -1 : reader.native.value(from, reader.depth, DEPTH_MAX);
  return end === -1 ? skipValueByToken(reader, from) : end;
};

const skipValueByToken = (reader: Reader, from: number): number => {
  const floor = reader.depth;
  let at = from;
  for (;;) {
    const byte = reader.bytes[at];
    if (byte === OPEN_BRACE || byte === OPEN_BRACKET) {
      // In ASCII both closing brackets stand two after their opening ones.
      const before = reader.depth;
      at = openContainer(reader, at, byte + 2);
      if (reader.depth > before) continue;
    } else {
      at = skipScalar(reader, at);
    }
    at = leaveValue(reader, at, floor);
    if (reader.depth === floor) return at;
  }
};
