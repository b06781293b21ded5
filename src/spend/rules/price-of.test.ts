import { describe, expect, test } from 'vitest';
import { DEFAULT_PRICE_BOOK, type PriceBook } from './price-book.ts';
import { priceName, priceOf, ratesFor } from './price-of.ts';

const AT = Date.UTC(2026, 10, 22);
const dearest = {
  input: 10_000_000,
  output: 50_000_000,
  cacheWrite5m: 12_500_000,
  cacheWrite1h: 20_000_000,
  cacheRead: 1_000_000,
};

describe('the name a price is kept under', () => {
  test.each([
    ['claude-opus-5-5', 'claude-opus-5-5'],
    ['claude-opus-5-5[1m]', 'claude-opus-5-5'],
    ['claude-opus-5-5[1M]', 'claude-opus-5-5'],
    ['claude-opus-4-5-20251101', 'claude-opus-4-5'],
    ['claude-opus-4-5@20251101', 'claude-opus-4-5'],
    ['claude-sonnet-4-5-20250929[1m]', 'claude-sonnet-4-5'],
    ['claude-opus-4-5-2025', 'claude-opus-4-5-2025'],
    ['', ''],
  ])('of %o is %o', (model, wanted) => {
    expect(priceName(model)).toBe(wanted);
  });
});

describe('an unknown model', () => {
  test.each([['claude-oracle-9'], [''], ['__proto__'], [null]])(
    'such as %o has the dearest offered rates and says so',
    (model) => {
      const { price, priced } = priceOf(DEFAULT_PRICE_BOOK, model, AT);
      expect(priced).toBe(false);
      expect(price.bands).toEqual([{ upToPromptTokens: null, ...dearest }]);
      expect(price.hasGeoPremium).toBe(true);
    },
  );

  test('is judged by retired models when the book offers no other, and by nothing when the book is empty', () => {
    const retiredOnly = {
      ...DEFAULT_PRICE_BOOK,
      entries: DEFAULT_PRICE_BOOK.entries.filter((entry) => entry.isRetired),
    };
    const empty: PriceBook = { ...DEFAULT_PRICE_BOOK, entries: [] };
    expect(priceOf(retiredOnly, 'x', AT).price.bands[0]?.output).toBe(75_000_000);
    expect(priceOf(empty, 'x', AT).price.bands[0]?.output).toBe(0);
  });
});

describe('a dated price', () => {
  const cacheRead = (at: number) => priceOf(DEFAULT_PRICE_BOOK, 'claude-sonnet-5-5', at).price.bands[0]?.cacheRead;

  test.each([
    ['before the first entry', Date.UTC(2026, 0, 1), 200_000],
    ['at the first entry', Date.UTC(2026, 8, 28), 200_000],
    ['a millisecond before the change', Date.UTC(2026, 10, 20) - 1, 200_000],
    ['at the change', Date.UTC(2026, 10, 20), 100_000],
    ['at no time at all', Number.NaN, 200_000],
  ])('%s', (_when, at, wanted) => {
    expect(cacheRead(at)).toBe(wanted);
  });

  test('does not depend on the order of the entries', () => {
    const reversed = { ...DEFAULT_PRICE_BOOK, entries: [...DEFAULT_PRICE_BOOK.entries].reverse() };
    expect(priceOf(reversed, 'claude-sonnet-5-5', AT)).toEqual(priceOf(DEFAULT_PRICE_BOOK, 'claude-sonnet-5-5', AT));
  });

  test('of one snapshot wins over that of its model', () => {
    const [first] = DEFAULT_PRICE_BOOK.entries;
    const snapshot = {
      ...first,
      model: 'claude-opus-4-5-20251101',
      from: '2026-01-01',
      bands: [],
      hasGeoPremium: true,
      isRetired: false,
    };
    const book = { ...DEFAULT_PRICE_BOOK, entries: [...DEFAULT_PRICE_BOOK.entries, snapshot] };
    expect(priceOf(book, 'claude-opus-4-5-20251101', AT).price).toBe(snapshot);
    expect(priceOf(book, 'claude-opus-4-5', AT).price).not.toBe(snapshot);
  });
});

describe('the default price book', () => {
  test.each(DEFAULT_PRICE_BOOK.entries)(
    '$model from $from has rates that are integers and bands that end open and only rise',
    (entry) => {
      expect(new Date(entry.from).toISOString().slice(0, 10)).toBe(entry.from);
      expect(entry.bands.at(-1)?.upToPromptTokens).toBeNull();
      for (const rates of [...entry.bands, ...(entry.fast ? [entry.fast] : [])]) {
        const { input, output, cacheWrite5m, cacheWrite1h, cacheRead } = rates;
        expect([input, output, cacheWrite5m, cacheWrite1h, cacheRead].every((rate) => Number.isSafeInteger(rate))).toBe(
          true,
        );
        expect([output, cacheWrite5m * 4, cacheWrite1h * 2.5]).toEqual([input * 5, input * 5, input * 5]);
        expect(cacheRead).toBeLessThanOrEqual(input / 10);
      }
      const inputs = entry.bands.map((band) => band.input);
      expect(inputs).toEqual([...inputs].sort((one, other) => one - other));
    },
  );

  test('fast mode doubles every rate of the models that offer it', () => {
    const fast = DEFAULT_PRICE_BOOK.entries.filter((entry) => entry.fast !== undefined);
    expect(fast.map((entry) => entry.model)).toEqual([
      'claude-fable-5-2',
      'claude-mythos-5-2',
      'claude-opus-5-5',
      'claude-opus-5',
      'claude-opus-4-8',
    ]);
    for (const entry of fast) {
      const standard = ratesFor(entry, 0n, 'standard');
      expect(ratesFor(entry, 0n, 'fast')).toEqual({
        input: standard.input * 2,
        output: standard.output * 2,
        cacheWrite5m: standard.cacheWrite5m * 2,
        cacheWrite1h: standard.cacheWrite1h * 2,
        cacheRead: standard.cacheRead * 2,
      });
    }
  });
});
