import type { NewPriceRule, PriceScope } from '../../../spend/contract.ts';

/** US dollars for a million tokens; what is left empty of the cache costs as much as input. */
export type RateValues = {
  readonly input: number | string;
  readonly output: number | string;
  readonly cacheWrite: number | string;
  readonly cacheWriteHour: number | string;
  readonly cacheRead: number | string;
};

/** Prices nobody has typed yet. */
export const NO_RATES: RateValues = { input: '', output: '', cacheWrite: '', cacheWriteHour: '', cacheRead: '' };

/** A rule about prices as the form holds it. */
export type RuleValues = {
  readonly kind: NewPriceRule['kind'];
  /** `all`, `family:opus` or `model:<id>`. */
  readonly scope: string;
  readonly percent: number | string;
  readonly factor: number | string;
  readonly model: string;
  readonly prices: RateValues;
  /** What long prompts cost, from so many tokens on; null where they cost the same. */
  readonly long: (RateValues & { readonly above: number | string }) | null;
  /** What fast mode costs; null where it costs the same. */
  readonly fast: RateValues | null;
  /** Whether a geography raises the price, as for the provider's newer models. */
  readonly hasGeoPremium: boolean;
  readonly starting: string;
  readonly ending: string;
};

/** The form's values for a new rule: it begins today. */
export const newRule = (): RuleValues => ({
  kind: 'discount',
  scope: 'all',
  percent: 10,
  factor: 1.1,
  model: '',
  prices: NO_RATES,
  long: null,
  fast: null,
  hasGeoPremium: false,
  starting: new Date().toISOString().slice(0, 10),
  ending: '',
});

const scopeOf = (text: string): PriceScope => {
  const [type, ...rest] = text.split(':');
  const name = rest.join(':');
  if (type === 'family') return { type, family: name };
  return type === 'model' ? { type, model: name } : { type: 'all' };
};

const decimal = (value: number | string): string => (value === '' ? '0' : String(value));

/** All five prices. A cache write that is kept for an hour costs what other writes cost, where only those are given. */
const ratesOf = ({ input, output, cacheWrite, cacheWriteHour, cacheRead }: RateValues) => {
  const write = cacheWrite === '' ? input : cacheWrite;
  return {
    input: decimal(input),
    output: decimal(output),
    cache_write_5m: decimal(write),
    cache_write_1h: decimal(cacheWriteHour === '' ? write : cacheWriteHour),
    cache_read: decimal(cacheRead === '' ? input : cacheRead),
  };
};

const ownPricesOf = ({ prices, long, fast, hasGeoPremium }: RuleValues) => ({
  ...ratesOf(prices),
  ...(long === null ? {} : { long_prompt: { above_tokens: Number(long.above), ...ratesOf(long) } }),
  ...(fast === null ? {} : { fast: ratesOf(fast) }),
  geo_premium: hasGeoPremium,
});

const isMissing = ({ input, output }: RateValues): boolean => input === '' || output === '';

/** What is missing before a rule can be looked at or made; null when nothing is. */
export const problemOf = (values: RuleValues): string | null => {
  if (values.starting === '') return 'Choose the first day.';
  if (values.kind !== 'price') return null;
  if (values.model.trim() === '') return 'Name the model.';
  if ([values.prices, values.long, values.fast].some((rates) => rates !== null && isMissing(rates)))
    return 'Enter what input and output cost.';
  return values.long !== null && !(Number(values.long.above) > 0)
    ? 'Enter from how many tokens on a prompt is long.'
    : null;
};

/** What is sent to make the rule. */
export const ruleOf = (values: RuleValues): NewPriceRule => {
  const days = { starting_date: values.starting, ending_date: values.ending === '' ? null : values.ending };
  switch (values.kind) {
    case 'discount':
      return { kind: 'discount', scope: scopeOf(values.scope), percent: decimal(values.percent), ...days };
    case 'multiplier':
      return { kind: 'multiplier', scope: scopeOf(values.scope), factor: decimal(values.factor), ...days };
    case 'price':
      return { kind: 'price', model: values.model.trim(), prices: ownPricesOf(values), ...days };
    default:
      return values.kind satisfies never;
  }
};
