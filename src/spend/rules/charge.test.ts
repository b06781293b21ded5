import fc from 'fast-check';
import { expect, test } from 'vitest';
import { createCharge } from './charge.ts';
import { costOf } from './cost.ts';
import { DEFAULT_PRICE_BOOK } from './price-book.ts';
import { NO_USAGE, type Usage } from './usage.ts';

const count = fc.oneof(fc.nat(2_000_000), fc.maxSafeNat());

const usage: fc.Arbitrary<Usage> = fc
  .record({
    inputTokens: count,
    outputTokens: count,
    cacheWrite5mTokens: count,
    cacheWrite1hTokens: count,
    cacheReadTokens: count,
    webSearches: fc.nat(100),
    speed: fc.constantFrom('standard' as const, 'fast' as const),
    geo: fc.constantFrom(null, 'us', 'global', 'toString'),
    serviceTier: fc.constantFrom(null, 'standard', 'batch'),
  })
  .map((drawn) => ({ ...NO_USAGE, ...drawn }));

const model = fc.constantFrom(
  null,
  'claude-opus-5-5',
  'claude-haiku-5-5',
  'claude-sonnet-5-5',
  'claude-opus-4-5-20251101',
  'claude-fable-5-2',
  'somebody-elses-model',
);

const instant = fc.integer({ min: Date.UTC(2026, 8, 1), max: Date.UTC(2026, 11, 1) });

test('a charge is what the cost of the same request comes to, to the micro-dollar', () => {
  const charge = createCharge(DEFAULT_PRICE_BOOK);
  fc.assert(
    fc.property(usage, model, instant, fc.boolean(), (used, named, at, batch) => {
      const question = { model: named, usage: used, at, batch };
      const { micros, priced } = costOf({ ...question, book: DEFAULT_PRICE_BOOK });
      expect(charge(question)).toEqual({ micros, priced });
    }),
    { numRuns: 2000 },
  );
});

test('a price that changes at midnight changes the charge at midnight', () => {
  const charge = createCharge(DEFAULT_PRICE_BOOK);
  const question = { model: 'claude-sonnet-5-5', usage: { ...NO_USAGE, cacheReadTokens: 1_000_000 } };
  const midnight = Date.UTC(2026, 10, 20);
  expect(charge({ ...question, at: midnight - 1 }).micros).toBe(200_000);
  expect(charge({ ...question, at: midnight }).micros).toBe(100_000);
});
