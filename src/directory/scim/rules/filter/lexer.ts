import { badRequest, type ScimError } from '../scim-error.ts';
import { FILTER_LIMITS, type Literal } from './syntax.ts';

export type Token =
  | { readonly kind: '(' | ')' | '[' | ']' | 'end' }
  /** An attribute name, an operator or a keyword; a part behind brackets starts with its dot. */
  | { readonly kind: 'word'; readonly text: string }
  | { readonly kind: 'literal'; readonly value: Literal };

const SPACE = /[ \t\r\n]*/y;
const WORD = /\.?[A-Za-z_$][\w$:.-]*/y;
const TEXT = /"(?:[^"\\]|\\.)*"/sy;
const NUMBER = /-?\d+(?:\.\d+)?(?:[eE][+-]?\d+)?/y;

const matchAt = (pattern: RegExp, text: string, at: number): string | undefined => {
  pattern.lastIndex = at;
  return pattern.exec(text)?.[0];
};

/** The refusal of a filter or path that is not written as the grammar wants. */
export const malformed = (problem: string): ScimError =>
  badRequest('invalidFilter', `The filter cannot be read: ${problem}.`);

const readText = (raw: string): string => {
  try {
    const text = JSON.parse(raw) as string;
    // PostgreSQL cannot hold them, so nothing stored can match them.
    if (text.includes('\0') || !text.isWellFormed()) throw malformed('a text holds characters that are not allowed');
    return text;
  } catch {
    throw malformed(`${raw.slice(0, 40)} is not a text in JSON`);
  }
};

type Read = { readonly token: Token; readonly end: number };

const readToken = (text: string, at: number): Read => {
  const char = text.charAt(at);
  if (char === '(' || char === ')' || char === '[' || char === ']') return { token: { kind: char }, end: at + 1 };
  const word = matchAt(WORD, text, at);
  if (word !== undefined) return { token: { kind: 'word', text: word }, end: at + word.length };
  const quoted = matchAt(TEXT, text, at);
  if (quoted !== undefined) return { token: { kind: 'literal', value: readText(quoted) }, end: at + quoted.length };
  const number = matchAt(NUMBER, text, at);
  if (number !== undefined) return { token: { kind: 'literal', value: Number(number) }, end: at + number.length };
  throw malformed(`there is nothing to make of ${text.slice(at, at + 20)}`);
};

/** Cuts a filter or a path into tokens; the last is `end`. Refuses texts over {@link FILTER_LIMITS}. */
export const tokenise = (text: string): readonly Token[] => {
  if (text.length > FILTER_LIMITS.chars) throw malformed(`it is longer than ${FILTER_LIMITS.chars} characters`);
  const tokens: Token[] = [];
  let at = 0;
  for (;;) {
    at += matchAt(SPACE, text, at)?.length ?? 0;
    if (at >= text.length) return [...tokens, { kind: 'end' }];
    const { token, end } = readToken(text, at);
    tokens.push(token);
    at = end;
  }
};
