import type { Micros } from '../../kernel/index.ts';
import type { PriceBook, Rates } from './price-book.ts';
import { priceOf, ratesFor } from './price-of.ts';
import type { TokenCounts, Usage } from './usage.ts';

/** What a line charges for. */
export type CostKind =
  | 'input'
  | 'output'
  | 'cache_write_5m'
  | 'cache_write_1h'
  | 'cache_read'
  | 'web_search'
  | 'web_fetch';

/** One charge: `micros` is `units × ratePerMillion × percent / 100 / 1,000,000`, rounded as `costOf` states. */
export type CostLine = {
  readonly kind: CostKind;
  /** The model that ran, as named on the wire; null when nobody named one. */
  readonly model: string | null;
  /** Tokens, searches or fetches; never 0. */
  readonly units: number;
  /** The book's price for a million units in micro-dollars, before `percent`. */
  readonly ratePerMillion: Micros;
  /** 100, or what geography and batch make of it: 110, 50, 55. */
  readonly percent: number;
  readonly micros: Micros;
};

/** What a request cost. `priced` is false when any part of it ran on a model the book does not know. */
export type Cost = { readonly micros: Micros; readonly priced: boolean; readonly lines: readonly CostLine[] };

/** `model` is the message's own; `at` is epoch ms; a usage whose service tier is `batch` is one without being told. */
export type CostQuestion = {
  readonly book: PriceBook;
  readonly model: string | null;
  readonly usage: Usage;
  readonly at: number;
  readonly batch?: boolean;
};

/** A line before rounding; its exact amount is `amount / AMOUNTS_PER_MICRO`. */
type ExactLine = Omit<CostLine, 'micros'> & { readonly amount: bigint };

type Run = { readonly model: string | null; readonly counts: TokenCounts };

// An amount is units × micro-dollars per million × geo percent × batch percent: all integers, nothing is lost.
const AMOUNTS_PER_MICRO = 1_000_000n * 100n * 100n;
const MILLION = 1_000_000;

const promptTokensOf = (run: TokenCounts): bigint =>
  BigInt(run.inputTokens) +
  BigInt(run.cacheReadTokens) +
  BigInt(run.cacheWrite5mTokens) +
  BigInt(run.cacheWrite1hTokens);

const tokenCharges = (counts: TokenCounts, rates: Rates) =>
  [
    { kind: 'input', units: counts.inputTokens, ratePerMillion: rates.input },
    { kind: 'output', units: counts.outputTokens, ratePerMillion: rates.output },
    { kind: 'cache_write_5m', units: counts.cacheWrite5mTokens, ratePerMillion: rates.cacheWrite5m },
    { kind: 'cache_write_1h', units: counts.cacheWrite1hTokens, ratePerMillion: rates.cacheWrite1h },
    { kind: 'cache_read', units: counts.cacheReadTokens, ratePerMillion: rates.cacheRead },
  ] as const;

/** The percentage a place adds to token charges; 100 where it adds none. */
export const geoPercentOf = (book: PriceBook, geo: string | null): number =>
  geo !== null && Object.hasOwn(book.geoPercent, geo) ? (book.geoPercent[geo] ?? 100) : 100;

const exactLine = (
  line: Omit<CostLine, 'micros' | 'percent'>,
  geoPercent: number,
  batchPercent: number,
): ExactLine => ({
  ...line,
  percent: (geoPercent * batchPercent) / 100,
  amount: BigInt(line.units) * BigInt(line.ratePerMillion) * BigInt(geoPercent) * BigInt(batchPercent),
});

const priceRun = ({ book, usage, at }: CostQuestion, isBatch: boolean, run: Run) => {
  const { price, priced } = priceOf(book, run.model, at);
  // Batches are not served in fast mode, whatever the usage says.
  const rates = ratesFor(price, promptTokensOf(run.counts), isBatch ? 'standard' : usage.speed);
  const geoPercent = price.hasGeoPremium ? geoPercentOf(book, usage.geo) : 100;
  const batchPercent = isBatch ? book.batchPercent : 100;
  const lines = tokenCharges(run.counts, rates).map((charge) =>
    exactLine({ ...charge, model: run.model }, geoPercent, batchPercent),
  );
  return { priced, lines };
};

const toolLines = ({ book, model, usage }: CostQuestion): readonly ExactLine[] => [
  exactLine(
    { kind: 'web_search', model, units: usage.webSearches, ratePerMillion: book.webSearchMicros * MILLION },
    100,
    100,
  ),
  exactLine({ kind: 'web_fetch', model, units: usage.webFetches, ratePerMillion: 0 }, 100, 100),
];

/** Half a micro-dollar and more becomes one. Saturates at the largest safe integer instead of losing digits. */
const roundToMicros = (amount: bigint): Micros => {
  const micros = (amount + AMOUNTS_PER_MICRO / 2n) / AMOUNTS_PER_MICRO;
  return micros > BigInt(Number.MAX_SAFE_INTEGER) ? Number.MAX_SAFE_INTEGER : Number(micros);
};

/** Gives each line the difference between the rounded running sums after and before it. */
const roundLines = (exact: readonly ExactLine[]): readonly CostLine[] => {
  let sum = 0n;
  return exact.map(({ amount, ...line }) => {
    const before = roundToMicros(sum);
    sum += amount;
    return { ...line, micros: roundToMicros(sum) - before };
  });
};

const runsOf = ({ model, usage }: CostQuestion): readonly Run[] =>
  usage.iterations.length === 0
    ? [{ model, counts: usage }]
    : usage.iterations.map((iteration) => ({ model: iteration.model ?? model, counts: iteration }));

/**
 * Prices one request. Token charges come from the iterations, each by its own model and its own prompt size (input +
 * cache reads + cache writes), or from the totals where there are none; geography and batch multiply them, fast mode has
 * rates of its own and never meets a batch; searches cost the same everywhere.
 *
 * Rounding happens once for the request: `micros` is the exact sum rounded half up. Each line gets what the rounded
 * running sum rises by at it, so the lines add up to `micros` exactly, none is negative and none is off by a micro-dollar
 * or more; lines follow the order of `CostKind`, run by run, and those without units are left out.
 */
export const costOf = (question: CostQuestion): Cost => {
  const isBatch = question.batch === true || question.usage.serviceTier === 'batch';
  const runs = runsOf(question).map((run) => priceRun(question, isBatch, run));
  const exact = [...runs.flatMap((run) => run.lines), ...toolLines(question)].filter((line) => line.units > 0);
  return {
    micros: roundToMicros(exact.reduce((sum, line) => sum + line.amount, 0n)),
    priced: runs.every((run) => run.priced),
    lines: roundLines(exact),
  };
};
