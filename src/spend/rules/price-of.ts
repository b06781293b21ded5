import type { Price, PriceBook, PriceEntry, Rates } from './price-book.ts';

/** `priced` is false where the book does not know the model and the dearest known rates stand in. */
export type PriceAnswer = { readonly price: Price; readonly priced: boolean };

/** The id a price is kept under: `claude-opus-4-5-20251101[1m]` → `claude-opus-4-5`. */
export const priceName = (model: string): string => model.replace(/\[1m\]$/i, '').replace(/[-@]\d{8}$/, '');

/** The entry in force at `at`, else the model's first: who answers before its listed day costs what was listed first. */
const inForce = (entries: readonly PriceEntry[], at: number): PriceEntry | undefined => {
  const byDay = [...entries].sort((one, other) => Date.parse(one.from) - Date.parse(other.from));
  return byDay.findLast((entry) => Date.parse(entry.from) <= at) ?? byDay[0];
};

const NO_RATES: Rates = { input: 0, output: 0, cacheWrite5m: 0, cacheWrite1h: 0, cacheRead: 0 };

const dearestOf = (all: readonly Rates[]): Rates => ({
  input: Math.max(0, ...all.map((rates) => rates.input)),
  output: Math.max(0, ...all.map((rates) => rates.output)),
  cacheWrite5m: Math.max(0, ...all.map((rates) => rates.cacheWrite5m)),
  cacheWrite1h: Math.max(0, ...all.map((rates) => rates.cacheWrite1h)),
  cacheRead: Math.max(0, ...all.map((rates) => rates.cacheRead)),
});

const dearestPrice = (book: PriceBook, at: number): Price => {
  const models = Map.groupBy(book.entries, (entry) => entry.model);
  const known = [...models.values()].flatMap((entries) => inForce(entries, at) ?? []);
  const offered = known.filter((entry) => !entry.isRetired);
  const judged = offered.length > 0 ? offered : known;
  const standard = dearestOf(judged.flatMap((entry) => entry.bands));
  const fast = dearestOf([standard, ...judged.flatMap((entry) => entry.fast ?? [])]);
  return { bands: [{ upToPromptTokens: null, ...standard }], fast, hasGeoPremium: true };
};

/**
 * The price of a model at an instant (epoch ms). Tolerates a `[1m]` ending and a date behind the id. A model the book
 * does not know, or null, gets the dearest of each rate among the models then offered (retired ones left out; fast rates
 * likewise), with the geo premium: an unknown model must never look cheap to a budget. Only an empty book prices at 0.
 */
export const priceOf = (book: PriceBook, model: string | null, at: number): PriceAnswer => {
  const entriesOf = (name: string): PriceEntry[] => book.entries.filter((entry) => entry.model === name);
  const found =
    model === null ? undefined : (inForce(entriesOf(model), at) ?? inForce(entriesOf(priceName(model)), at));
  return found === undefined ? { price: dearestPrice(book, at), priced: false } : { price: found, priced: true };
};

const bandFor = ({ bands }: Price, promptTokens: bigint | number): Rates | undefined => {
  for (const band of bands) if (band.upToPromptTokens === null || promptTokens <= band.upToPromptTokens) return band;
  return bands.at(-1);
};

/** The rates that apply to a prompt of this size: fast ones where asked and offered, else the band it falls into. */
export const ratesFor = (price: Price, promptTokens: bigint | number, speed: 'standard' | 'fast'): Rates =>
  speed === 'fast' && price.fast !== undefined ? price.fast : (bandFor(price, promptTokens) ?? NO_RATES);
