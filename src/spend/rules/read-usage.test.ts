import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { applyDelta, NOTHING_METERED, startUsage, usageFromMessage } from './read-usage.ts';
import { NO_USAGE, type Usage } from './usage.ts';

const read = (usage: unknown): Usage => usageFromMessage({ usage }).usage;

describe('a whole message', () => {
  test('tells usage, model, id and stop reason', () => {
    const message = {
      id: 'msg_01',
      model: 'claude-opus-5-5',
      stop_reason: 'end_turn',
      usage: {
        input_tokens: 10,
        output_tokens: 20,
        output_tokens_details: { thinking_tokens: 5 },
        cache_creation_input_tokens: 70,
        cache_creation: { ephemeral_5m_input_tokens: 30, ephemeral_1h_input_tokens: 40 },
        cache_read_input_tokens: 50,
        server_tool_use: { web_search_requests: 1, web_fetch_requests: 2 },
        service_tier: 'standard',
        speed: 'fast',
        inference_geo: 'us',
      },
    };
    expect(usageFromMessage(message)).toEqual({
      usage: {
        inputTokens: 10,
        outputTokens: 20,
        thinkingTokens: 5,
        cacheWrite5mTokens: 30,
        cacheWrite1hTokens: 40,
        cacheReadTokens: 50,
        webSearches: 1,
        webFetches: 2,
        speed: 'fast',
        geo: 'us',
        serviceTier: 'standard',
        iterations: [],
      },
      model: 'claude-opus-5-5',
      stopReason: 'end_turn',
    });
  });

  test.each([
    { name: 'a total of cache writes without a split', wire: { cache_creation_input_tokens: 9 }, wanted: [9, 0] },
    {
      name: 'a total beyond the split adds to the 5-minute writes',
      wire: {
        cache_creation_input_tokens: 9,
        cache_creation: { ephemeral_5m_input_tokens: 1, ephemeral_1h_input_tokens: 2 },
      },
      wanted: [7, 2],
    },
    {
      name: 'a total below the split changes nothing',
      wire: {
        cache_creation_input_tokens: 1,
        cache_creation: { ephemeral_5m_input_tokens: 4, ephemeral_1h_input_tokens: 2 },
      },
      wanted: [4, 2],
    },
    { name: 'a split without a total', wire: { cache_creation: { ephemeral_1h_input_tokens: 2 } }, wanted: [0, 2] },
    { name: 'no split object', wire: { cache_creation_input_tokens: 3, cache_creation: null }, wanted: [3, 0] },
  ])('$name', ({ wire, wanted }) => {
    const { cacheWrite5mTokens, cacheWrite1hTokens } = read(wire);
    expect([cacheWrite5mTokens, cacheWrite1hTokens]).toEqual(wanted);
  });

  test.each([['12'], [-1], [1.5], [Number.NaN], [2 ** 53], [null], [true], [[7]], [{ valueOf: () => 7 }]])(
    'a count of %o is 0',
    (value) => {
      const wire = {
        input_tokens: value,
        output_tokens: value,
        cache_creation: value,
        iterations: value,
        server_tool_use: value,
      };
      expect(read(wire)).toEqual(NO_USAGE);
    },
  );

  test('iterations keep their kind, model and own counts; those without a token are left out', () => {
    const iterations = [
      { type: 'compaction', input_tokens: 3, output_tokens: 4 },
      { type: 'advisor_message', model: 'claude-fable-5-2', input_tokens: 5, cache_creation_input_tokens: 6 },
      { type: 'message', model: 'claude-opus-5-5', input_tokens: 0, output_tokens: 0 },
      'nonsense',
      { output_tokens: 7 },
    ];
    const nothing = {
      inputTokens: 0,
      outputTokens: 0,
      cacheWrite5mTokens: 0,
      cacheWrite1hTokens: 0,
      cacheReadTokens: 0,
    };
    expect(read({ iterations }).iterations).toEqual([
      { ...nothing, kind: 'compaction', model: null, inputTokens: 3, outputTokens: 4 },
      { ...nothing, kind: 'advisor_message', model: 'claude-fable-5-2', inputTokens: 5, cacheWrite5mTokens: 6 },
      { ...nothing, kind: 'unknown', model: null, outputTokens: 7 },
    ]);
  });
});

describe('a stream', () => {
  const start = startUsage({
    type: 'message_start',
    message: {
      id: 'msg_01',
      model: 'claude-opus-5-5',
      stop_reason: null,
      usage: {
        input_tokens: 100,
        output_tokens: 1,
        cache_creation_input_tokens: 30,
        cache_creation: { ephemeral_5m_input_tokens: 10, ephemeral_1h_input_tokens: 20 },
        cache_read_input_tokens: 500,
        service_tier: 'standard',
        speed: 'fast',
        inference_geo: 'us',
      },
    },
  });
  const after = (usage: unknown): Usage => applyDelta(start, { type: 'message_delta', delta: {}, usage }).usage;

  test.each([
    { name: 'cumulative output replaces', delta: { output_tokens: 250 }, wanted: { outputTokens: 250 } },
    {
      name: 'cumulative input replaces',
      delta: { input_tokens: 120, output_tokens: 2 },
      wanted: { inputTokens: 120, outputTokens: 2 },
    },
    {
      name: 'null keeps',
      delta: { input_tokens: null, cache_read_input_tokens: null, output_tokens: 9 },
      wanted: { outputTokens: 9 },
    },
    { name: 'a prompt count of 0 keeps', delta: { input_tokens: 0, cache_read_input_tokens: 0 }, wanted: {} },
    {
      name: 'nonsense keeps',
      delta: { input_tokens: '7', output_tokens: -3, cache_read_input_tokens: {} },
      wanted: {},
    },
    { name: 'the same cache total keeps the split', delta: { cache_creation_input_tokens: 30 }, wanted: {} },
    {
      name: 'a grown cache total adds to the 5-minute writes',
      delta: { cache_creation_input_tokens: 45 },
      wanted: { cacheWrite5mTokens: 25 },
    },
    {
      name: 'thinking is taken',
      delta: { output_tokens: 9, output_tokens_details: { thinking_tokens: 4 } },
      wanted: { outputTokens: 9, thinkingTokens: 4 },
    },
    {
      name: 'tools are taken',
      delta: { server_tool_use: { web_search_requests: 2, web_fetch_requests: 1 } },
      wanted: { webSearches: 2, webFetches: 1 },
    },
    {
      name: 'tier, speed and geography survive a null',
      delta: { service_tier: null, speed: null, inference_geo: null },
      wanted: {},
    },
    { name: 'no usage at all changes nothing', delta: undefined, wanted: {} },
  ])('$name', ({ delta, wanted }) => {
    expect(after(delta)).toEqual({ ...start.usage, ...wanted });
  });

  test('the last stated stop reason stands; model and id are those of the start', () => {
    const stopped = applyDelta(start, { delta: { stop_reason: 'tool_use' }, usage: { output_tokens: 5 } });
    expect(applyDelta(stopped, { delta: { stop_reason: null } })).toEqual(stopped);
    expect(stopped).toMatchObject({ model: 'claude-opus-5-5', stopReason: 'tool_use' });
  });

  test('a list of iterations in a delta replaces the earlier list', () => {
    const first = applyDelta(start, { usage: { iterations: [{ type: 'message', output_tokens: 5 }] } });
    const second = applyDelta(first, { usage: { iterations: [{ type: 'compaction', output_tokens: 6 }] } });
    expect(second.usage.iterations.map(({ kind, outputTokens }) => [kind, outputTokens])).toEqual([['compaction', 6]]);
    expect(applyDelta(second, { usage: { iterations: null } }).usage.iterations).toEqual(second.usage.iterations);
  });

  test('totals that grow without a new list grow the last iteration, so that no token escapes the price', () => {
    const iterations = [
      { type: 'compaction', output_tokens: 7 },
      { type: 'message', input_tokens: 100, output_tokens: 1 },
    ];
    const first = startUsage({ message: { usage: { input_tokens: 100, output_tokens: 1, iterations } } });
    const { usage } = applyDelta(first, { usage: { output_tokens: 301 } });
    expect(usage.iterations.map(({ inputTokens, outputTokens }) => [inputTokens, outputTokens])).toEqual([
      [0, 7],
      [100, 301],
    ]);
  });
});

describe('whatever arrives', () => {
  const names = ['input_tokens', 'output_tokens', 'cache_creation_input_tokens', 'cache_read_input_tokens'];
  const anyCount = fc.oneof(fc.maxSafeNat(), fc.maxSafeInteger(), fc.double(), fc.anything());
  const counts = fc.dictionary(fc.constantFrom(...names), anyCount);
  const split = fc.dictionary(fc.constantFrom('ephemeral_5m_input_tokens', 'ephemeral_1h_input_tokens'), anyCount);
  const iterations = fc.array(fc.oneof(counts, fc.anything()), { maxLength: 3 });
  const anyUsage = fc
    .tuple(counts, fc.option(split), fc.option(fc.oneof(iterations, fc.anything())))
    .map(([flat, cache_creation, list]) => ({ ...flat, cache_creation, iterations: list }));

  const numbersOf = (value: unknown): number[] => {
    if (typeof value === 'number') return [value];
    return typeof value === 'object' && value !== null ? Object.values(value).flatMap(numbersOf) : [];
  };

  test('nothing throws, and every count is a safe integer of at least 0', () => {
    fc.assert(
      fc.property(
        fc.oneof(anyUsage, fc.anything()),
        fc.oneof(anyUsage, fc.anything()),
        fc.anything(),
        (one, two, junk) => {
          const events = [
            applyDelta(startUsage({ message: { usage: one } }), { usage: two }),
            usageFromMessage(junk),
            startUsage(junk),
          ];
          for (const { usage } of [...events, applyDelta(NOTHING_METERED, junk)]) {
            expect(numbersOf(usage).every((count) => Number.isSafeInteger(count) && count >= 0)).toBe(true);
          }
        },
      ),
    );
  });

  test('applying a delta twice is applying it once', () => {
    fc.assert(
      fc.property(anyUsage, anyUsage, (one, two) => {
        const once = applyDelta(startUsage({ message: { usage: one } }), { usage: two });
        expect(applyDelta(once, { usage: two })).toEqual(once);
      }),
    );
  });
});
