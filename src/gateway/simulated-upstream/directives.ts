import { isObject, type JsonObject, listOf, objectOf, textOf } from './json.ts';

/** The content codings a directive can ask for. */
export type Coding = 'gzip' | 'br' | 'zstd';

/** What the user asked the simulation to do, beside answering. Absent members were not asked for. */
export type Directives = {
  /** `[simulate:tool NAME {json}]`: answer with a call of that tool; without JSON its input is empty. */
  readonly tool?: { readonly name: string; readonly input: JsonObject };
  /** `[simulate:error STATUS]` or `[simulate:error STATUS SECONDS]`, the second number being `retry-after`. */
  readonly error?: { readonly status: number; readonly retryAfterSeconds: number | undefined };
  /** `[simulate:error-midstream]`, `[simulate:reset-midstream]`: how a stream breaks after a few deltas. */
  readonly breakStream?: 'error' | 'reset';
  /** `[simulate:hang]`: never answer. */
  readonly hang?: true;
  /** `[simulate:slow MS]`: milliseconds between events; before the answer when not streaming. */
  readonly slowMs?: number;
  /** `[simulate:tokens N]`: tokens of visible text. */
  readonly textTokens?: number;
  /** `[simulate:refusal]`: the model declines (`stop_reason: refusal`). */
  readonly refusal?: true;
  /** `[simulate:gzip]`, `[simulate:br]`, `[simulate:zstd]`: content coding of the answer, asked for or not. */
  readonly coding?: Coding;
  /** `[simulate:redirect]`: a 307 to another path of this server. */
  readonly redirect?: true;
};

type Found = { -readonly [K in keyof Directives]: Directives[K] };

const SYSTEM_REMINDER = /<system-reminder>[\s\S]*?(?:<\/system-reminder>|$)/g;
const TOOL = /\[simulate:tool\s+([\w.-]+)\s*/;
const OTHER = /\[simulate:([a-z-]+)(?:\s+(\d{1,7}))?(?:\s+(\d{1,7}))?\s*\]/g;
const TEXT_TOKENS_MAX = 1_000_000;
const SLOW_MS_MAX = 60_000;

/** The last message of role `user`; undefined when there is none (later `system` messages do not count). */
export const lastUserMessage = (messages: readonly unknown[]): JsonObject | undefined =>
  messages.filter(isObject).findLast((message) => message.role === 'user');

/**
 * The text a person typed in a message: its text blocks without the reminders that clients add. Tool results are not
 * typed text, so a directive inside a file that a tool has read does nothing.
 */
export const typedText = (message: JsonObject | undefined): string => {
  const content = message?.content;
  const blocks = typeof content === 'string' ? [{ type: 'text', text: content }] : listOf(content);
  const texts = blocks.map(objectOf).filter((block) => block.type === 'text');
  const typed = texts.map((block) => (textOf(block.text) ?? '').replace(SYSTEM_REMINDER, '').trim());
  return typed.filter((text) => text !== '').join('\n');
};

/** Where the JSON object that begins at `start` ends (exclusive); undefined when it never closes. */
const endOfObject = (text: string, start: number): number | undefined => {
  let depth = 0;
  let inString = false;
  for (let i = start; i < text.length; i++) {
    const char = text[i];
    if (inString && char === '\\') i++;
    else if (char === '"') inString = !inString;
    else if (inString) continue;
    else if (char === '{') depth++;
    else if (char === '}' && --depth === 0) return i + 1;
  }
  return undefined;
};

const parseObject = (text: string): JsonObject | undefined => {
  try {
    const value: unknown = JSON.parse(text);
    return isObject(value) ? value : undefined;
  } catch {
    return undefined;
  }
};

type ToolMatch = { readonly tool: { readonly name: string; readonly input: JsonObject }; readonly rest: string };

const takeTool = (text: string): ToolMatch | undefined => {
  const match = TOOL.exec(text);
  if (match?.[1] === undefined) return undefined;
  const start = match.index + match[0].length;
  const end = text[start] === '{' ? endOfObject(text, start) : start;
  if (end === undefined) return undefined;
  const closing = /^\s*\]/.exec(text.slice(end))?.[0];
  const input = end === start ? {} : parseObject(text.slice(start, end));
  if (closing === undefined || input === undefined) return undefined;
  return {
    tool: { name: match[1], input },
    rest: text.slice(0, match.index) + text.slice(end + closing.length),
  };
};

const setError = (found: Found, status: number, seconds: number | undefined): void => {
  if (status < 400 || status > 599) return;
  const usual = status === 429 || status === 529 ? 1 : undefined;
  found.error = { status, retryAfterSeconds: seconds ?? usual };
};

type Setter = (found: Found, first: number, second: number | undefined) => void;

const SETTERS: ReadonlyMap<string, Setter> = new Map<string, Setter>([
  ['error', setError],
  ['error-midstream', (found) => (found.breakStream = 'error')],
  ['reset-midstream', (found) => (found.breakStream = 'reset')],
  ['hang', (found) => (found.hang = true)],
  ['slow', (found, ms) => (found.slowMs = Math.min(ms, SLOW_MS_MAX))],
  ['tokens', (found, tokens) => (found.textTokens = Math.min(Math.max(1, tokens), TEXT_TOKENS_MAX))],
  ['refusal', (found) => (found.refusal = true)],
  ['gzip', (found) => (found.coding = 'gzip')],
  ['br', (found) => (found.coding = 'br')],
  ['zstd', (found) => (found.coding = 'zstd')],
  ['redirect', (found) => (found.redirect = true)],
]);

/** The directives of a typed text, and the text without them. Anything unknown or ill-formed stays plain text. */
export const readDirectives = (typed: string): { readonly directives: Directives; readonly text: string } => {
  const withTool = takeTool(typed);
  const found: Found = withTool ? { tool: withTool.tool } : {};
  const text = (withTool?.rest ?? typed).replace(OTHER, (whole, name: string, first?: string, second?: string) => {
    const set = SETTERS.get(name);
    if (set === undefined) return whole;
    set(found, Number(first ?? 0), second === undefined ? undefined : Number(second));
    return '';
  });
  return { directives: found, text: text.replace(/\s+/g, ' ').trim() };
};
