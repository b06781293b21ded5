import { KnownTexts } from './known-texts.ts';
import { Flaw, type Reader } from './reader.ts';
import { skipString } from './skip-string.ts';

/**
 * The text between `start` and `end`: the inside of a JSON string that has been skipped, and so is known to be sound.
 * A NUL or half a surrogate pair throws: parsers are known to drop them or to stop there, and then read another text.
 */
export const decodeString = (reader: Reader, start: number, end: number): string => {
  const raw = reader.bytes.toString('utf8', start, end);
  if (!raw.includes('\\')) return raw;
  const text: unknown = JSON.parse(`"${raw}"`);
  if (typeof text === 'string' && text.isWellFormed() && !text.includes('\0')) return text;
  throw new Flaw('A name or value holds a character that no text can hold', start);
};

const known = new KnownTexts();

/** Reads the string whose opening quote stands at the reader. */
export const readString = (reader: Reader): string => {
  const start = reader.at + 1;
  reader.at = skipString(reader, reader.at);
  const span = { start, end: reader.at - 1 };
  const remembered = known.find(reader.bytes, span);
  if (remembered !== undefined) return remembered;
  const text = decodeString(reader, span.start, span.end);
  known.keep(reader.bytes, span, text);
  return text;
};
