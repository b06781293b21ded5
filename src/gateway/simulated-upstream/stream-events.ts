import type { AnswerBlock } from './compose-answer.ts';
import type { NextId } from './ids.ts';
import type { JsonObject } from './json.ts';
import { contextManagementOf, type Reply, renderOpening, renderUsage } from './render-message.ts';

/** One server-sent event: its name and its data, whose `type` repeats the name. */
export type StreamEvent = JsonObject & { readonly type: string };

const DELTA_CHARS = 24;

function* pieces(text: string): Generator<string> {
  let piece = '';
  for (const char of text) {
    piece += char;
    if (piece.length < DELTA_CHARS) continue;
    yield piece;
    piece = '';
  }
  if (piece !== '') yield piece;
}

const emptied = (block: AnswerBlock): JsonObject => {
  switch (block.type) {
    case 'thinking':
      return { ...block, thinking: '', signature: '' };
    case 'text':
      return { ...block, text: '' };
    case 'tool_use':
      return { ...block, input: {} };
    default:
      return block satisfies never;
  }
};

function* deltasOf(block: AnswerBlock): Generator<JsonObject> {
  switch (block.type) {
    case 'thinking':
      for (const thinking of pieces(block.thinking)) yield { type: 'thinking_delta', thinking };
      yield { type: 'signature_delta', signature: block.signature };
      return;
    case 'text':
      for (const text of pieces(block.text)) yield { type: 'text_delta', text };
      return;
    case 'tool_use':
      yield { type: 'input_json_delta', partial_json: '' };
      for (const partial_json of pieces(JSON.stringify(block.input))) yield { type: 'input_json_delta', partial_json };
      return;
    default:
      block satisfies never;
  }
}

function* blockEvents(block: AnswerBlock, index: number): Generator<StreamEvent> {
  yield { type: 'content_block_start', index, content_block: emptied(block) };
  if (index === 0) yield { type: 'ping' };
  for (const delta of deltasOf(block)) yield { type: 'content_block_delta', index, delta };
  yield { type: 'content_block_stop', index };
}

const closing = (reply: Reply): StreamEvent => {
  const usage = renderUsage(reply, reply.answer.outputTokens);
  return {
    type: 'message_delta',
    delta: { ...reply.answer.stop, container: null },
    // These are the only members that the API repeats here; tier, speed, geo and the write split stand at the start.
    usage: {
      input_tokens: usage.input_tokens,
      cache_creation_input_tokens: usage.cache_creation_input_tokens,
      cache_read_input_tokens: usage.cache_read_input_tokens,
      output_tokens: usage.output_tokens,
      output_tokens_details: usage.output_tokens_details,
      server_tool_use: usage.server_tool_use,
    },
    ...contextManagementOf(reply),
  };
};

/** The events of a streamed answer in the API's order, with one ping and cumulative usage at the end. */
export function* eventsOf(reply: Reply, nextId: NextId): Generator<StreamEvent> {
  yield { type: 'message_start', message: renderOpening(reply, nextId) };
  for (const [index, block] of reply.answer.content.entries()) yield* blockEvents(block, index);
  yield closing(reply);
  yield { type: 'message_stop' };
}
