import { headerLines } from '../../platform/index.ts';
import { remembering } from '../remembering.ts';
import { forwardableAnswerHeaders, isPassedOn } from './headers.ts';

/** How the end of a body is known (RFC 9112 §6.3). */
type Framing = 'none' | 'length' | 'chunked' | 'close';

/** What goes on to the client: headers that whoever writes the head has to know of, and the lines of all others. */
type PassedHeaders = { readonly headers: readonly string[]; readonly lines: string };

/** What the head of an answer says. */
export type AnswerHead = {
  readonly status: number;
  /** Names in small letters and values, alternating, in the order they came. */
  readonly headers: readonly string[];
  readonly passed: PassedHeaders;
  readonly framing: Framing;
  readonly length: number;
  readonly keepsAlive: boolean;
};

/** The error of a provider that speaks something else. */
export const malformed = (what: string): Error => new Error(`The provider's answer is not HTTP/1.1: ${what}`);

const STATUS_LINE = /^HTTP\/1\.[01] [1-9]\d\d(?: |\r)/;
const TOKEN = /^[!#$%&'*+\-.^_`|~0-9A-Za-z]+$/;
const DIGITS = /^\d{1,15}$/;
// RFC 9110 §5.5: a recipient replaces or rejects control characters; what is passed on with one would break the client's
// answer. A carriage return or line feed is one of them wherever it does not end a line.
// biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is looked for
const LINE = /^[^\x00-\x08\x0a-\x1f\x7f]*\r\n$/;

/** A header line with its end, and what it says; the name is in small letters. `passed`: the line as clients get it, if they do. */
type HeaderLine = { readonly text: string; readonly name: string; readonly value: string; readonly passed: string };

/** The line that begins at `at`, with its end. */
const lineAt = (text: string, at: number): string => {
  const line = text.slice(at, text.indexOf('\r\n', at) + 2);
  if (!LINE.test(line)) throw malformed('it has a stray byte');
  return line;
};

/** A header's name in small letters. */
const nameOf = remembering((spelling) => {
  if (!TOKEN.test(spelling)) throw malformed('a header line is not one');
  return spelling.toLowerCase();
});

const readLine = (text: string): HeaderLine => {
  const colon = text.indexOf(':');
  if (colon === -1) throw malformed('a header line is not one');
  const name = nameOf(text.slice(0, colon));
  const value = withoutBlanks(text, colon + 1, text.length - 2);
  return { text, name, value, passed: isPassedOn(name) ? headerLines([name, value]) : '' };
};

/** Whether a line stands in a text at a place. (Slices compare natively, which `startsWith` does not.) */
const standsAt = (line: string, text: string, at: number): boolean => text.slice(at, at + line.length) === line;

/** Reads a head: its lines with their ends, without the empty one. Throws where two readers could disagree. */
export type ReadHead = (text: string) => AnswerHead;

/**
 * A reader of the heads of one provider. It remembers the lines of the head before: most come again at the same place, and
 * what such a line says is known; what the lines say together is worked out for each head.
 */
export const createReadHead = (): ReadHead => {
  let before: readonly HeaderLine[] = [];
  return (text) => {
    if (!STATUS_LINE.test(text)) throw malformed('it has no status line');
    const statusLine = lineAt(text, 0);
    const lines: HeaderLine[] = [];
    for (let at = statusLine.length; at < text.length; ) {
      const known = before[lines.length];
      const line = known !== undefined && standsAt(known.text, text, at) ? known : readLine(lineAt(text, at));
      lines.push(line);
      at += line.text.length;
    }
    before = lines;
    return headOf(statusLine, lines);
  };
};

const headOf = (statusLine: string, lines: readonly HeaderLine[]): AnswerHead => {
  const status = Number(statusLine.slice(9, 12));
  const headers: string[] = [];
  let length: string | undefined;
  let coding: string | undefined;
  let connection = '';
  const known: string[] = [];
  let others = '';
  for (const { name, value, passed } of lines) {
    if (name === 'content-length' || name === 'date') known.push(name, value);
    else others += passed;
    if (name === 'content-length') {
      if (!DIGITS.test(value) || (length !== undefined && length !== value)) throw malformed('its length is not clear');
      length = value;
    } else if (name === 'transfer-encoding') coding = coding === undefined ? value.toLowerCase() : 'several';
    else if (name === 'connection') connection += `,${value.toLowerCase()}`;
    headers.push(name, value);
  }
  if (coding !== undefined && (coding !== 'chunked' || length !== undefined)) throw malformed('its end is not clear');
  return {
    status,
    headers,
    // What is of the connection only may stand before the header that says so.
    passed: isPlain(connection)
      ? { headers: known, lines: others }
      : { headers: forwardableAnswerHeaders(headers), lines: '' },
    framing: framingOf(status, length, coding),
    length: Number(length ?? 0),
    keepsAlive: keepsAlive(connection, statusLine.startsWith('HTTP/1.1')),
  };
};

/** The text between `from` and `to`. Only spaces and tabs surround a value (RFC 9110 §5.5); `trim` would also take the last byte of some UTF-8 letters. */
const withoutBlanks = (text: string, from: number, to: number): string => {
  let start = from;
  let end = to;
  while (start < end && isBlank(text.charCodeAt(start))) start++;
  while (end > start && isBlank(text.charCodeAt(end - 1))) end--;
  return text.slice(start, end);
};

/** Whether a character code is a space or a tab. */
export const isBlank = (code: number): boolean => code === 0x20 || code === 0x09;

/** Whether `Connection` values name no other header. */
const isPlain = (connection: string): boolean =>
  connection === '' || connection === ',keep-alive' || connection === ',close';

/** Whether the connection stays after the answer, by all its `Connection` values together (RFC 9112 §9.3). */
const keepsAlive = (connection: string, isByDefault: boolean): boolean => {
  if (connection === '') return isByDefault;
  if (connection === ',keep-alive') return true;
  const options = connection.split(',').map((option) => option.trim());
  return !options.includes('close') && (isByDefault || options.includes('keep-alive'));
};

const framingOf = (status: number, length: string | undefined, coding: string | undefined): Framing => {
  if (status < 200 || status === 204 || status === 304) return 'none';
  if (coding !== undefined) return 'chunked';
  return length === undefined ? 'close' : 'length';
};
