import type { AnswerFraming } from './head-text.ts';

/** The last chunk of a chunked body, without trailers (RFC 9112 §7.1). */
export const LAST_CHUNK = '0\r\n\r\n';

const CRLF = '\r\n';

/** Bytes of one turn of the event loop. */
export type Piece = { readonly chunks: readonly Buffer[]; readonly bytes: number; readonly isLast: boolean };

/** A piece as text of one byte a character, framed. */
export const pieceText = ({ chunks, bytes, isLast }: Piece, framing: AnswerFraming): string => {
  if (framing === 'none') return '';
  let text = '';
  for (const chunk of chunks) text += chunk.toString('latin1');
  if (framing !== 'chunked') return text;
  const end = isLast ? LAST_CHUNK : '';
  return bytes === 0 ? end : `${bytes.toString(16)}\r\n${text}\r\n${end}`;
};

/** A piece as one buffer, framed. */
export const pieceBuffer = ({ chunks, bytes, isLast }: Piece, framing: AnswerFraming): Buffer => {
  const [only] = chunks;
  if (framing !== 'chunked') return chunks.length === 1 && only !== undefined ? only : Buffer.concat(chunks, bytes);
  const end = isLast ? LAST_CHUNK : '';
  if (bytes === 0) return Buffer.from(end, 'latin1');
  const size = bytes.toString(16) + CRLF;
  const framed = Buffer.allocUnsafe(size.length + bytes + CRLF.length + end.length);
  let at = framed.write(size, 0, 'latin1');
  for (const chunk of chunks) {
    framed.set(chunk, at);
    at += chunk.length;
  }
  framed.write(CRLF + end, at, 'latin1');
  return framed;
};
