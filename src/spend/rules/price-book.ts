import type { Micros } from '../../kernel/index.ts';

/** Prices of the five kinds of token, each in micro-dollars per million tokens: an integer, $0.05 is 50,000. */
export type Rates = {
  readonly input: Micros;
  readonly output: Micros;
  readonly cacheWrite5m: Micros;
  readonly cacheWrite1h: Micros;
  readonly cacheRead: Micros;
};

/** Rates for prompts of up to and including this many tokens; null is "any size" and ends a list of bands. */
export type Band = Rates & { readonly upToPromptTokens: number | null };

/** All prices of one model at one time. */
export type Price = {
  /** Ascending by size; the last one is open-ended. */
  readonly bands: readonly Band[];
  /** Absent where fast mode is not offered: an answer that claims it is then charged at the standard rates. */
  readonly fast?: Rates;
  /** Whether pinning inference to a geography raises the price (models 4.6 and later). */
  readonly hasGeoPremium: boolean;
};

/** A model's price from a day on (UTC midnight, inclusive) until the model's next entry. */
export type PriceEntry = Price & {
  /** The id without `[1m]` and without a date, unless that very snapshot has a price of its own. */
  readonly model: string;
  /** `YYYY-MM-DD`. */
  readonly from: string;
  /** Retired models stay priced for their old requests but do not set the price of an unknown model. */
  readonly isRetired: boolean;
};

/** Everything that turns usage into money. Percentages are integers; 100 leaves a price as it is. */
export type PriceBook = {
  readonly version: string;
  readonly entries: readonly PriceEntry[];
  /** By the answer's `inference_geo`, on token charges of models with a geo premium. */
  readonly geoPercent: Readonly<Record<string, number>>;
  /** On all token charges of a batch. */
  readonly batchPercent: number;
  /** For each search. Fetches are free. */
  readonly webSearchMicros: Micros;
};

/** Input, output, 5-minute write, 1-hour write, cache read. */
type RateRow = readonly [Micros, Micros, Micros, Micros, Micros];

const rates = ([input, output, cacheWrite5m, cacheWrite1h, cacheRead]: RateRow): Rates => ({
  input,
  output,
  cacheWrite5m,
  cacheWrite1h,
  cacheRead,
});

const anySize = (row: RateRow): readonly Band[] => [{ upToPromptTokens: null, ...rates(row) }];

/** For prices that have held for as long as the model has been offered. */
const EVER = '1970-01-01';

const current = { from: EVER, isRetired: false, hasGeoPremium: true };
const beforeGeo = { from: EVER, isRetired: false, hasGeoPremium: false };
const retired = { from: EVER, isRetired: true, hasGeoPremium: false };

const FABLE_5_2: RateRow = [8_000_000, 40_000_000, 10_000_000, 16_000_000, 200_000];
const FABLE_5_2_FAST: RateRow = [16_000_000, 80_000_000, 20_000_000, 32_000_000, 400_000];
const FABLE_5_1: RateRow = [10_000_000, 50_000_000, 12_500_000, 20_000_000, 250_000];
const FABLE_5: RateRow = [10_000_000, 50_000_000, 12_500_000, 20_000_000, 1_000_000];
const OPUS_5_5: RateRow = [4_000_000, 20_000_000, 5_000_000, 8_000_000, 200_000];
const OPUS_5_5_FAST: RateRow = [8_000_000, 40_000_000, 10_000_000, 16_000_000, 400_000];
const OPUS: RateRow = [5_000_000, 25_000_000, 6_250_000, 10_000_000, 500_000];
const OPUS_FAST: RateRow = [10_000_000, 50_000_000, 12_500_000, 20_000_000, 1_000_000];
const OPUS_4: RateRow = [15_000_000, 75_000_000, 18_750_000, 30_000_000, 1_500_000];
const SONNET_5_5: RateRow = [2_000_000, 10_000_000, 2_500_000, 4_000_000, 200_000];
const SONNET_5_5_CHEAPER_READS: RateRow = [2_000_000, 10_000_000, 2_500_000, 4_000_000, 100_000];
const SONNET_5: RateRow = [2_000_000, 10_000_000, 2_500_000, 4_000_000, 200_000];
const SONNET_4: RateRow = [3_000_000, 15_000_000, 3_750_000, 6_000_000, 300_000];
const HAIKU_5_5: RateRow = [100_000, 500_000, 125_000, 200_000, 10_000];
const HAIKU_5_5_LONG: RateRow = [500_000, 2_500_000, 625_000, 1_000_000, 50_000];
const HAIKU_4_5: RateRow = [1_000_000, 5_000_000, 1_250_000, 2_000_000, 100_000];
const HAIKU_3_5: RateRow = [800_000, 4_000_000, 1_000_000, 1_600_000, 80_000];

/** Claude's list prices in US dollars as published up to the day that is the version. */
export const DEFAULT_PRICE_BOOK: PriceBook = {
  version: '2026-11-20',
  geoPercent: { us: 110 },
  batchPercent: 50,
  webSearchMicros: 10_000,
  entries: [
    { ...current, model: 'claude-fable-5-2', bands: anySize(FABLE_5_2), fast: rates(FABLE_5_2_FAST) },
    { ...current, model: 'claude-mythos-5-2', bands: anySize(FABLE_5_2), fast: rates(FABLE_5_2_FAST) },
    { ...current, model: 'claude-fable-5-1', bands: anySize(FABLE_5_1) },
    { ...current, model: 'claude-mythos-5-1', bands: anySize(FABLE_5_1) },
    { ...current, model: 'claude-fable-5', bands: anySize(FABLE_5) },
    { ...current, model: 'claude-mythos-5', bands: anySize(FABLE_5) },
    {
      ...current,
      model: 'claude-opus-5-5',
      from: '2026-09-22',
      bands: anySize(OPUS_5_5),
      fast: rates(OPUS_5_5_FAST),
    },
    { ...current, model: 'claude-opus-5', bands: anySize(OPUS), fast: rates(OPUS_FAST) },
    // Fast mode ends on 2026-11-30 here, but an answer says "fast" only when it was served so: the price may stay.
    { ...current, model: 'claude-opus-4-8', bands: anySize(OPUS), fast: rates(OPUS_FAST) },
    { ...current, model: 'claude-opus-4-7', bands: anySize(OPUS) },
    { ...current, model: 'claude-opus-4-6', bands: anySize(OPUS) },
    { ...beforeGeo, model: 'claude-opus-4-5', bands: anySize(OPUS) },
    { ...current, model: 'claude-sonnet-5-5', from: '2026-09-28', bands: anySize(SONNET_5_5) },
    { ...current, model: 'claude-sonnet-5-5', from: '2026-11-20', bands: anySize(SONNET_5_5_CHEAPER_READS) },
    { ...current, model: 'claude-sonnet-5', bands: anySize(SONNET_5) },
    { ...current, model: 'claude-sonnet-4-6', bands: anySize(SONNET_4) },
    { ...beforeGeo, model: 'claude-sonnet-4-5', bands: anySize(SONNET_4) },
    {
      ...current,
      model: 'claude-haiku-5-5',
      from: '2026-10-07',
      bands: [{ upToPromptTokens: 100_000, ...rates(HAIKU_5_5) }, ...anySize(HAIKU_5_5_LONG)],
    },
    { ...beforeGeo, model: 'claude-haiku-4-5', bands: anySize(HAIKU_4_5) },
    { ...retired, model: 'claude-opus-4-1', bands: anySize(OPUS_4) },
    { ...retired, model: 'claude-opus-4', bands: anySize(OPUS_4) },
    { ...retired, model: 'claude-3-5-haiku', bands: anySize(HAIKU_3_5) },
  ],
};
