import { DAY_MS, type Micros } from '../../kernel/index.ts';
import type { PriceBook as Book, Price, PriceEntry, Rates } from '../rules/price-book.ts';
import { priceOf } from '../rules/price-of.ts';
import { toDate, toWireTime } from '../wire.ts';
import type * as contract from './contract.ts';
import { BASIS, type OwnPrice, type PriceEffect, type PriceRule, type PriceScope } from './rules/price-rule.ts';
import type { StoredRule } from './store.ts';

const MICROS_PER_USD = 1_000_000;

const toRate = (micros: Micros): string => decimal(micros, MICROS_PER_USD);

/** A quotient with as many decimals as it takes, never in powers of ten. */
const decimal = (parts: number, by: number): string =>
  (parts / by).toFixed(Math.round(Math.log10(by))).replace(/\.?0+$/, '');

const fromRate = (usd: string): Micros => Math.round(Number(usd) * MICROS_PER_USD);

const toRates = (rates: Rates) => ({
  input: toRate(rates.input),
  output: toRate(rates.output),
  cache_write_5m: toRate(rates.cacheWrite5m),
  cache_write_1h: toRate(rates.cacheWrite1h),
  cache_read: toRate(rates.cacheRead),
});

type WireRates = ReturnType<typeof toRates>;

const fromRates = (wire: WireRates): Rates => ({
  input: fromRate(wire.input),
  output: fromRate(wire.output),
  cacheWrite5m: fromRate(wire.cache_write_5m),
  cacheWrite1h: fromRate(wire.cache_write_1h),
  cacheRead: fromRate(wire.cache_read),
});

type NewPrice = Extract<contract.NewPriceRule, { readonly kind: 'price' }>;

const toOwnPrice = ({ long_prompt, fast, geo_premium, ...given }: NewPrice['prices']): OwnPrice => {
  const plain = fromRates(defined(given));
  const bands =
    long_prompt === undefined
      ? [{ upToPromptTokens: null, ...plain }]
      : [
          { upToPromptTokens: long_prompt.above_tokens, ...plain },
          { upToPromptTokens: null, ...fromRates(long_prompt) },
        ];
  return { bands, ...(fast === undefined ? {} : { fast: fromRates(fast) }), hasGeoPremium: geo_premium };
};

const defined = (
  given: { input: string; output: string } & { readonly [Name in keyof WireRates]?: string | undefined },
) => {
  const { input, output, cache_write_5m = input, cache_write_1h = input, cache_read = input } = given;
  return { input, output, cache_write_5m, cache_write_1h, cache_read };
};

const PERCENT_BASIS = BASIS / 100;

const effectOf = (body: contract.NewPriceRule): PriceEffect & { readonly scope: PriceScope } => {
  switch (body.kind) {
    case 'discount':
      return { kind: 'discount', scope: body.scope, basisPoints: Math.round(Number(body.percent) * PERCENT_BASIS) };
    case 'multiplier':
      return { kind: 'multiplier', scope: body.scope, basisPoints: Math.round(Number(body.factor) * BASIS) };
    case 'price':
      return { kind: 'price', scope: { type: 'model', model: body.model }, price: toOwnPrice(body.prices) };
    default:
      return body satisfies never;
  }
};

/** A rule as it was asked for. */
export const fromWireRule = (body: contract.NewPriceRule): Omit<PriceRule, 'id'> & PriceEffect => ({
  ...effectOf(body),
  from: body.starting_date,
  until: body.ending_date ?? null,
});

const longOf = ({ bands }: Pick<Price, 'bands'>) => {
  const [first, second] = bands;
  return first?.upToPromptTokens == null || second === undefined
    ? null
    : { above_tokens: first.upToPromptTokens, ...toRates(second) };
};

const FREE: Rates = { input: 0, output: 0, cacheWrite5m: 0, cacheWrite1h: 0, cacheRead: 0 };

/** What of a price does not depend on who asks. */
const shapeOf = (price: Price) => ({
  long_prompt: longOf(price),
  fast: price.fast === undefined ? null : toRates(price.fast),
  geo_premium: price.hasGeoPremium,
});

/** A rule as the API shows it. */
export const toWireRule = (rule: StoredRule): contract.PriceRule => ({
  type: 'price_rule',
  id: rule.id,
  kind: rule.kind,
  scope: rule.scope,
  percent: rule.kind === 'discount' ? decimal(rule.basisPoints, PERCENT_BASIS) : null,
  factor: rule.kind === 'multiplier' ? decimal(rule.basisPoints, BASIS) : null,
  prices: rule.kind === 'price' ? { ...toRates(rule.price.bands[0] ?? FREE), ...shapeOf(rule.price) } : null,
  starting_date: rule.from,
  ending_date: rule.until,
  created_at: toWireTime(rule.createdAt),
});

const isRetired = (price: Price): boolean => 'isRetired' in price && (price as PriceEntry).isRetired;

type Shown = {
  readonly book: Book;
  readonly shipped: Book;
  readonly at: number;
  readonly rules: readonly StoredRule[];
};

/** The book on a day, with the rules it is made of. */
export const toWireBook = ({ book, shipped, at, rules }: Shown): contract.PriceBook => {
  const models = [...new Set(book.entries.map(({ model }) => model))];
  return {
    type: 'price_book',
    version: book.version,
    shipped_version: shipped.version,
    currency: 'USD',
    date: toDate(Math.floor(at / DAY_MS)),
    models: models.map((model) => {
      const { price } = priceOf(book, model, at);
      const list = priceOf(shipped, model, at);
      return {
        type: 'model_price',
        model,
        prices: toRates(price.bands[0] ?? FREE),
        list_prices: list.priced ? toRates(list.price.bands[0] ?? FREE) : null,
        ...shapeOf(price),
        retired: isRetired(price),
      };
    }),
    batch_percent: book.batchPercent,
    geo_percent: { ...book.geoPercent },
    web_search: decimal(book.webSearchMicros, MICROS_PER_USD / 1000),
    rules: rules.map(toWireRule),
  };
};

const scopeName = (scope: PriceScope): string => {
  switch (scope.type) {
    case 'all':
      return 'all models';
    case 'family':
      return scope.family;
    case 'model':
      return scope.model;
    default:
      return scope satisfies never;
  }
};

const effectName = (rule: PriceEffect): string => {
  switch (rule.kind) {
    case 'discount':
      return `${decimal(rule.basisPoints, PERCENT_BASIS)} % off`;
    case 'multiplier':
      return `${decimal(rule.basisPoints, BASIS)} times the price of`;
    case 'price':
      return 'own prices of';
    default:
      return rule satisfies never;
  }
};

/** A rule in one line, for the feed: `15 % off all models from 2026-11-01`. */
export const describeRule = (rule: PriceRule): string =>
  `${effectName(rule)} ${scopeName(rule.scope)} from ${rule.from}${rule.until === null ? '' : ` until ${rule.until}`}`;
