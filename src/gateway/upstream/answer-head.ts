import { type WrittenHeaders, writeHeaders } from '../written-headers.ts';
import { type HeaderLine, type HeadLines, LineReader, malformed } from './answer-lines.ts';
import { forwardableAnswerHeaders } from './headers.ts';

/** How the end of a body is known (RFC 9112 §6.3). */
type Framing = 'none' | 'length' | 'chunked' | 'close';

/** What the head of an answer says. */
export type AnswerHead = {
  readonly status: number;
  /** In the order they came. */
  readonly headers: readonly AnswerHeader[];
  /** What goes on to the client. */
  readonly passed: WrittenHeaders;
  readonly framing: Framing;
  readonly length: number;
  readonly keepsAlive: boolean;
  /** How long it is itself, with the empty line. */
  readonly bytes: number;
};

/** A header: its name in small letters, its value without the blanks around it. */
export type AnswerHeader = Pick<HeaderLine, 'name' | 'value'>;

const DIGITS = /^\d{1,15}$/;

/**
 * Reads the head of an answer that begins at a place. Undefined while it is not whole; throws where two readers could
 * disagree, which may be before that.
 */
export type ReadHead = (bytes: Buffer, from: number) => AnswerHead | undefined;

/** A reader of the heads of one provider, which are much alike: what lines say together is worked out where one is another. */
export const createReadHead = (): ReadHead => {
  const reader = new LineReader();
  let known: { readonly lines: HeadLines; readonly head: AnswerHead } | undefined;
  return (bytes, from) => {
    const lines = reader.read(bytes, from);
    if (lines === undefined) return undefined;
    if (lines !== known?.lines) known = { lines, head: headOf(lines) };
    return known.head;
  };
};

const headOf = ({ status: { status, isOfVersion11 }, headers, bytes }: HeadLines): AnswerHead => {
  let length: string | undefined;
  let coding: string | undefined;
  let connection = '';
  let lines = '';
  let hasDate = false;
  for (const { name, value, passed } of headers) {
    if (name === 'content-length') {
      if (!DIGITS.test(value) || (length !== undefined && length !== value)) throw malformed('its length is not clear');
      if (length === undefined) lines += passed;
      length = value;
      continue;
    }
    lines += passed;
    if (name === 'date') hasDate = true;
    else if (name === 'transfer-encoding') coding = coding === undefined ? value.toLowerCase() : 'several';
    else if (name === 'connection') connection += `,${value.toLowerCase()}`;
  }
  if (coding !== undefined && (coding !== 'chunked' || length !== undefined)) throw malformed('its end is not clear');
  return {
    status,
    headers,
    // What is of the connection only may stand before the header that says so.
    passed: isPlain(connection)
      ? { lines, length: length === undefined ? undefined : Number(length), hasDate, closes: false }
      : writeHeaders(forwardableAnswerHeaders(withOneLength(headers))),
    framing: framingOf(status, length, coding),
    length: Number(length ?? 0),
    keepsAlive: keepsAlive(connection, isOfVersion11),
    bytes,
  };
};

/** Names and values alternating. A length that is told again is told once: clients refuse an answer with two (RFC 9110 §8.6). */
const withOneLength = (headers: readonly AnswerHeader[]): string[] => {
  const first = headers.findIndex(({ name }) => name === 'content-length');
  return headers.flatMap(({ name, value }, i) => (name === 'content-length' && i !== first ? [] : [name, value]));
};

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
