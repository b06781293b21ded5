import type { Effort } from '../../kernel/index.ts';
import { ApiError, invalid } from './api-error.ts';
import { type Directives, lastUserMessage, readDirectives, typedText } from './directives.ts';
import { isObject, type JsonObject, listOf, objectOf, textOf } from './json.ts';
import { findModel, type Model } from './models.ts';
import { checkEffort, effortOf } from './request-effort.ts';
import { readThinking, type Thinking } from './request-thinking.ts';

/** A Messages request that the real API would accept, read as far as the simulation acts on it. */
export type MessageRequest = {
  readonly raw: JsonObject;
  readonly model: Model;
  /** The level in force for this turn; undefined on models without effort. */
  readonly effort: Effort | undefined;
  readonly thinking: Thinking;
  readonly maxTokens: number;
  readonly messages: readonly JsonObject[];
  readonly tools: readonly JsonObject[];
  readonly stream: boolean;
  readonly typed: string;
  readonly directives: Directives;
};

const ROLES: ReadonlySet<unknown> = new Set(['user', 'assistant', 'system']);
const VERSION_WITHOUT_SAMPLING = '2026-10-21';

const UTF8 = new TextDecoder('utf-8', { fatal: true });

/** The body as a JSON object; a 400 otherwise. */
export const parseBody = (body: Buffer): JsonObject => {
  let value: unknown;
  try {
    value = JSON.parse(UTF8.decode(body));
  } catch {
    throw invalid('The request body is not valid JSON in UTF-8.');
  }
  if (!isObject(value)) throw invalid('The request body must be a JSON object.');
  return value;
};

/** The model a request names: 400 when it names none, 404 `model: <id>` when the catalogue has no such model. */
export const readModel = (raw: JsonObject): Model => {
  const id = raw.model;
  if (id === undefined) throw invalid('model: Field required');
  if (typeof id !== 'string') throw invalid('model: Input should be a valid string');
  const model = findModel(id);
  if (model === undefined) throw new ApiError(404, `model: ${id}`);
  return model;
};

/** The conversation of a request; a 400 naming the first message that is not one. */
export const readMessages = (raw: JsonObject): readonly JsonObject[] => {
  if (raw.messages === undefined) throw invalid('messages: Field required');
  if (!Array.isArray(raw.messages)) throw invalid('messages: Input should be a valid array');
  if (raw.messages.length === 0) throw invalid('messages: at least one message is required');
  return raw.messages.map((message: unknown, index) => {
    if (!isObject(message)) throw invalid(`messages.${index}: Input should be an object`);
    if (!ROLES.has(message.role))
      throw invalid(`messages.${index}.role: Input should be 'user', 'assistant' or 'system'`);
    if (typeof message.content !== 'string' && !Array.isArray(message.content)) {
      throw invalid(`messages.${index}.content: Input should be a string or an array of blocks`);
    }
    return message;
  });
};

const readMaxTokens = (raw: JsonObject, model: Model): number => {
  const value = raw.max_tokens;
  if (value === undefined) throw invalid('max_tokens: Field required');
  if (typeof value !== 'number' || !Number.isInteger(value)) {
    throw invalid('max_tokens: Input should be a valid integer');
  }
  if (value < 1) throw invalid('max_tokens: Input should be greater than or equal to 1');
  if (value > model.outputTokensMax) {
    throw invalid(`max_tokens: ${value} > ${model.outputTokensMax}, the most output tokens of ${model.id}`);
  }
  return value;
};

const checkSampling = (raw: JsonObject, model: Model, version: string | undefined): void => {
  const sent = ['temperature', 'top_p', 'top_k'].find((name) => {
    const value = raw[name];
    if (value === undefined || value === null) return false;
    return version === VERSION_WITHOUT_SAMPLING || (!model.sampling && value !== 1);
  });
  if (sent !== undefined) throw invalid(`${sent}: not accepted by ${model.id} under this anthropic-version`);
};

const checkChoices = (raw: JsonObject, model: Model): void => {
  const choice = objectOf(raw.tool_choice).type;
  if ((choice === 'any' || choice === 'tool') && !model.forcedToolChoice) {
    throw invalid(`tool_choice: type "${choice}" is not supported by ${model.id}`);
  }
  if (raw.speed === 'fast' && model.fast === 'no') throw invalid(`speed: "fast" is not supported by ${model.id}`);
};

/**
 * A request to `POST /v1/messages`, checked as the real API checks it where a gateway can go wrong: model, effort,
 * thinking, limits, sampling. Unknown members are accepted. Throws {@link ApiError}.
 */
export const readMessageRequest = (raw: JsonObject, version: string | undefined): MessageRequest => {
  const model = readModel(raw);
  const messages = readMessages(raw);
  const maxTokens = readMaxTokens(raw, model);
  checkEffort(raw, messages, model);
  checkSampling(raw, model, version);
  checkChoices(raw, model);
  const effort = effortOf(raw, messages, model);
  const thinking = readThinking(raw, { model, effort, maxTokens });
  const { directives, text } = readDirectives(typedText(lastUserMessage(messages)));
  const tools = listOf(raw.tools).filter(isObject);
  return {
    raw,
    model,
    effort,
    thinking,
    maxTokens,
    messages,
    tools,
    stream: raw.stream === true,
    typed: text,
    directives,
  };
};

/** The name of a tool definition; the empty text for a definition without one. */
export const toolName = (tool: JsonObject): string => textOf(tool.name) ?? '';
