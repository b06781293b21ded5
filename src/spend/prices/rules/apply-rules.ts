import type { Price, PriceBook, PriceEntry, Rates } from '../../rules/price-book.ts';
import { BASIS, isAbout, isInForce, nearest, type PriceRule } from './price-rule.ts';

/** A factor as an exact fraction of whole numbers, each below 2^53. */
type Factor = { readonly numerator: number; readonly denominator: number };

/** Half a micro-dollar and more becomes one; exact, because the products stay whole numbers. */
const scaled = (rate: number, { numerator, denominator }: Factor): number => {
  const [twice, by] = [2n * BigInt(rate) * BigInt(numerator), BigInt(denominator)];
  return Number((twice + by) / (2n * by));
};

const scaledRates = <R extends Rates>(rates: R, factor: Factor): R => ({
  ...rates,
  input: scaled(rates.input, factor),
  output: scaled(rates.output, factor),
  cacheWrite5m: scaled(rates.cacheWrite5m, factor),
  cacheWrite1h: scaled(rates.cacheWrite1h, factor),
  cacheRead: scaled(rates.cacheRead, factor),
});

const scaledPrice = (price: Price, factor: Factor): Price => ({
  bands: price.bands.map((band) => scaledRates(band, factor)),
  ...(price.fast === undefined ? {} : { fast: scaledRates(price.fast, factor) }),
  hasGeoPremium: price.hasGeoPremium,
});

type Kind<K extends PriceRule['kind']> = Extract<PriceRule, { readonly kind: K }>;

const ofKind = <K extends PriceRule['kind']>(rules: readonly PriceRule[], kind: K): readonly Kind<K>[] =>
  rules.filter((rule): rule is Kind<K> => rule.kind === kind);

/**
 * What the organisation pays of a price on a day. Of the discounts the nearest counts, and of the multipliers; both
 * multiply. An own price is what is paid already: of the discounts only one that names the model lowers it.
 */
const factorOn = (rules: readonly PriceRule[], isOwn: boolean): Factor => {
  const discounts = ofKind(rules, 'discount').filter(({ scope }) => !isOwn || scope.type === 'model');
  const discount = nearest(discounts)?.basisPoints ?? 0;
  const multiplier = nearest(ofKind(rules, 'multiplier'))?.basisPoints ?? BASIS;
  return { numerator: (BASIS - discount) * multiplier, denominator: BASIS * BASIS };
};

/** Days before any price changed; the first entry of a model that has rules begins here. */
const EVER = '1970-01-01';

/** The shipped entry of a day: the last that has begun, else the first there is. */
const shippedOn = (entries: readonly PriceEntry[], day: string): PriceEntry | undefined =>
  entries.findLast(({ from }) => from <= day) ?? entries[0];

const byDay = (one: string, other: string): number => (one < other ? -1 : one > other ? 1 : 0);

/** The entries of one model: a new one for each day on which something about its price changes. */
const entriesOf = (
  model: string,
  shipped: readonly PriceEntry[],
  rules: readonly PriceRule[],
): readonly PriceEntry[] => {
  const changes = rules.flatMap(({ from, until }) => (until === null ? [from] : [from, until]));
  const days = [...new Set([EVER, ...shipped.map(({ from }) => from), ...changes])].sort(byDay);
  return days.flatMap((from): readonly PriceEntry[] => {
    const inForce = rules.filter((rule) => isInForce(rule, from));
    const own = nearest(ofKind(inForce, 'price'));
    const base = shippedOn(shipped, from);
    const price = own?.price ?? base;
    // Of a model that is not shipped nothing is known outside of the days its price was given for.
    if (price === undefined) return [];
    const isRetired = own === undefined && base?.isRetired === true;
    return [{ model, from, isRetired, ...scaledPrice(price, factorOn(inForce, own !== undefined)) }];
  });
};

/**
 * The book an organisation is charged by: the shipped one with its own rules worked in. Every rate stays a whole number of
 * micro-dollars per million tokens: the exact product of the price with discount and multiplier, rounded half up once.
 * Searches, and what geography and batches do to a price, stay as they are. A model that is priced for some days only costs
 * its first price before them, as in every book.
 */
export const applyRules = (shipped: PriceBook, rules: readonly PriceRule[], version: string): PriceBook => {
  const shippedOf = Map.groupBy(shipped.entries, ({ model }) => model);
  const named = rules.flatMap((rule) => (rule.kind === 'price' && rule.scope.type === 'model' ? rule.scope.model : []));
  const models = [...new Set([...shippedOf.keys(), ...named])];
  return {
    ...shipped,
    version,
    entries: models.flatMap((model) => {
      const entries = [...(shippedOf.get(model) ?? [])].sort((one, other) => byDay(one.from, other.from));
      const about = rules.filter((rule) => isAbout(rule, model));
      return about.length === 0 ? entries : entriesOf(model, entries, about);
    }),
  };
};
