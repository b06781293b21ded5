import type { ServerResponse } from 'node:http';
import type { Answer } from './upstreams.ts';

export const MODEL = 'claude-sonnet-5-5';

/** Usage as the tests' upstreams report it. */
export const USAGE = {
  input_tokens: 21,
  cache_creation_input_tokens: 30,
  cache_creation: { ephemeral_5m_input_tokens: 10, ephemeral_1h_input_tokens: 20 },
  cache_read_input_tokens: 400,
  output_tokens: 57,
} as const;

/** What the decision endpoint shows of {@link USAGE}. */
export const RECORDED_USAGE = {
  input_tokens: 21,
  output_tokens: 57,
  cache_creation: { ephemeral_5m_input_tokens: 10, ephemeral_1h_input_tokens: 20 },
  cache_read_input_tokens: 400,
  server_tool_use: { web_search_requests: 0, web_fetch_requests: 0 },
} as const;

/** A request body; `extra` overrides its members. */
export const bodyOf = (extra: Readonly<Record<string, unknown>> = {}): string =>
  JSON.stringify({ model: MODEL, max_tokens: 64, messages: [{ role: 'user', content: 'Hello' }], ...extra });

/** A whole answer as the Messages API gives it without streaming. */
export const messageJson = (model: string = MODEL): string =>
  JSON.stringify({
    id: 'msg_1',
    type: 'message',
    role: 'assistant',
    model,
    content: [{ type: 'text', text: 'Good morning.' }],
    stop_reason: 'end_turn',
    stop_sequence: null,
    usage: USAGE,
  });

/** One server-sent event. */
export const sseEvent = (type: string, data: Readonly<Record<string, unknown>> = {}): string =>
  `event: ${type}\ndata: ${JSON.stringify({ type, ...data })}\n\n`;

/** The event that begins a stream. */
export const START = sseEvent('message_start', {
  message: {
    id: 'msg_1',
    type: 'message',
    role: 'assistant',
    model: MODEL,
    content: [],
    usage: { ...USAGE, output_tokens: 1 },
  },
});

/** An event that carries a piece of generated text. */
export const textDelta = (text: string): string =>
  sseEvent('content_block_delta', { index: 0, delta: { type: 'text_delta', text } });

/** The events that end a stream, with the final count of output. */
export const END =
  sseEvent('content_block_stop', { index: 0 }) +
  sseEvent('message_delta', {
    delta: { stop_reason: 'end_turn', stop_sequence: null },
    usage: { output_tokens: USAGE.output_tokens },
  }) +
  sseEvent('message_stop');

/** A whole stream. */
export const STREAM =
  START +
  sseEvent('content_block_start', { index: 0, content_block: { type: 'text', text: '' } }) +
  sseEvent('ping') +
  textDelta('Good ') +
  textDelta('morning “Zoë”.') +
  END;

const JSON_HEADERS = { 'content-type': 'application/json' };

/** The headers of a stream as the provider sends them. */
export const STREAM_HEADERS = {
  'content-type': 'text/event-stream; charset=utf-8',
  'cache-control': 'no-cache',
} as const;

/** Answers with a whole message, or with a whole stream where the body asks for one. */
export const answerWell: Answer = ({ body, path }, response) => {
  if (path.startsWith('/v1/messages/count_tokens')) {
    response.writeHead(200, JSON_HEADERS).end('{"input_tokens":12}');
  } else if (body.includes('"stream":true')) response.writeHead(200, STREAM_HEADERS).end(STREAM);
  else response.writeHead(200, { ...JSON_HEADERS, 'request-id': 'req_upstream' }).end(messageJson());
};

/** Begins a stream with its first events and leaves it open. */
export const beginStream = (response: ServerResponse): void => {
  response.writeHead(200, STREAM_HEADERS);
  response.write(START + textDelta('Good morning, this answer goes on for a while.'));
};
