import type { Micros } from '../../../kernel/index.ts';
import type { Price, PriceBook, Rates } from '../../rules/price-book.ts';

/** The most a request can cost: so much before a word is written, and so much for each token it may write. */
export type WorstCost = {
  readonly fixedMicros: Micros;
  /** Micro-dollars per million tokens, times a percentage: integers, so that nothing is lost on the way. */
  readonly outputParts: number;
};

export type WorstFacts = {
  readonly price: Price;
  readonly book: Pick<PriceBook, 'geoPercent' | 'batchPercent'>;
  readonly isFast: boolean;
  readonly isBatch: boolean;
  readonly bodyBytes: number;
  /** How long the request asks for its prompt to be kept: keeping costs more than reading. */
  readonly cachesFor: 'nothing' | '5m' | '1h';
};

const PARTS_PER_MICRO = 100_000_000;

/** No token is shorter than a byte; what tools and the provider's own instructions add is far below this. */
const PROVIDER_TOKENS_MAX = 1_500;

const ratesOf = ({ price, isFast, isBatch }: WorstFacts): readonly Rates[] =>
  isFast && !isBatch && price.fast !== undefined ? [price.fast, ...price.bands] : price.bands;

const promptRateOf = (rates: Rates, cachesFor: WorstFacts['cachesFor']): number => {
  if (cachesFor === 'nothing') return rates.input;
  return Math.max(rates.input, rates.cacheWrite5m, cachesFor === '1h' ? rates.cacheWrite1h : 0);
};

/** The most that tokens cost: rounded up. */
const costOfParts = (tokens: number, parts: number): Micros => Math.ceil((tokens * parts) / PARTS_PER_MICRO);

/**
 * The upper bound of what a request costs whose price depends on nothing but its bytes and the tokens it may write: every
 * byte of the body a token, all of it kept in the cache where it asks for that, the dearest band and geography.
 */
export const worstCostOf = (facts: WorstFacts): WorstCost => {
  const { price, book, isBatch, bodyBytes, cachesFor } = facts;
  const geo = price.hasGeoPremium ? Math.max(100, ...Object.values(book.geoPercent)) : 100;
  const percent = (geo * (isBatch ? book.batchPercent : 100)) / 100;
  const rates = ratesOf(facts);
  const promptRate = Math.max(0, ...rates.map((one) => promptRateOf(one, cachesFor)));
  const outputRate = Math.max(0, ...rates.map(({ output }) => output));
  return {
    fixedMicros: costOfParts(bodyBytes + PROVIDER_TOKENS_MAX, promptRate * percent),
    outputParts: outputRate * percent,
  };
};

/** What a request costs at most that may write so many tokens. */
export const worstTotal = (worst: WorstCost, outputTokens: number): Micros =>
  worst.fixedMicros + costOfParts(outputTokens, worst.outputParts);

/** How many tokens a sum pays for at most, after what the request costs in any case; below 0 when not even that. */
export const tokensFor = (worst: WorstCost, micros: Micros): number => {
  const left = micros - worst.fixedMicros;
  if (left < 0) return -1;
  if (worst.outputParts === 0) return Number.MAX_SAFE_INTEGER;
  return Math.floor((left * PARTS_PER_MICRO) / worst.outputParts);
};
