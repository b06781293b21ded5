import { remembering } from '../remembering.ts';
import { headerLines, type RequestHead, readRequestHead } from '../request-head.ts';
import { ForwardedHead } from '../upstream/forwarded-head.ts';

type Span = { readonly start: number; readonly end: number };

/** The head of a Messages request. */
export type MessagesHead = {
  /** Path with query. */
  readonly url: string;
  readonly rawHeaders: readonly string[];
  readonly facts: RequestHead;
  /** The head to forward it with. */
  readonly forwarded: ForwardedHead;
  /** The head as it came, with the blank line, and where in it the digits of its length stand. */
  readonly bytes: Buffer;
  readonly digits: Span;
};

/** A head with what differs from request to request: the body's length, and where in the bytes it begins. */
export type HeadRead = { readonly head: MessagesHead; readonly length: number; readonly bodyAt: number };

/** Longer heads are left to node, which has a limit of its own. */
const HEAD_BYTES_MAX = 8 * 1024;
const HEADERS_MAX = 100;

/** Up to here bytes are compared one by one. */
const LOOKED_AT_BYTES_MAX = 64;

const ZERO = 0x30;
const END_OF_HEAD = Buffer.from('\r\n\r\n');
const REQUEST_LINE = /^POST (\/v1\/messages(?:\/count_tokens)?(?:\?[\w.~%&=+,:;@/?!$'()*-]*)?) HTTP\/1\.1\r\n/;
/** Header lines without anything two readers could see differently: no folding, no bare CR or LF, nothing beyond ASCII. */
const FIELDS = /^(?:[!#$%&'*+\-.^_`|~0-9A-Za-z]+:[\t\x20-\x7e]*\r\n)+$/;
const LENGTH = /^(?:0|[1-9]\d{0,8})$/;
const LENGTH_DIGITS_MAX = 9;

/** Headers that change how a request is framed or what its connection is for. */
const FRAMING = new Set(['transfer-encoding', 'expect', 'upgrade', 'trailer', 'te', 'proxy-connection', 'keep-alive']);

type Role = 'content-length' | 'host' | 'connection' | 'framing' | 'other';

const roleOf = remembering((name): Role => {
  const lower = name.toLowerCase();
  if (lower === 'content-length' || lower === 'host' || lower === 'connection') return lower;
  return FRAMING.has(lower) ? 'framing' : 'other';
});

const isBlank = (code: number): boolean => code === 0x20 || code === 0x09;

/** A value without the blanks around it (RFC 9110 §5.5). */
const valueSpan = (text: string, from: number, to: number): Span => {
  let start = from;
  let end = to;
  while (start < end && isBlank(text.charCodeAt(start))) start += 1;
  while (end > start && isBlank(text.charCodeAt(end - 1))) end -= 1;
  return { start, end };
};

const isPlainConnection = (value: string): boolean => value.toLowerCase() === 'keep-alive';

/** Reads header lines that are known to be well formed; undefined where the request is not of the plain kind. */
const readFields = (text: string, from: number): { rawHeaders: readonly string[]; length: Span } | undefined => {
  const rawHeaders: string[] = [];
  let length: Span | undefined;
  let hosts = 0;
  for (let at = from; at < text.length; ) {
    const end = text.indexOf('\r', at);
    const colon = text.indexOf(':', at);
    const name = text.slice(at, colon);
    const span = valueSpan(text, colon + 1, end);
    const value = text.slice(span.start, span.end);
    const role = roleOf(name);
    if (role === 'framing' || (role === 'connection' && !isPlainConnection(value))) return undefined;
    if (role === 'host') hosts += 1;
    if (role === 'content-length') {
      if (length !== undefined || !LENGTH.test(value)) return undefined;
      length = span;
    }
    rawHeaders.push(name, value);
    at = end + 2;
  }
  if (length === undefined || hosts !== 1 || rawHeaders.length > 2 * HEADERS_MAX) return undefined;
  return { rawHeaders, length };
};

/** Memory of its own: it lives as long as the connection does, and would keep a page of other short-lived pieces with it. */
const ownBytes = (text: string): Buffer => {
  const bytes = Buffer.allocUnsafeSlow(text.length);
  bytes.write(text, 'latin1');
  return bytes;
};

const parse = (text: string): MessagesHead | undefined => {
  const line = REQUEST_LINE.exec(text);
  if (line === null) return undefined;
  const [{ length: from }, url = ''] = line;
  if (!FIELDS.test(text.slice(from))) return undefined;
  const fields = readFields(text, from);
  if (fields === undefined) return undefined;
  const { rawHeaders, length } = fields;
  const facts = readRequestHead(rawHeaders);
  const forwarded = new ForwardedHead(url, headerLines(facts.forwarded));
  return { url, rawHeaders, facts, forwarded, bytes: ownBytes(`${text}\r\n`), digits: length };
};

/** The decimal digit in a place, -1 for something else. */
const digitAt = (bytes: Buffer, at: number): number => {
  const digit = (bytes[at] ?? 0) - ZERO;
  return digit >= 0 && digit <= 9 ? digit : -1;
};

/** Whether a head goes on behind its length as the known one does. Mostly there is nothing but its end, and to ask for a native comparison takes longer than to look. */
const endsLike = ({ bytes: last, digits }: MessagesHead, bytes: Buffer, at: number): boolean => {
  const length = last.length - digits.end;
  if (length > LOOKED_AT_BYTES_MAX) return bytes.compare(last, digits.end, last.length, at, at + length) === 0;
  for (let i = 0; i < length; i++) if (bytes[at + i] !== last[digits.end + i]) return false;
  return true;
};

/** A head that differs from `known` in nothing but its length; undefined for another one, and for one that is not whole. */
const readLike = (known: MessagesHead, bytes: Buffer): HeadRead | undefined => {
  const {
    bytes: last,
    digits: { start, end: lastEnd },
  } = known;
  let end = start;
  let length = 0;
  for (let digit = digitAt(bytes, end); digit !== -1 && end - start < LENGTH_DIGITS_MAX; digit = digitAt(bytes, end)) {
    length = 10 * length + digit;
    end += 1;
  }
  const bodyAt = end + last.length - lastEnd;
  const isPlain = end > start && (bytes[start] !== ZERO || end === start + 1);
  if (!isPlain || bodyAt > bytes.length || bodyAt - END_OF_HEAD.length > HEAD_BYTES_MAX) return undefined;
  if (bytes.compare(last, 0, start, 0, start) !== 0) return undefined;
  return endsLike(known, bytes, end) ? { head: known, length, bodyAt } : undefined;
};

/**
 * Reads a head that stands whole at the beginning of `bytes` and that every server reads alike: `POST` to one of the
 * Messages paths, HTTP/1.1, one length in plain digits, nothing unusual about framing or connection. Undefined for any
 * other, valid or not: those are node's to judge. `known` is the head read last on the connection; clients send nearly the
 * same one again and again.
 */
export const readMessagesHead = (bytes: Buffer, known: MessagesHead | undefined): HeadRead | undefined => {
  const alike = known && readLike(known, bytes);
  if (alike !== undefined) return alike;
  const end = bytes.indexOf(END_OF_HEAD);
  if (end === -1 || end > HEAD_BYTES_MAX) return undefined;
  const head = parse(bytes.toString('latin1', 0, end + 2));
  if (head === undefined) return undefined;
  return { head, length: head.facts.contentLength, bodyAt: end + END_OF_HEAD.length };
};
