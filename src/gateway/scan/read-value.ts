import { MINUS, QUOTE, ZERO } from './bytes.ts';
import { readString } from './read-string.ts';
import { type Reader, wrongType } from './reader.ts';
import type { ModelSite, Span } from './scanned-request.ts';
import { skipNumber, skipValue } from './skip-value.ts';

/** Model ids longer than this are refused. */
export const MODEL_LENGTH_MAX = 256;

/** A value with its place in the body. */
export type Site<Value> = { readonly value: Value; readonly span: Span };

const N = 0x6e;

/** Reads a JSON null if one stands at the reader; otherwise answers false and stays. */
export const readNull = (reader: Reader): boolean => {
  if (reader.bytes[reader.at] !== N) return false;
  reader.at = skipValue(reader, reader.at);
  return true;
};

/** Reads a string or null. */
export const readStringOrNull = (reader: Reader, path: string): string | null => {
  if (readNull(reader)) return null;
  if (reader.bytes[reader.at] !== QUOTE) throw wrongType(path, 'a string or null', reader.at);
  return readString(reader);
};

/** Reads a string or null, and where it stands. */
export const readStringSite = (reader: Reader, path: string): Site<string | null> => {
  const start = reader.at;
  const value = readStringOrNull(reader, path);
  return { value, span: { start, end: reader.at } };
};

/** Reads a model id: a string of 1 to 256 characters. */
export const readModel = (reader: Reader, path: string): ModelSite => {
  const start = reader.at;
  if (reader.bytes[start] !== QUOTE) throw wrongType(path, 'a string', start);
  const value = readString(reader);
  if (value.length === 0) throw wrongType(path, 'a model id, not an empty string', start);
  if (value.length > MODEL_LENGTH_MAX)
    throw wrongType(path, `a model id of ${MODEL_LENGTH_MAX} characters or fewer`, start);
  return { value, span: { start, end: reader.at } };
};

/** A number of so few digits is exact in a double, whatever they are. */
const DIGITS_EXACT = 15;

/** The number that the bytes spell; NaN unless they are a few digits and nothing else. */
const plainNumber = (bytes: Buffer, start: number, end: number): number => {
  if (end - start > DIGITS_EXACT) return Number.NaN;
  let value = 0;
  for (let at = start; at < end; at++) {
    const digit = (bytes[at] ?? 0) - ZERO;
    if (digit < 0 || digit > 9) return Number.NaN;
    value = value * 10 + digit;
  }
  return value;
};

/** Reads a number that counts something: whole, not negative, and exact in a double. `1e3` is such a number, `1.5` is not. */
export const readCount = (reader: Reader, path: string): Site<number> => {
  const start = reader.at;
  const byte = reader.bytes[start] ?? 0;
  if (byte !== MINUS && (byte < 0x30 || byte > 0x39)) throw wrongType(path, 'a whole number', start);
  reader.at = skipNumber(reader, start);
  const plain = plainNumber(reader.bytes, start, reader.at);
  const value = Number.isNaN(plain) ? Number(reader.bytes.toString('latin1', start, reader.at)) : plain;
  if (!Number.isSafeInteger(value) || value < 0) throw wrongType(path, 'a whole number of zero or more', start);
  return { value, span: { start, end: reader.at } };
};

/** Reads true, false or null, which counts as false. */
export const readFlag = (reader: Reader, path: string): boolean => {
  const { at } = reader;
  const byte = reader.bytes[at];
  if (byte !== 0x74 && byte !== 0x66 && byte !== N) throw wrongType(path, 'true or false', at);
  reader.at = skipValue(reader, at);
  return byte === 0x74;
};
