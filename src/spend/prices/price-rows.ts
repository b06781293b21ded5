import type { CsvRows } from '../../platform/index.ts';
import type { ModelPrice, PriceBook, PriceRule } from './contract.ts';

const RATES = ['input', 'output', 'cache_write_5m', 'cache_write_1h', 'cache_read'] as const;

const headed = (start: string): readonly string[] => RATES.map((rate) => `${start}${rate}_usd`);
const ratesOf = (rates: Readonly<Record<(typeof RATES)[number], string>> | null): readonly string[] =>
  RATES.map((rate) => rates?.[rate] ?? '');

const yesOrNo = (is: boolean): string => (is ? 'yes' : 'no');

const modelRow = ({ model, prices, list_prices, long_prompt, fast, geo_premium, retired }: ModelPrice) => [
  model,
  ...ratesOf(prices),
  ...ratesOf(list_prices),
  long_prompt === null ? '' : String(long_prompt.above_tokens),
  ...ratesOf(long_prompt),
  ...ratesOf(fast),
  yesOrNo(geo_premium),
  yesOrNo(retired),
];

/** What each model costs, in US dollars per million tokens, beside what it would cost without rules of one's own. */
export async function* priceRows({ date, version, models }: PriceBook): CsvRows {
  yield [
    ...['date', 'book', 'model', ...headed(''), ...headed('list_'), 'long_prompt_above_tokens'],
    ...[...headed('long_prompt_'), ...headed('fast_'), 'geo_premium', 'retired'],
  ];
  for (const model of models) yield [date, version, ...modelRow(model)];
}

const scopeCells = ({ scope }: PriceRule): readonly string[] => {
  switch (scope.type) {
    case 'all':
      return [scope.type, ''];
    case 'family':
      return [scope.type, scope.family];
    case 'model':
      return [scope.type, scope.model];
    default:
      return scope satisfies never;
  }
};

/** The organisation's own discounts, multipliers and prices, those that have ended too. */
export async function* ruleRows({ rules }: PriceBook): CsvRows {
  yield [
    ...['id', 'kind', 'scope_type', 'scope', 'percent_off', 'factor', ...headed('')],
    ...['starting_date', 'ending_date', 'created_at'],
  ];
  for (const rule of rules)
    yield [
      ...[rule.id, rule.kind, ...scopeCells(rule), rule.percent ?? '', rule.factor ?? '', ...ratesOf(rule.prices)],
      ...[rule.starting_date, rule.ending_date ?? '', rule.created_at],
    ];
}
