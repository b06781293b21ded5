import { readFileSync } from 'node:fs';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { applyRules } from '../prices/rules/apply-rules.ts';
import type { PriceRule } from '../prices/rules/price-rule.ts';
import { type Cost, costOf } from './cost.ts';
import { DEFAULT_PRICE_BOOK, type PriceBook } from './price-book.ts';
import { usageFromMessage } from './read-usage.ts';
import { type Iteration, NO_USAGE, type TokenCounts, type Usage } from './usage.ts';

type Vector = {
  readonly name: string;
  readonly model: string | null;
  readonly at: string;
  readonly batch: boolean;
  readonly usage: unknown;
  /** A set of rules by its name; the shipped book alone where it is absent. */
  readonly rules?: string;
  readonly wanted: Cost;
};

type Published = {
  readonly priceBook: string;
  readonly book: PriceBook;
  readonly rules: Readonly<Record<string, readonly PriceRule[]>>;
  readonly vectors: readonly Vector[];
};

const published: Published = JSON.parse(
  readFileSync(new URL('../../../docs/reference/pricing-vectors.json', import.meta.url), 'utf8'),
);

describe('the published pricing vectors', () => {
  test('are those of the default price book', () => {
    expect(published.priceBook).toBe(DEFAULT_PRICE_BOOK.version);
    expect(published.book).toEqual(DEFAULT_PRICE_BOOK);
    expect(published.vectors.length).toBeGreaterThanOrEqual(60);
  });

  test.each(published.vectors)('$name', ({ model, at, batch, usage, rules, wanted }) => {
    const book = rules === undefined ? published.book : applyRules(published.book, published.rules[rules] ?? [], rules);
    const { usage: metered } = usageFromMessage({ model, usage });
    expect(costOf({ book, model, usage: metered, at: Date.parse(at), batch })).toEqual(wanted);
  });
});

const models = fc.constantFrom(...new Set(DEFAULT_PRICE_BOOK.entries.map((entry) => entry.model)), 'claude-oracle-9');
const anyModel = fc.option(models);
const anyCount = fc.oneof(fc.nat(300_000), fc.maxSafeNat());
const tokenKinds = [
  'inputTokens',
  'outputTokens',
  'cacheWrite5mTokens',
  'cacheWrite1hTokens',
  'cacheReadTokens',
] as const;
const anyCounts = fc.record({
  inputTokens: anyCount,
  outputTokens: anyCount,
  cacheWrite5mTokens: anyCount,
  cacheWrite1hTokens: anyCount,
  cacheReadTokens: anyCount,
}) satisfies fc.Arbitrary<TokenCounts>;
const anyIteration: fc.Arbitrary<Iteration> = fc
  .tuple(anyCounts, anyModel)
  .map(([counts, model]) => ({ kind: 'message', model, ...counts }));
const anyUsage: fc.Arbitrary<Usage> = fc
  .record({
    counts: anyCounts,
    webSearches: fc.nat(100),
    webFetches: fc.nat(100),
    speed: fc.constantFrom('standard' as const, 'fast' as const),
    geo: fc.constantFrom(null, 'us', 'global', '__proto__'),
    serviceTier: fc.constantFrom(null, 'standard', 'batch'),
    iterations: fc.oneof(fc.constant([]), fc.array(anyIteration, { maxLength: 4 })),
  })
  .map(({ counts, ...rest }) => ({ ...NO_USAGE, ...counts, ...rest }));
const anyAsked = fc.record({
  book: fc.constant(DEFAULT_PRICE_BOOK),
  model: anyModel,
  usage: anyUsage,
  at: fc.integer({ min: Date.UTC(2026, 7, 1), max: Date.UTC(2027, 0, 1) }),
  batch: fc.boolean(),
});

describe('whatever was used', () => {
  test('the lines sum to the total, none is negative, and the total is a safe integer', () => {
    fc.assert(
      fc.property(anyAsked, (asked) => {
        const { micros, lines } = costOf(asked);
        expect(Number.isSafeInteger(micros)).toBe(true);
        expect(lines.every((line) => line.micros >= 0 && line.units > 0)).toBe(true);
        expect(lines.reduce((sum, line) => sum + line.micros, 0)).toBe(micros);
      }),
    );
  });

  test('one more token, search or fetch never makes a request cheaper', () => {
    const counts = fc.constantFrom(...tokenKinds, 'webSearches' as const, 'webFetches' as const);
    fc.assert(
      fc.property(anyAsked, counts, fc.integer({ min: 1, max: 200_000 }), (asked, kind, extra) => {
        const more = Math.min(asked.usage[kind] + extra, Number.MAX_SAFE_INTEGER);
        const dearer = costOf({ ...asked, usage: { ...asked.usage, [kind]: more } });
        expect(dearer.micros).toBeGreaterThanOrEqual(costOf(asked).micros);
      }),
    );
  });

  test('one more token in an iteration never makes a request cheaper', () => {
    const withIteration = fc.tuple(anyAsked, anyIteration, fc.constantFrom(...tokenKinds), fc.nat(200_000));
    fc.assert(
      fc.property(withIteration, ([asked, iteration, kind, extra]) => {
        const costWith = (last: Iteration) =>
          costOf({ ...asked, usage: { ...asked.usage, iterations: [...asked.usage.iterations, last] } }).micros;
        const more = Math.min(iteration[kind] + extra, Number.MAX_SAFE_INTEGER);
        expect(costWith({ ...iteration, [kind]: more })).toBeGreaterThanOrEqual(costWith(iteration));
      }),
    );
  });

  test('no line is off by a micro-dollar or more from its exact amount', () => {
    const believable = { ...NO_USAGE, inputTokens: 123_457, outputTokens: 7_919, cacheReadTokens: 99_991, geo: 'us' };
    const { lines } = costOf({ book: DEFAULT_PRICE_BOOK, model: 'claude-haiku-5-5', usage: believable, at: 0 });
    for (const { units, ratePerMillion, percent, micros } of lines) {
      expect(Math.abs((units * ratePerMillion * percent) / 100_000_000 - micros)).toBeLessThan(1);
    }
  });
});
