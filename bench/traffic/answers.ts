/** How the upstream answers: one JSON message, a stream of 100 events, or a stream that stays open until released. */
export type AnswerKind = 'json' | 'stream' | 'slow';

/** Events of one answered stream, counting its first and last. */
export const STREAM_EVENTS = 100;

/**
 * Events that leave the upstream in one write. One event per write would charge a gateway for a read per event,
 * all events in one write for a single one; providers under load deliver a few at a time.
 */
const EVENTS_PER_WRITE = 4;

const COMMON_HEADERS = [
  'date: Mon, 23 Nov 2026 09:00:00 GMT',
  'request-id: req_011benchbenchbenchbenchbe',
  'anthropic-organization-id: 5f0c1a52-7f1c-4d0a-9e43-0d6c1b0e9a11',
  'anthropic-ratelimit-requests-limit: 4000',
  'anthropic-ratelimit-requests-remaining: 3999',
  'anthropic-ratelimit-requests-reset: 2026-11-23T09:00:01Z',
  'anthropic-ratelimit-tokens-limit: 2000000',
  'anthropic-ratelimit-tokens-remaining: 1999000',
  'anthropic-ratelimit-tokens-reset: 2026-11-23T09:00:01Z',
  'strict-transport-security: max-age=31536000',
  'server: bench',
  'connection: keep-alive',
];

const headOf = (statusLine: string, headers: readonly string[]): string =>
  `HTTP/1.1 ${statusLine}\r\n${[...headers, ...COMMON_HEADERS].join('\r\n')}\r\n\r\n`;

const jsonMessage = (statusLine: string, value: unknown): Buffer => {
  const body = JSON.stringify(value);
  const headers = ['content-type: application/json', `content-length: ${Buffer.byteLength(body)}`];
  return Buffer.from(headOf(statusLine, headers) + body);
};

const usage = {
  input_tokens: 412,
  cache_creation_input_tokens: 128,
  cache_read_input_tokens: 2048,
  cache_creation: { ephemeral_5m_input_tokens: 128, ephemeral_1h_input_tokens: 0 },
  service_tier: 'standard',
};

const message = (model: string) => ({
  id: 'msg_01BenchBenchBenchBenchBen',
  type: 'message',
  role: 'assistant',
  model,
});

const SENTENCE = 'The harbour light turns twice a minute, and the keeper writes the hour beside each turn. ';

/** A finished answer of about 1 KB with token usage, head included. */
export const jsonAnswer = (model: string): Buffer =>
  jsonMessage('200 OK', {
    ...message(model),
    content: [{ type: 'text', text: SENTENCE.repeat(7) }],
    stop_reason: 'end_turn',
    stop_sequence: null,
    usage: { ...usage, output_tokens: 163 },
  });

/** What every other path gets, in the Messages API's error envelope. */
export const notFoundAnswer = (): Buffer =>
  jsonMessage('404 Not Found', {
    type: 'error',
    error: { type: 'not_found_error', message: 'Only POST /v1/messages.' },
  });

const event = (name: string, data: Record<string, unknown>): string =>
  `event: ${name}\ndata: ${JSON.stringify({ type: name, ...data })}\n\n`;

const frame = (text: string): string => `${Buffer.byteLength(text).toString(16)}\r\n${text}\r\n`;

const STREAM_HEAD = headOf('200 OK', [
  'content-type: text/event-stream; charset=utf-8',
  'cache-control: no-cache',
  'transfer-encoding: chunked',
]);

const opening = (model: string): string[] => [
  event('message_start', {
    message: {
      ...message(model),
      content: [],
      stop_reason: null,
      stop_sequence: null,
      usage: { ...usage, output_tokens: 1 },
    },
  }),
  event('content_block_start', { index: 0, content_block: { type: 'text', text: '' } }),
  event('ping', {}),
];

const WORDS = SENTENCE.trim().split(' ');
const delta = (index: number): string =>
  event('content_block_delta', { index: 0, delta: { type: 'text_delta', text: ` ${WORDS[index % WORDS.length]}` } });

const closing = (): string[] => [
  event('content_block_stop', { index: 0 }),
  event('message_delta', { delta: { stop_reason: 'end_turn', stop_sequence: null }, usage: { output_tokens: 163 } }),
  event('message_stop', {}),
];

/** A stream's writes in order: the first carries the head, the last the terminating chunk. */
export const streamAnswer = (model: string): Buffer[] => {
  const ends = [...opening(model), ...closing()].length;
  const deltas = Array.from({ length: STREAM_EVENTS - ends }, (_, index) => delta(index));
  const frames = [...opening(model), ...deltas, ...closing()].map(frame);
  const writes: string[] = [];
  for (let at = 0; at < frames.length; at += EVENTS_PER_WRITE)
    writes.push(frames.slice(at, at + EVENTS_PER_WRITE).join(''));
  return writes.map((text, index) => {
    const end = index === writes.length - 1 ? '0\r\n\r\n' : '';
    return Buffer.from((index === 0 ? STREAM_HEAD : '') + text + end);
  });
};

/** The three parts of a stream that stays open: what it starts with, what it repeats, what ends it. */
export const slowStream = (model: string): { start: Buffer; beat: Buffer; end: Buffer } => ({
  start: Buffer.from(STREAM_HEAD + opening(model).map(frame).join('')),
  beat: Buffer.from(frame(delta(0))),
  end: Buffer.from(`${closing().map(frame).join('')}0\r\n\r\n`),
});
