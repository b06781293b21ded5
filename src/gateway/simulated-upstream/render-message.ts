import type { Answer, Stop } from './compose-answer.ts';
import type { InputTokens } from './count-input.ts';
import type { NextId } from './ids.ts';
import type { MessageRequest } from './read-message-request.ts';

/** What an answer is made of before it is written as one message or as a stream. */
export type Reply = {
  readonly request: MessageRequest;
  readonly answer: Answer;
  readonly input: InputTokens;
  readonly serviceTier: 'standard' | 'batch';
};

/** The whole usage of an answer that has produced `outputTokens` so far. */
export const renderUsage = ({ request, input, answer, serviceTier }: Reply, outputTokens: number) => ({
  input_tokens: input.uncached,
  cache_creation_input_tokens: input.written5m + input.written1h,
  cache_read_input_tokens: input.cacheRead,
  cache_creation: {
    ephemeral_5m_input_tokens: input.written5m,
    ephemeral_1h_input_tokens: input.written1h,
  },
  output_tokens: outputTokens,
  output_tokens_details: { thinking_tokens: Math.min(answer.thinkingTokens, outputTokens) },
  server_tool_use: null,
  service_tier: serviceTier,
  speed: request.raw.speed === 'fast' && request.model.fast === 'yes' ? ('fast' as const) : ('standard' as const),
  inference_geo: request.raw.inference_geo === 'us' ? ('us' as const) : ('global' as const),
});

const UNFINISHED = { stop_reason: null, stop_sequence: null, stop_details: null };

/** The message without content, as it stands at the start of a stream. */
export const renderOpening = (reply: Reply, nextId: NextId) => ({
  id: nextId('msg_'),
  type: 'message' as const,
  role: 'assistant' as const,
  model: reply.request.model.id,
  content: [],
  container: null,
  diagnostics: null,
  ...UNFINISHED,
  usage: renderUsage(reply, Math.min(1, reply.answer.outputTokens)),
});

/** Extra members of an answer to a request that asked for context management: nothing was edited. */
export const contextManagementOf = ({ request }: Reply) =>
  request.raw.context_management === undefined ? {} : { context_management: { applied_edits: [] } };

/** The finished message. */
export const renderMessage = (reply: Reply, nextId: NextId) => {
  const stop: Stop = reply.answer.stop;
  return {
    ...renderOpening(reply, nextId),
    content: reply.answer.content,
    ...stop,
    ...contextManagementOf(reply),
    usage: renderUsage(reply, reply.answer.outputTokens),
  };
};
