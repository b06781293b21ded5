import type { Micros } from '../../kernel/index.ts';
import { type CostQuestion, costOf, geoPercentOf } from './cost.ts';
import type { PriceBook, Rates } from './price-book.ts';
import { type PriceAnswer, priceOf, ratesFor } from './price-of.ts';
import type { TokenCounts } from './usage.ts';

/** What a request is charged: {@link costOf} without its lines. */
export type Charge = { readonly micros: Micros; readonly priced: boolean };

export type ChargeQuestion = Omit<CostQuestion, 'book'>;

const DAY_MS = 24 * 3600 * 1000;
const MILLION = 1_000_000;
const PERCENT = 100;
/** Micro-dollars per million units, times a percentage: how many of these make a micro-dollar. */
const PARTS_PER_MICRO = MILLION * PERCENT;

const PRICES_KEPT_MAX = 500;

/** Exact half-up rounding of parts to micro-dollars; undefined where doubles could lose a part. */
const roundParts = (parts: number): Micros | undefined => {
  const raised = parts + PARTS_PER_MICRO / 2;
  if (!Number.isSafeInteger(raised)) return undefined;
  const quotient = Math.floor(raised / PARTS_PER_MICRO);
  // The division rounds to the nearest double, which can be the integer above.
  return quotient * PARTS_PER_MICRO > raised ? quotient - 1 : quotient;
};

const tokenParts = (counts: TokenCounts, rates: Rates): number =>
  counts.inputTokens * rates.input +
  counts.outputTokens * rates.output +
  counts.cacheWrite5mTokens * rates.cacheWrite5m +
  counts.cacheWrite1hTokens * rates.cacheWrite1h +
  counts.cacheReadTokens * rates.cacheRead;

const promptTokens = (counts: TokenCounts): number =>
  counts.inputTokens + counts.cacheReadTokens + counts.cacheWrite5mTokens + counts.cacheWrite1hTokens;

/** Looks up prices of one book; they change at midnight UTC, so each model's is found once a day. */
export const createPriceAt = (book: PriceBook): ((model: string | null, at: number) => PriceAnswer) => {
  const prices = new Map<string | null, { readonly day: number; readonly price: PriceAnswer }>();
  return (model, at) => {
    const day = Math.floor(at / DAY_MS);
    const known = prices.get(model);
    if (known?.day === day) return known.price;
    if (prices.size >= PRICES_KEPT_MAX) prices.clear();
    const price = priceOf(book, model, at);
    prices.set(model, { day, price });
    return price;
  };
};

/**
 * Charges requests by one book: the same amounts as {@link costOf}, to the micro-dollar, at the speed of the hot path.
 * Whatever is not a plain run of one model
 * in exact doubles is left to `costOf`.
 */
export const createCharge = (book: PriceBook): ((question: ChargeQuestion) => Charge) => {
  const priceAt = createPriceAt(book);

  const plainCharge = ({ model, usage, at, batch }: ChargeQuestion): Charge | undefined => {
    if (usage.iterations.length > 0 || batch === true || usage.serviceTier === 'batch') return undefined;
    const { price, priced } = priceAt(model, at);
    const rates = ratesFor(price, promptTokens(usage), usage.speed);
    const percent = price.hasGeoPremium ? geoPercentOf(book, usage.geo) : PERCENT;
    const parts = tokenParts(usage, rates) * percent + usage.webSearches * book.webSearchMicros * MILLION * PERCENT;
    const micros = roundParts(parts);
    return micros === undefined ? undefined : { micros, priced };
  };

  return (question) => {
    const plain = plainCharge(question);
    if (plain !== undefined) return plain;
    const { micros, priced } = costOf({ ...question, book });
    return { micros, priced };
  };
};
