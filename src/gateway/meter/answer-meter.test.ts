import { brotliCompressSync, deflateSync, gzipSync, zstdCompressSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { createAnswerMeter } from './answer-meter.ts';

const STREAM = Buffer.from(
  [
    { type: 'message_start', message: { id: 'msg_1', model: 'm', usage: { input_tokens: 11, output_tokens: 1 } } },
    ...Array.from({ length: 400 }, (_, at) => ({
      type: 'content_block_delta',
      index: 0,
      delta: { type: 'text_delta', text: `piece ${at} ${Math.sin(at)}` },
    })),
    { type: 'message_delta', delta: { stop_reason: 'end_turn' }, usage: { output_tokens: 42 } },
    { type: 'message_stop' },
  ]
    .map((event) => `event: ${event.type}\ndata: ${JSON.stringify(event)}\n\n`)
    .join(''),
);
const MESSAGE = Buffer.from(
  JSON.stringify({
    id: 'msg_1',
    model: 'm',
    content: [{ type: 'text', text: 'ö'.repeat(500) }],
    usage: { input_tokens: 11, output_tokens: 42 },
  }),
);

const CODINGS: Readonly<Record<string, (bytes: Buffer) => Buffer>> = {
  '': (bytes) => bytes,
  identity: (bytes) => bytes,
  gzip: (bytes) => gzipSync(bytes),
  'x-gzip': (bytes) => gzipSync(bytes),
  ' GZIP ': (bytes) => gzipSync(bytes),
  deflate: (bytes) => deflateSync(bytes),
  br: (bytes) => brotliCompressSync(bytes),
  zstd: (bytes) => zstdCompressSync(bytes),
};
const TYPES = {
  'text/event-stream; charset=utf-8': STREAM,
  'Text/Event-Stream;charset=UTF-8': STREAM,
  'application/json': MESSAGE,
} as const;

/** What a meter has read once all is taken into account. */
const read = async (type: string, coding: string, bytes: Buffer, chunkBytes = 777) => {
  const meter = createAnswerMeter(type, coding);
  for (let at = 0; at < bytes.length; at += chunkBytes) meter.read(Buffer.from(bytes.subarray(at, at + chunkBytes)));
  await new Promise<void>((resolve) => meter.end(resolve));
  return meter;
};

describe.each(Object.keys(CODINGS))('an answer coded as %j', (coding) => {
  const encode = CODINGS[coding] ?? ((bytes: Buffer) => bytes);

  it.each(Object.entries(TYPES))('of %s tells its usage, however it is cut', async (type, bytes) => {
    for (const size of [1, 777, 1 << 20]) {
      const meter = await read(type, coding, encode(bytes), size);
      expect(meter.isComplete).toBe(true);
      expect(meter.metered).toMatchObject({ usage: { inputTokens: 11, outputTokens: 42 } });
    }
  });

  it('that breaks off counts as far as it went, and is not complete', async () => {
    const whole = encode(STREAM);
    const meter = await read('text/event-stream', coding, whole.subarray(0, whole.length / 2));
    expect(meter.isComplete).toBe(false);
    expect(meter.metered.usage.outputTokens).toBeLessThan(42);
    const message = await read('application/json', coding, encode(MESSAGE).subarray(0, 20));
    expect([message.isComplete, message.metered.usage.inputTokens]).toEqual([false, 0]);
  });

  it('that is damaged on its way breaks neither the meter nor its end', async () => {
    for (const at of [0, 5, 100]) {
      const damaged = Buffer.from(encode(STREAM));
      damaged.fill(0xff, at, at + 50);
      const meter = await read('text/event-stream', coding, damaged);
      expect(meter.textBytes).toBeGreaterThanOrEqual(0);
    }
  });

  it('of nothing is metered as nothing', async () => {
    const meter = await read('text/event-stream', coding, Buffer.alloc(0));
    expect([meter.isComplete, meter.textBytes]).toEqual([false, 0]);
  });
});

it.each(['constructor', '__proto__', 'toString', 'compress', 'gzip, br'])(
  'an answer in a coding nobody knows (%s) passes without usage',
  async (coding) => {
    expect((await read('text/event-stream', coding, gzipSync(STREAM))).isComplete).toBe(false);
  },
);

it.each(['null', '7', '"usage"', '[]', '{}', '{"usage"', '{"type":"error","error":{}}'])(
  'a body that is no message (%s) tells no usage',
  async (body) => {
    const meter = await read('application/json', '', Buffer.from(body));
    expect([meter.isComplete, meter.metered.usage.inputTokens]).toEqual([false, 0]);
  },
);

it('forgets a body that is too large to keep, instead of filling the memory', async () => {
  const meter = createAnswerMeter('application/json', '');
  const chunk = Buffer.alloc(1 << 20, 0x20);
  for (let megabytes = 0; megabytes < 33; megabytes++) meter.read(chunk);
  meter.read(MESSAGE);
  await new Promise<void>((resolve) => meter.end(resolve));
  expect(meter.isComplete).toBe(false);
});
