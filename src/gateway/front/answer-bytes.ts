import type { AnswerFraming } from './head-text.ts';

/** The last chunk of a chunked body, without trailers (RFC 9112 §7.1). */
const LAST_CHUNK = '0\r\n\r\n';

/** What stands before and behind bytes of an answer; `isLast`: they are the last ones. */
export const framesOf = (
  framing: AnswerFraming,
  bytes: number,
  isLast: boolean,
): { readonly before: string; readonly after: string } => {
  if (framing !== 'chunked') return UNFRAMED;
  const end = isLast ? LAST_CHUNK : '';
  return bytes === 0 ? { before: '', after: end } : { before: `${bytes.toString(16)}\r\n`, after: `\r\n${end}` };
};

const UNFRAMED = { before: '', after: '' };
