import { remembering } from '../remembering.ts';

/** How the end of a body is known (RFC 9112 §6.3). */
type Framing = 'none' | 'length' | 'chunked' | 'close';

/** What the head of an answer says. */
export type AnswerHead = {
  readonly status: number;
  readonly headers: readonly string[];
  readonly framing: Framing;
  readonly length: number;
  readonly keepsAlive: boolean;
};

/** The error of a provider that speaks something else. */
export const malformed = (what: string): Error => new Error(`The provider's answer is not HTTP/1.1: ${what}`);

const STATUS_LINE = /^HTTP\/1\.[01] [1-9]\d\d(?: |\r|$)/;
const TOKEN = /^[!#$%&'*+\-.^_`|~0-9A-Za-z]+$/;
const DIGITS = /^\d{1,15}$/;
// RFC 9110 §5.5: a recipient replaces or rejects control characters; what is passed on with one would break the client's
// answer. A carriage return or line feed is one of them wherever it does not end a line.
// biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is looked for
const LINES = /^(?:[^\x00-\x08\x0a-\x1f\x7f]*\r\n)*[^\x00-\x08\x0a-\x1f\x7f]*$/;

/** Where the line that begins at `at` ends, in a text that is made of lines. */
const endOfLine = (text: string, at: number): number => {
  const end = text.indexOf('\r', at);
  return end === -1 ? text.length : end;
};

/** A header's name in small letters. */
const nameOf = remembering((spelling) => {
  if (!TOKEN.test(spelling)) throw malformed('a header line is not one');
  return spelling.toLowerCase();
});

/** Reads a status line and header lines, without the empty line behind them. Throws where two readers could disagree. */
export const parseHead = (text: string): AnswerHead => {
  if (!STATUS_LINE.test(text) || !LINES.test(text)) throw malformed('it has no status line or a stray byte');
  const statusLine = text.slice(0, endOfLine(text, 0));
  const status = Number(statusLine.slice(9, 12));
  const headers: string[] = [];
  let length: string | undefined;
  let coding: string | undefined;
  let connection = '';
  for (let at = statusLine.length + 2; at < text.length; ) {
    const end = endOfLine(text, at);
    const colon = text.indexOf(':', at);
    if (colon === -1 || colon > end) throw malformed('a header line is not one');
    const name = nameOf(text.slice(at, colon));
    const value = withoutBlanks(text, colon + 1, end);
    if (name === 'content-length') {
      if (!DIGITS.test(value) || (length !== undefined && length !== value)) throw malformed('its length is not clear');
      length = value;
    } else if (name === 'transfer-encoding') coding = coding === undefined ? value.toLowerCase() : 'several';
    else if (name === 'connection') connection += `,${value.toLowerCase()}`;
    headers.push(name, value);
    at = end + 2;
  }
  if (coding !== undefined && (coding !== 'chunked' || length !== undefined)) throw malformed('its end is not clear');
  return {
    status,
    headers,
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
