import type { Effort } from '../../kernel/index.ts';

const BYTES_PER_TOKEN = 4;

/** Tokens of text: a quarter of a token per byte, at least one for any text. */
export const tokensOfText = (text: string): number => Math.ceil(Buffer.byteLength(text) / BYTES_PER_TOKEN);

/** Tokens of visible text at each level (further apart than a sentence is long, so that levels differ), and of text where no level applies. */
export const TEXT_TOKENS: Readonly<Record<Effort | 'none', number>> = {
  none: 80,
  low: 40,
  medium: 80,
  high: 160,
  xhigh: 320,
  max: 640,
};

/** Tokens of thought at each level at which adaptive thinking thinks. */
export const THOUGHT_TOKENS: Readonly<Partial<Record<Effort, number>>> = { high: 80, xhigh: 240, max: 640 };

const FILLERS = [
  'No model has read this: the text comes from the simulation built into the gateway.',
  'Its length follows the effort level, so that a lower cap shows.',
  'Usage is counted as a quarter of a token per byte.',
  'To get real answers, set an upstream with an API key.',
];

const THOUGHTS = [
  'This is a simulated thought, shown where a model would reason.',
  'It has a signature like a real one, so clients send it back.',
];

/** The text cut to at most `tokens`, never inside a character. */
export const cutToTokens = (text: string, tokens: number): string => {
  const bytesMax = tokens * BYTES_PER_TOKEN;
  if (Buffer.byteLength(text) <= bytesMax) return text;
  let bytes = 0;
  let end = 0;
  for (const char of text) {
    bytes += Buffer.byteLength(char);
    if (bytes > bytesMax) break;
    end += char.length;
  }
  return text.slice(0, end);
};

/** `lead` and as many whole sentences as it takes to reach `tokens`. */
const fill = (lead: string, sentences: readonly string[], tokens: number): string => {
  const parts = lead === '' ? [] : [lead];
  let bytes = Buffer.byteLength(lead);
  for (let i = 0; bytes < tokens * BYTES_PER_TOKEN; i++) {
    const sentence = sentences[i % sentences.length] ?? '';
    parts.push(sentence);
    bytes += sentence.length + 1;
  }
  return parts.join(' ');
};

/** `lead` and plain whole sentences, `tokens` tokens of text or a little more. */
export const textOfAbout = (lead: string, tokens: number): string => fill(lead, FILLERS, tokens);

/** `lead` and plain sentences, cut to `tokens` tokens of text. */
export const textOfTokens = (lead: string, tokens: number): string => cutToTokens(textOfAbout(lead, tokens), tokens);

/** A thought of `tokens` tokens. */
export const thoughtOfTokens = (tokens: number): string => cutToTokens(fill('', THOUGHTS, tokens), tokens);

const ECHO_CHARS = 80;

/** A short part of a text on one line, in quotation marks. */
export const quote = (text: string): string => {
  const line = text.replace(/\s+/g, ' ').trim();
  const chars = Array.from(line.slice(0, ECHO_CHARS * 2));
  return chars.length > ECHO_CHARS ? `“${chars.slice(0, ECHO_CHARS).join('')}…”` : `“${line}”`;
};
