import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { costOf } from '../../rules/cost.ts';
import { DEFAULT_PRICE_BOOK } from '../../rules/price-book.ts';
import { NO_USAGE } from '../../rules/usage.ts';
import { applyRules } from './apply-rules.ts';
import type { PriceEffect, PriceRule, PriceScope } from './price-rule.ts';

const OPUS = 'claude-opus-5-5';
const HAIKU = 'claude-haiku-5-5';
const MILLION = 1_000_000;

const ALL: PriceScope = { type: 'all' };
const family = (name: string): PriceScope => ({ type: 'family', family: name });
const model = (id: string): PriceScope => ({ type: 'model', model: id });

type Days = { readonly from?: string; readonly until?: string | null; readonly id?: string };

const rule = (effect: PriceEffect, scope: PriceScope, { from = '2026-01-01', until = null, id = 'a' }: Days = {}) =>
  ({ ...effect, scope, from, until, id }) satisfies PriceRule;

const discount = (basisPoints: number, scope: PriceScope, days?: Days) =>
  rule({ kind: 'discount', basisPoints }, scope, days);
const multiplier = (basisPoints: number, scope: PriceScope, days?: Days) =>
  rule({ kind: 'multiplier', basisPoints }, scope, days);
const own = (input: number, scope: PriceScope, days?: Days) => {
  const rates = { input, output: input, cacheWrite5m: input, cacheWrite1h: input, cacheRead: input };
  const price = { bands: [{ upToPromptTokens: null, ...rates }], hasGeoPremium: false };
  return rule({ kind: 'price', price }, scope, days);
};

/** What a million tokens of input cost under some rules. */
const inputPrice = (rules: readonly PriceRule[], name: string, at = '2026-11-22T12:00:00Z') =>
  costOf({
    book: applyRules(DEFAULT_PRICE_BOOK, rules, 'test'),
    model: name,
    usage: { ...NO_USAGE, inputTokens: MILLION },
    at: Date.parse(at),
  }).micros;

describe('rules about prices', () => {
  it.each([
    ['nothing changes without rules', [], OPUS, 4_000_000],
    ['a discount lowers every rate', [discount(1500, ALL)], OPUS, 3_400_000],
    ['a discount of all makes it free', [discount(10_000, ALL)], OPUS, 0],
    ['a multiplier raises every rate', [multiplier(12_000, ALL)], OPUS, 4_800_000],
    ['discount and multiplier multiply', [discount(1500, ALL), multiplier(12_000, ALL)], OPUS, 4_080_000],
    ['a family is told by the id', [discount(1000, family('opus'))], OPUS, 3_600_000],
    ['and leaves others alone', [discount(1000, family('opus'))], HAIKU, 500_000],
    [
      'the model counts before its family',
      [discount(5000, model(OPUS)), discount(1000, family('opus'))],
      OPUS,
      2_000_000,
    ],
    ['the family counts before all', [discount(1000, family('opus')), discount(9000, ALL)], OPUS, 3_600_000],
    [
      'of two alike the later day counts',
      [discount(1000, ALL, { from: '2026-10-01' }), discount(2000, ALL)],
      OPUS,
      3_600_000,
    ],
    [
      'and of one day the later made',
      [discount(1000, ALL, { id: 'b' }), discount(2000, ALL, { id: 'a' })],
      OPUS,
      3_600_000,
    ],
    ['an own price is what is paid', [own(7_000_000, model(OPUS)), discount(1500, ALL)], OPUS, 7_000_000],
    ['unless a discount names the model', [own(7_000_000, model(OPUS)), discount(5000, model(OPUS))], OPUS, 3_500_000],
    ['a multiplier counts on it too', [own(7_000_000, model(OPUS)), multiplier(20_000, ALL)], OPUS, 14_000_000],
    ['a model of its own has a price', [own(300_000, model('acme-9'))], 'acme-9', 300_000],
    ['half a micro-dollar becomes one', [discount(1, family('haiku'))], 'claude-haiku-4-5', 999_900],
  ])('%s', (_, rules, name, wanted) => {
    expect(inputPrice(rules, name)).toBe(wanted);
  });

  it('begin at midnight UTC of their first day and end at midnight of their last', () => {
    const rules = [discount(5000, ALL, { from: '2026-11-10', until: '2026-11-20' })];
    const at = (time: string) => inputPrice(rules, OPUS, time);
    expect(at('2026-11-09T23:59:59.999Z')).toBe(4_000_000);
    expect(at('2026-11-10T00:00:00Z')).toBe(2_000_000);
    expect(at('2026-11-19T23:59:59.999Z')).toBe(2_000_000);
    expect(at('2026-11-20T00:00:00Z')).toBe(4_000_000);
  });

  it('keep the dated prices of the shipped book beneath them', () => {
    const read = (at: string) =>
      costOf({
        book: applyRules(DEFAULT_PRICE_BOOK, [discount(5000, ALL)], 'test'),
        model: 'claude-sonnet-5-5',
        usage: { ...NO_USAGE, cacheReadTokens: MILLION },
        at: Date.parse(at),
      }).micros;
    expect(read('2026-11-19T12:00:00Z')).toBe(100_000);
    expect(read('2026-11-20T12:00:00Z')).toBe(50_000);
  });

  it('lower what an unknown model costs only where every model is cheaper', () => {
    const unknown = (rules: readonly PriceRule[]) => inputPrice(rules, 'claude-oracle-9');
    expect(unknown([])).toBe(10_000_000);
    expect(unknown([discount(1000, ALL)])).toBe(9_000_000);
    expect(unknown([discount(9000, family('fable'))])).toBe(10_000_000);
    expect(unknown([multiplier(20_000, ALL)])).toBe(20_000_000);
  });

  it('leave searches as they are', () => {
    const book = applyRules(DEFAULT_PRICE_BOOK, [discount(5000, ALL)], 'test');
    const usage = { ...NO_USAGE, webSearches: 3 };
    expect(costOf({ book, model: OPUS, usage, at: Date.parse('2026-11-22') }).micros).toBe(30_000);
  });

  it('never make a rate negative or a fraction, and a discount never makes anything dearer', () => {
    const anyDay = fc.integer({ min: 1, max: 28 }).map((day) => `2026-11-${String(day).padStart(2, '0')}`);
    const anyScope = fc.constantFrom(ALL, family('opus'), family('haiku'), model(OPUS), model(HAIKU));
    const anyDiscount = fc
      .record({
        basisPoints: fc.integer({ min: 1, max: 10_000 }),
        scope: anyScope,
        from: anyDay,
        until: fc.option(anyDay),
      })
      .map(({ basisPoints, scope, from, until }) => discount(basisPoints, scope, { from, until }));
    fc.assert(
      fc.property(fc.array(anyDiscount, { maxLength: 5 }), anyDay, (rules, day) => {
        const book = applyRules(DEFAULT_PRICE_BOOK, rules, 'test');
        for (const entry of book.entries)
          for (const band of entry.bands)
            expect(
              [band.input, band.output, band.cacheRead].every((rate) => Number.isSafeInteger(rate) && rate >= 0),
            ).toBe(true);
        for (const name of [OPUS, HAIKU, 'claude-fable-5-2'])
          expect(inputPrice(rules, name, `${day}T12:00:00Z`)).toBeLessThanOrEqual(
            inputPrice([], name, `${day}T12:00:00Z`),
          );
      }),
    );
  });
});
