import type { NewPriceRule, PriceScope } from '../../../spend/contract.ts';

/** A rule about prices as the form holds it. */
export type RuleValues = {
  readonly kind: NewPriceRule['kind'];
  /** `all`, `family:opus` or `model:<id>`. */
  readonly scope: string;
  readonly percent: number | string;
  readonly factor: number | string;
  readonly model: string;
  readonly input: number | string;
  readonly output: number | string;
  readonly cacheWrite: number | string;
  readonly cacheRead: number | string;
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
  input: '',
  output: '',
  cacheWrite: '',
  cacheRead: '',
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

const ownPricesOf = ({ input, output, cacheWrite, cacheRead }: RuleValues) => ({
  input: decimal(input),
  output: decimal(output),
  ...(cacheWrite === '' ? {} : { cache_write_5m: decimal(cacheWrite), cache_write_1h: decimal(cacheWrite) }),
  ...(cacheRead === '' ? {} : { cache_read: decimal(cacheRead) }),
  geo_premium: false,
});

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
