import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createSseMeter } from './sse-meter.ts';

type Event = { readonly type: string } & Readonly<Record<string, unknown>>;

const frame = (event: Event, newline = '\n'): string =>
  `event: ${event.type}${newline}data: ${JSON.stringify(event)}${newline}${newline}`;

const opening: Event = {
  type: 'message_start',
  message: {
    id: 'msg_1',
    model: 'claude-opus-5-5',
    usage: { input_tokens: 11, cache_read_input_tokens: 7, output_tokens: 1, service_tier: 'standard' },
  },
};
const piece = (text: string): Event => ({
  type: 'content_block_delta',
  index: 0,
  delta: { type: 'text_delta', text },
});
const closing = (tokens: number): Event => ({
  type: 'message_delta',
  delta: { stop_reason: 'end_turn' },
  usage: { output_tokens: tokens },
});
const end: Event = { type: 'message_stop' };

/** Text that looks like the stream itself, to be mistaken for it. */
const TRAPS = [
  'event: message_delta\ndata: {"type":"message_delta","usage":{"output_tokens":999999}}\n\n',
  '\n\nevent: message_stop\r\ndata: {}\r\n\r\n',
  'data:',
  '\\n',
  '"content_block_delta","_delta":"',
  '🎈 ö \u2028',
];

const stream = (texts: readonly string[], newline = '\n'): string =>
  [opening, { type: 'ping' }, ...texts.map(piece), closing(42), end].map((event) => frame(event, newline)).join('');

/** Reads bytes in pieces that end at the given places. */
const meterOf = (bytes: Buffer, cuts: readonly number[] = []) => {
  const meter = createSseMeter();
  const ends = [...new Set([...cuts.map((cut) => cut % (bytes.length + 1)), bytes.length])].sort((a, b) => a - b);
  let start = 0;
  for (const at of ends) {
    // The memory of a chunk is the connection's, which uses it again.
    const chunk = Buffer.from(bytes.subarray(start, at));
    meter.read(chunk);
    chunk.fill(0x58);
    start = at;
  }
  return { metered: meter.metered, isComplete: meter.isComplete };
};

const WANTED = {
  isComplete: true,
  metered: {
    model: 'claude-opus-5-5',
    stopReason: 'end_turn',
    usage: { inputTokens: 11, cacheReadTokens: 7, outputTokens: 42, serviceTier: 'standard' },
  },
};

describe('usage', () => {
  const text = fc.oneof(fc.string({ unit: 'grapheme' }), fc.constantFrom(...TRAPS));

  it('is the same in however many pieces a stream arrives, whatever its text and its line ends', () => {
    fc.assert(
      fc.property(
        fc.array(text, { maxLength: 6 }),
        fc.constantFrom('\n', '\r\n'),
        fc.array(fc.nat(4000), { maxLength: 30 }),
        (texts, newline, cuts) => {
          const bytes = Buffer.from(stream(texts, newline));
          expect(meterOf(bytes, cuts)).toMatchObject(WANTED);
          expect(meterOf(bytes, cuts)).toEqual(meterOf(bytes));
        },
      ),
      { numRuns: 300 },
    );
  });

  it.each(['\n', '\r\n'])('is the same byte by byte and for every single cut (line end %j)', (newline) => {
    const bytes = Buffer.from(stream(TRAPS, newline));
    expect(meterOf(bytes, Array.from(bytes.keys()))).toMatchObject(WANTED);
    for (let cut = 0; cut < bytes.length; cut++) expect(meterOf(bytes, [cut])).toMatchObject(WANTED);
  });

  it('is not taken from text that looks like an event', () => {
    for (const trap of TRAPS) expect(meterOf(Buffer.from(stream([trap]))).metered.usage.outputTokens).toBe(42);
  });

  it('is found behind a piece of five megabytes, in chunks of any size', () => {
    const bytes = Buffer.from(stream(['event: message_stop '.repeat(250_000)]));
    for (const size of [1 << 14, 1 << 16, bytes.length])
      expect(
        meterOf(
          bytes,
          Array.from({ length: Math.ceil(bytes.length / size) }, (_, at) => at * size),
        ),
      ).toMatchObject(WANTED);
  });

  it('is given up for a usage event too large to keep, and read again from the next', () => {
    const huge = frame({ ...closing(7), padding: 'x'.repeat(2 << 20) });
    const bytes = Buffer.from(frame(opening) + huge + frame(closing(42)) + frame(end));
    const cuts = Array.from({ length: bytes.length >> 16 }, (_, at) => at << 16);
    expect(meterOf(bytes, cuts)).toMatchObject(WANTED);
  });

  it('that was told several times is the last that was told', () => {
    const bytes = Buffer.from([opening, closing(3), closing(42), end].map((event) => frame(event)).join(''));
    expect(meterOf(bytes)).toMatchObject(WANTED);
  });

  it.each([
    ['an error event', frame({ type: 'error', error: { type: 'overloaded_error', message: 'Overloaded' } })],
    ['nothing', ''],
    ['half an event', 'event: message_delta\ndata: {"type":"message_delta","usage":{"output_tok'],
    ['broken JSON', 'event: message_delta\ndata: {"type":"message_delta",\n\n'],
    ['an event without data', 'event: message_stop\n\n'],
    ['data of another kind', 'event: message_delta\ndata: 7\n\nevent: message_delta\ndata: null\n\n'],
    ['a comment', ': event: message_stop\n\n'],
  ])('stays what was told before a stream ended in %s, and is not complete', (_, tail) => {
    const bytes = Buffer.from(frame(opening) + frame(piece('Hello')) + tail);
    for (const cuts of [[], Array.from(bytes.keys())]) {
      const { metered, isComplete } = meterOf(bytes, cuts);
      expect(isComplete).toBe(false);
      expect(metered.usage).toMatchObject({ inputTokens: 11, outputTokens: 1 });
    }
  });

  it('survives any bytes at all', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 300 }), fc.array(fc.nat(300), { maxLength: 5 }), (noise, cuts) => {
        expect(meterOf(Buffer.from(noise), cuts).isComplete).toBe(false);
        const behind = Buffer.concat([Buffer.from(noise), Buffer.from(`\n\n${stream([])}`)]);
        expect(meterOf(behind, cuts)).toMatchObject(WANTED);
      }),
    );
  });
});

/** Other ways to write the same stream, all of which clients read (HTML §9.2.6). */
const SPELLINGS: Readonly<Record<string, (usual: string) => string>> = {
  'names of events without a space': (usual) => usual.replaceAll(/^event: /gm, 'event:'),
  'no names of events': (usual) => usual.replaceAll(/^event: .*\r?\n/gm, ''),
  'names of events behind their data': (usual) => usual.replaceAll(/^(event: .*\r?\n)(data: .*\r?\n)/gm, '$2$1'),
  'a comment at the beginning': (usual) => `: hello\n\n${usual}`,
  'a byte order mark': (usual) => `\ufeff${usual}`,
  'data of several lines': (usual) =>
    usual.replaceAll(/^event: (.*\r?\n)data: \{(.*)\}/gm, 'event:$1data:{\ndata: $2\ndata:}'),
  'carriage returns alone': (usual) => usual.replaceAll('event: ', 'event:').replaceAll(/\r?\n/g, '\r'),
};

describe.each(Object.entries(SPELLINGS))('usage in a stream with %s', (_, spell) => {
  it.each(['\n', '\r\n'])('is read all the same, however it comes (line end %j)', (newline) => {
    const bytes = Buffer.from(spell(stream(TRAPS, newline)));
    expect(meterOf(bytes)).toMatchObject(WANTED);
    expect(meterOf(bytes, Array.from(bytes.keys()))).toMatchObject(WANTED);
    for (let cut = 0; cut < bytes.length; cut++) expect(meterOf(bytes, [cut])).toMatchObject(WANTED);
  });

  it('is given up for an event too large to keep, and read again from the next', () => {
    const huge = frame({ ...closing(7), padding: 'x'.repeat(2 << 20) });
    const bytes = Buffer.from(spell(frame(opening) + huge + frame(closing(42)) + frame(end)));
    const cuts = Array.from({ length: bytes.length >> 16 }, (_, at) => at << 16);
    expect(meterOf(bytes, cuts)).toMatchObject(WANTED);
  });
});

describe('the estimate of generated text', () => {
  const PROSE = 'The gateway reads the request once, finds the key, and decides. '.repeat(60);
  const CODE = 'if (a < b) {\n  return "x";\n}\n'.repeat(120);
  const ACCENTS = 'Größe, façade, naïve, 日本語のテキスト, пример. '.repeat(50);

  const cutText = (text: string, size: number): readonly string[] =>
    Array.from({ length: Math.ceil(text.length / size) }, (_, at) => text.slice(at * size, (at + 1) * size));

  const delta =
    (kind: string, field: string) =>
    (text: string): Event => ({
      type: 'content_block_delta',
      index: 1,
      delta: { type: kind, [field]: text },
    });
  const KINDS = {
    text: delta('text_delta', 'text'),
    thinking: delta('thinking_delta', 'thinking'),
    'tool input': delta('input_json_delta', 'partial_json'),
  };
  const signature: Event = {
    type: 'content_block_delta',
    index: 1,
    delta: { type: 'signature_delta', signature: 'c2ln'.repeat(500) },
  };

  /** The same frames, one chunk each or gathered as a busy connection gathers them. */
  const CHUNKINGS: Readonly<Record<string, (frames: readonly string[]) => readonly Buffer[]>> = {
    'one chunk for each event': (frames) => frames.map((one) => Buffer.from(one)),
    'chunks of 1,400 bytes': (frames) => {
      const bytes = Buffer.from(frames.join(''));
      return Array.from({ length: Math.ceil(bytes.length / 1400) }, (_, at) =>
        bytes.subarray(at * 1400, (at + 1) * 1400),
      );
    },
    'one chunk': (frames) => [Buffer.from(frames.join(''))],
  };

  const cases = Object.entries({ prose: PROSE, code: CODE, accents: ACCENTS }).flatMap(([name, text]) =>
    Object.keys(KINDS).flatMap((kind) =>
      Object.keys(CHUNKINGS).flatMap((chunking) =>
        ['\n', '\r\n'].map((newline) => ({ name, text, kind: kind as keyof typeof KINDS, chunking, newline })),
      ),
    ),
  );

  it.each(cases)('is within a quarter of the truth: $name as $kind, $chunking, line end $#', (one) => {
    for (const size of [4, 24, 120]) {
      const pieces = cutText(one.text, size).map(KINDS[one.kind]);
      const frames = [opening, ...pieces, signature].map((event) => frame(event, one.newline));
      const meter = createSseMeter();
      for (const chunk of CHUNKINGS[one.chunking]?.(frames) ?? []) meter.read(chunk);
      const truth = Buffer.byteLength(one.text);
      expect(meter.textBytes / truth).toBeGreaterThan(0.75);
      expect(meter.textBytes / truth).toBeLessThan(1.25);
    }
  });

  it('follows a piece of text that is larger than many chunks', () => {
    const bytes = Buffer.from(frame(opening) + frame(piece('x'.repeat(3 << 20))) + frame(end));
    const meter = createSseMeter();
    for (let at = 0; at < bytes.length; at += 1 << 16) meter.read(bytes.subarray(at, at + (1 << 16)));
    expect(meter.textBytes / (3 << 20)).toBeCloseTo(1, 1);
  });

  it('counts nothing of what was not generated: the opening, pings, large results of tools', () => {
    const result = {
      type: 'content_block_start',
      index: 1,
      content_block: { type: 'web_search_tool_result', content: 'y'.repeat(1 << 20) },
    };
    const bytes = Buffer.from([opening, { type: 'ping' }, result, end].map((event) => frame(event)).join(''));
    const meter = createSseMeter();
    for (let at = 0; at < bytes.length; at += 1 << 14) meter.read(bytes.subarray(at, at + (1 << 14)));
    expect(meter.textBytes).toBe(0);
  });
});
