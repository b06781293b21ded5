import { expect, test } from 'vitest';
import { estimateInputTokens, estimateUsage } from './estimate.ts';
import { NO_USAGE } from './usage.ts';

test.each([
  { name: 'nothing seen keeps what was reported', reported: 8, bytes: 0, wanted: 8 },
  { name: 'more text than reported counts four bytes a token', reported: 8, bytes: 400, wanted: 100 },
  { name: 'a started token counts whole', reported: 0, bytes: 401, wanted: 101 },
  { name: 'less text than reported keeps what was reported', reported: 500, bytes: 400, wanted: 500 },
  { name: 'a byte count that is none counts nothing', reported: 8, bytes: Number.NaN, wanted: 8 },
  { name: 'a negative byte count counts nothing', reported: 8, bytes: -4000, wanted: 8 },
])('$name', ({ reported, bytes, wanted }) => {
  const known = { ...NO_USAGE, inputTokens: 1000, cacheReadTokens: 7, outputTokens: reported };
  expect(estimateUsage(known, bytes)).toEqual({ ...known, outputTokens: wanted });
});

test('text beyond the reported output is charged to the iteration under way, so that it has a price', () => {
  const run = { ...NO_USAGE, kind: 'message', model: null };
  const known = {
    ...NO_USAGE,
    outputTokens: 10,
    iterations: [run, { ...run, model: 'claude-opus-5-5', outputTokens: 10 }],
  };
  const estimated = estimateUsage(known, 400);
  expect(estimated.iterations.map(({ model, outputTokens }) => [model, outputTokens])).toEqual([
    [null, 0],
    ['claude-opus-5-5', 100],
  ]);
});

test.each([
  [0, 0],
  [1, 1],
  [4, 1],
  [5, 2],
  [32 * 1024 * 1024, 8_388_608],
  [-1, 0],
  [Number.POSITIVE_INFINITY, 0],
])('a body of %d bytes is estimated at %d prompt tokens', (bytes, wanted) => {
  expect(estimateInputTokens(bytes)).toBe(wanted);
});
