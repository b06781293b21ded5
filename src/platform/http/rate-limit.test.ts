import { expect, it } from 'vitest';
import { createRateLimit } from './rate-limit.ts';

it('lets a burst through, then so many a second, each key by itself', () => {
  let ms = 0;
  const limit = createRateLimit({ perSecond: 2, burst: 3 }, () => ms);
  expect([1, 2, 3, 4].map(() => limit.take('a'))).toEqual([0, 0, 0, 1]);
  expect(limit.take('b')).toBe(0);
  ms = 500;
  expect([limit.take('a'), limit.take('a')]).toEqual([0, 1]);
  ms = 100_000;
  expect([1, 2, 3, 4].map(() => limit.take('a'))).toEqual([0, 0, 0, 1]);
});
