import { headerLines } from '../../platform/index.ts';
import { remembering } from '../remembering.ts';
import { isPassedOn } from './headers.ts';

/** The error of a provider that speaks something else. */
export const malformed = (what: string): Error => new Error(`The provider's answer is not HTTP/1.1: ${what}`);

/** The first line of a head. `bytes`: how long it is, with its end. */
type StatusLine = { readonly bytes: number; readonly status: number; readonly isOfVersion11: boolean };

/** A header line: its name in small letters, its value without the blanks around it. `passed`: the line as clients get it, if they do. */
export type HeaderLine = {
  readonly bytes: number;
  readonly name: string;
  readonly value: string;
  readonly passed: string;
};

/** A head, line by line. `bytes`: how long it is, with the empty line. */
export type HeadLines = {
  readonly status: StatusLine;
  readonly headers: readonly HeaderLine[];
  readonly bytes: number;
};

const CR = 0x0d;
const LF = 0x0a;
const TAB = 0x09;
const SPACE = 0x20;
const DELETE = 0x7f;
const LINE_END_BYTES = 2;

const STATUS_LINE = /^HTTP\/1\.[01] [1-9]\d\d(?: |$)/;
const TOKEN = /^[!#$%&'*+\-.^_`|~0-9A-Za-z]+$/;

/** Whether a byte is a space or a tab. */
export const isBlank = (byte: number | undefined): boolean => byte === SPACE || byte === TAB;

// RFC 9110 §5.5: a recipient replaces or rejects control characters; what is passed on with one would break the client's
// answer. A carriage return or line feed is one of them wherever it does not end a line.
const isOfText = (byte: number | undefined): boolean =>
  byte !== undefined && (byte >= SPACE ? byte !== DELETE : byte === TAB);

/** Where the text that goes on at `at` ends, which a line end follows; -1 while that has not come. */
const endOfText = (bytes: Buffer, at: number): number => {
  let end = at;
  while (isOfText(bytes[end])) end += 1;
  if (end + LINE_END_BYTES > bytes.length) return -1;
  if (bytes[end] !== CR || bytes[end + 1] !== LF) throw malformed('it has a stray byte');
  return end;
};

const readStatusLine = (bytes: Buffer, at: number): StatusLine | undefined => {
  const end = endOfText(bytes, at);
  if (end === -1) return undefined;
  const text = bytes.toString('latin1', at, end);
  if (!STATUS_LINE.test(text)) throw malformed('it has no status line');
  const status = Number(text.slice(9, 12));
  return { bytes: end + LINE_END_BYTES - at, status, isOfVersion11: text.startsWith('HTTP/1.1') };
};

/** A header's name in small letters. */
const nameOf = remembering((spelling) => {
  if (!TOKEN.test(spelling)) throw malformed('a header line is not one');
  return spelling.toLowerCase();
});

/** The text between `from` and `to`. Only spaces and tabs surround a value (RFC 9110 §5.5); `trim` would also take the last byte of some UTF-8 letters. */
const withoutBlanks = (text: string, from: number, to: number): string => {
  let start = from;
  let end = to;
  while (start < end && isBlank(text.charCodeAt(start))) start += 1;
  while (end > start && isBlank(text.charCodeAt(end - 1))) end -= 1;
  return text.slice(start, end);
};

/** A header line as clients get it, which is mostly as it came. */
const passedLine = (text: string, name: string, value: string): string => {
  const isAsItCame =
    text.length === name.length + value.length + 4 && text.startsWith(name) && text[name.length + 1] === ' ';
  return isAsItCame ? text : headerLines([name, value]);
};

/** Reads a header line. `knownName`: its name, in small letters, where that is known already. */
const readHeaderLine = (bytes: Buffer, at: number, knownName: string | undefined): HeaderLine | undefined => {
  const end = endOfText(bytes, at);
  if (end === -1) return undefined;
  const text = bytes.toString('latin1', at, end + LINE_END_BYTES);
  const colon = knownName?.length ?? text.indexOf(':');
  if (colon === -1) throw malformed('a header line is not one');
  const name = knownName ?? nameOf(text.slice(0, colon));
  const value = withoutBlanks(text, colon + 1, text.length - LINE_END_BYTES);
  return { bytes: text.length, name, value, passed: isPassedOn(name) ? passedLine(text, name, value) : '' };
};

const isEmptyLine = (bytes: Buffer, at: number): boolean => bytes[at] === CR && bytes[at + 1] === LF;

/** How far on a line is looked for that has moved. */
const LOOKED_THROUGH_MAX = 16;

/** Where the next header of a name stands, from a place on and not far behind it; -1 for nowhere. */
const placeOf = (name: string, headers: readonly HeaderLine[], from: number): number => {
  const end = Math.min(headers.length, from + LOOKED_THROUGH_MAX);
  for (let i = from; i < end; i++) if (headers[i]?.name === name) return i;
  return -1;
};

/** Where in the bytes of a connection a head begins. */
type Place = { readonly bytes: Buffer; readonly from: number };

/** Enough for the heads of most providers. */
const USUAL_BYTES = 2048;

/**
 * Reads heads line by line. It remembers the last one: most lines come again at the same place among the others, and what
 * such a line says is known.
 */
export class LineReader {
  #known: HeadLines = { status: { bytes: 0, status: 0, isOfVersion11: true }, headers: [], bytes: 0 };
  /** The head that is known, as it came. */
  #raw = Buffer.allocUnsafeSlow(USUAL_BYTES);
  /** Whether the last head was the one before it again. */
  #repeats = false;

  /**
   * Reads the head that begins at a place; the very same answer means that it is the same head. Undefined while it is not
   * whole; throws for lines that are none, which may be before that.
   */
  read(bytes: Buffer, from: number): HeadLines | undefined {
    const known = this.#known;
    if (this.#repeats && this.#isKnown(bytes, from)) return known;
    const same = this.#sameBytes(0, bytes, from);
    this.#repeats = same > 0 && same === known.bytes;
    if (this.#repeats) return known;
    const isStatusKnown = same > 0 && same >= known.status.bytes;
    const status = isStatusKnown ? known.status : readStatusLine(bytes, from);
    return status && this.#readHeaders(status, { bytes, from }, isStatusKnown ? same - status.bytes : 0);
  }

  /** `sameBytes`: how much behind the status line comes again. */
  #readHeaders(status: StatusLine, { bytes, from }: Place, sameBytes: number): HeadLines | undefined {
    const { status: statusBefore, headers: before } = this.#known;
    const headers: HeaderLine[] = [];
    let at = from + status.bytes;
    /** The known line that is expected next, and where in its head it begins. */
    let next = 0;
    let was = statusBefore.bytes;
    /** How much of that line, and of what follows it, comes again. */
    let same = sameBytes;
    while (!isEmptyLine(bytes, at)) {
      const last = before[next];
      const isKnown = last !== undefined && same >= last.bytes;
      const knownName = last !== undefined && same > last.name.length ? last.name : undefined;
      const line = isKnown ? last : readHeaderLine(bytes, at, knownName);
      if (line === undefined) return undefined;
      headers.push(line);
      at += line.bytes;
      // A line that was not there changes nothing about what is expected; one that was further on leaves out what was between.
      const place = placeOf(line.name, before, next);
      for (; next <= place; next++) was += before[next]?.bytes ?? 0;
      same = isKnown ? same - line.bytes : this.#sameBytes(was, bytes, at);
    }
    this.#remember({ status, headers, bytes: at + LINE_END_BYTES - from }, bytes, from);
    return this.#known;
  }

  #remember(lines: HeadLines, bytes: Buffer, from: number): void {
    if (lines.bytes > this.#raw.length) this.#raw = Buffer.allocUnsafeSlow(2 * lines.bytes);
    bytes.copy(this.#raw, 0, from, from + lines.bytes);
    this.#known = lines;
  }

  /** Whether the head that is known begins at a place. */
  #isKnown(bytes: Buffer, from: number): boolean {
    const { bytes: size } = this.#known;
    return from + size <= bytes.length && bytes.compare(this.#raw, 0, size, from, from + size) === 0;
  }

  /** How many bytes from `at` on are those of the known head from `was` on. (Lines are short: a native comparison of each would take longer.) */
  #sameBytes(was: number, bytes: Buffer, at: number): number {
    const raw = this.#raw;
    const most = Math.min(this.#known.bytes - was, bytes.length - at);
    let same = 0;
    while (same < most && raw[was + same] === bytes[at + same]) same += 1;
    return same;
  }
}
