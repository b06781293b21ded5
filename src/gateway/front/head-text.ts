import { STATUS_CODES } from 'node:http';
import type { WrittenHeaders } from '../written-headers.ts';

/** How the end of an answer's body is told: by its length, by a last chunk, or not at all, because there is none. */
export type AnswerFraming = number | 'chunked' | 'none';

/** The head of an answer as it leaves, blank line included. */
export type HeadText = { readonly text: string; readonly framing: AnswerFraming; readonly closes: boolean };

/** How long a connection may be idle. */
export const KEEP_ALIVE_SECONDS = 75;

const CLOSES = 'connection: close\r\n';
const STAYS = `connection: keep-alive\r\nkeep-alive: timeout=${KEEP_ALIVE_SECONDS}\r\n`;

let dateSecond = -1;
let dateLine = '';

/** The date, which is worked out once a second. */
const dateNow = (): string => {
  const second = Math.floor(Date.now() / 1000);
  if (second !== dateSecond) {
    dateSecond = second;
    dateLine = `date: ${new Date(second * 1000).toUTCString()}\r\n`;
  }
  return dateLine;
};

const framingOf = (status: number, length: number | undefined): AnswerFraming => {
  if (status === 204 || status === 304) return 'none';
  return length ?? 'chunked';
};

const statusLines = new Map<number, string>();

const statusLineOf = (status: number): string => {
  const known = statusLines.get(status);
  if (known !== undefined) return known;
  const line = ['HTTP/1.1 ', status, ' ', STATUS_CODES[status] ?? 'unknown', '\r\n'].join('');
  statusLines.set(status, line);
  return line;
};

/** Writes the head of an answer to a client of HTTP/1.1. `mustClose`: the connection ends whatever the answer says. */
export const headText = (status: number, written: WrittenHeaders, mustClose: boolean): HeadText => {
  const { lines, length, hasDate } = written;
  const closes = mustClose || written.closes;
  const framing = framingOf(status, length);
  const text = `${statusLineOf(status)}${lines}${hasDate ? '' : dateNow()}${closes ? CLOSES : STAYS}`;
  return { text: framing === 'chunked' ? `${text}transfer-encoding: chunked\r\n\r\n` : `${text}\r\n`, framing, closes };
};
