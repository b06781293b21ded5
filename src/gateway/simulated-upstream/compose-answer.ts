import { createHash } from 'node:crypto';
import { lastUserMessage } from './directives.ts';
import { exampleOfSchema } from './example-of-schema.ts';
import type { NextId } from './ids.ts';
import { isObject, type JsonObject, listOf, objectOf, textOf } from './json.ts';
import { type MessageRequest, toolName } from './read-message-request.ts';
import {
  cutToTokens,
  quote,
  TEXT_TOKENS,
  THOUGHT_TOKENS,
  textOfAbout,
  textOfTokens,
  thoughtOfTokens,
  tokensOfText,
} from './simulated-text.ts';

/** One block of an answer, as it stands in `content`. */
export type AnswerBlock =
  | { readonly type: 'thinking'; readonly thinking: string; readonly signature: string }
  | { readonly type: 'text'; readonly text: string; readonly citations: null }
  | {
      readonly type: 'tool_use';
      readonly id: string;
      readonly name: string;
      readonly input: JsonObject;
      readonly caller: { readonly type: 'direct' };
    };

/** Why the answer ends. */
export type Stop = {
  readonly stop_reason: 'end_turn' | 'tool_use' | 'max_tokens' | 'stop_sequence' | 'refusal';
  readonly stop_sequence: string | null;
  readonly stop_details: { readonly type: 'refusal'; readonly category: null; readonly explanation: string } | null;
};

/** What the simulated model says, with the tokens it produced; thoughts count in `outputTokens` too. */
export type Answer = {
  readonly content: readonly AnswerBlock[];
  readonly stop: Stop;
  readonly thinkingTokens: number;
  readonly outputTokens: number;
};

const ENDED: Stop = { stop_reason: 'end_turn', stop_sequence: null, stop_details: null };
const THOUGHT_TOKENS_MAX = 800;
const BUDGET_SHARE = 16;

const toolResultsOf = (request: MessageRequest): readonly JsonObject[] => {
  const content = lastUserMessage(request.messages)?.content;
  return listOf(content)
    .filter(isObject)
    .filter((block) => block.type === 'tool_result');
};

const resultText = (result: JsonObject): string =>
  textOf(result.content) ??
  listOf(result.content)
    .map((block) => textOf(objectOf(block).text) ?? '')
    .join(' ');

const thoughtTokens = (request: MessageRequest): number => {
  const { mode, budgetTokens } = request.thinking;
  const atEffort = request.effort === undefined ? 0 : (THOUGHT_TOKENS[request.effort] ?? 0);
  switch (mode) {
    case 'off':
      return 0;
    case 'enabled':
      return Math.min(THOUGHT_TOKENS_MAX, Math.ceil(budgetTokens / BUDGET_SHARE));
    case 'between_tools':
      return toolResultsOf(request).length > 0 ? Math.max(atEffort, 1) : 0;
    case 'adaptive':
      return atEffort;
    default:
      return mode satisfies never;
  }
};

const sign = (thought: string, request: MessageRequest): string =>
  createHash('sha512').update(request.model.id).update(thought).update(request.typed).digest('base64');

const introduction = ({ model, effort }: MessageRequest): string =>
  `Simulated answer from ${model.id} ${effort === undefined ? 'without effort levels' : `at effort ${effort}`}`;

const lead = (request: MessageRequest): string => {
  const results = toolResultsOf(request);
  const wanted = request.directives.tool?.name;
  if (wanted !== undefined) return `${introduction(request)}: no tool named ${quote(wanted)} is offered.`;
  if (request.typed === '' && results.length > 0) {
    return `${introduction(request)}: the tool answered ${quote(results.map(resultText).join(' '))}.`;
  }
  return `${introduction(request)}: you said ${quote(request.typed)}.`;
};

const visibleText = (request: MessageRequest): string => {
  const format = objectOf(objectOf(request.raw.output_config).format ?? request.raw.output_format);
  if (format.type === 'json_schema') {
    return JSON.stringify(exampleOfSchema(objectOf(format.schema), introduction(request)));
  }
  const opening = lead(request);
  const tokens = request.directives.textTokens;
  if (tokens !== undefined) return textOfTokens(opening, tokens);
  return textOfAbout(opening, TEXT_TOKENS[request.effort ?? 'none']);
};

type ToolCall = { readonly name: string; readonly input: JsonObject };

/** The call that was asked for by a directive, or that `tool_choice` forces; undefined when the answer is text. */
const toolCallOf = ({ raw, tools, directives }: MessageRequest): ToolCall | undefined => {
  const choice = objectOf(raw.tool_choice);
  if (choice.type === 'none') return undefined;
  const wanted = directives.tool;
  if (wanted !== undefined && tools.some((tool) => toolName(tool) === wanted.name)) return wanted;
  if (choice.type !== 'any' && choice.type !== 'tool') return undefined;
  const forced = choice.type === 'tool' ? tools.find((tool) => tool.name === choice.name) : tools[0];
  if (forced === undefined) return undefined;
  return { name: toolName(forced), input: objectOf(exampleOfSchema(objectOf(forced.input_schema), 'simulated')) };
};

type Ending = { readonly text: string; readonly stop: Stop };

/** The text as far as the request lets it go: up to a stop sequence, and to what is left of `max_tokens`. */
const limitText = (text: string, request: MessageRequest, tokensLeft: number): Ending => {
  const sequences = listOf(request.raw.stop_sequences).filter((part) => typeof part === 'string' && part !== '');
  const hits = sequences.flatMap((part) => {
    const sequence = String(part);
    const at = text.indexOf(sequence);
    return at < 0 ? [] : [{ at, sequence }];
  });
  const first = hits.toSorted((a, b) => a.at - b.at)[0];
  const upTo = first === undefined ? text : text.slice(0, first.at);
  if (tokensOfText(upTo) > tokensLeft) {
    return { text: cutToTokens(upTo, tokensLeft), stop: { ...ENDED, stop_reason: 'max_tokens' } };
  }
  if (first === undefined) return { text, stop: ENDED };
  return { text: upTo, stop: { ...ENDED, stop_reason: 'stop_sequence', stop_sequence: first.sequence } };
};

const refuse = (): Answer => {
  const text = 'Simulated refusal.';
  const stop_details = { type: 'refusal', category: null, explanation: 'A refusal was asked for.' } as const;
  return {
    content: [{ type: 'text', text, citations: null }],
    stop: { stop_reason: 'refusal', stop_sequence: null, stop_details },
    thinkingTokens: 0,
    outputTokens: tokensOfText(text),
  };
};

const think = (request: MessageRequest): { readonly blocks: readonly AnswerBlock[]; readonly tokens: number } => {
  const tokens = Math.min(thoughtTokens(request), Math.floor(request.maxTokens / 2));
  if (tokens === 0) return { blocks: [], tokens };
  const thought = thoughtOfTokens(tokens);
  const thinking = request.thinking.shown ? thought : '';
  return { blocks: [{ type: 'thinking', thinking, signature: sign(thought, request) }], tokens };
};

const textBlock = (text: string): readonly AnswerBlock[] =>
  text === '' ? [] : [{ type: 'text', text, citations: null }];

/**
 * The answer to an accepted request: plain sentences that name the model and the effort in force, with a thought
 * where thinking is on, a tool call where one was asked for, and JSON where a schema was given. The same request gives
 * the same answer, apart from ids.
 */
export const composeAnswer = (request: MessageRequest, nextId: NextId): Answer => {
  if (request.directives.refusal) return refuse();
  const thought = think(request);
  const tokensLeft = request.maxTokens - thought.tokens;
  const call = toolCallOf(request);
  if (call !== undefined) {
    const text = `${introduction(request)}: calling ${call.name}.`;
    const id = nextId('toolu_');
    return {
      content: [...thought.blocks, ...textBlock(text), { type: 'tool_use', id, ...call, caller: { type: 'direct' } }],
      stop: { ...ENDED, stop_reason: 'tool_use' },
      thinkingTokens: thought.tokens,
      outputTokens: thought.tokens + tokensOfText(text) + tokensOfText(call.name + JSON.stringify(call.input)),
    };
  }
  const { text, stop } = limitText(visibleText(request), request, tokensLeft);
  return {
    content: [...thought.blocks, ...textBlock(text)],
    stop,
    thinkingTokens: thought.tokens,
    outputTokens: thought.tokens + tokensOfText(text),
  };
};
