import { z } from 'zod';
import { endpoint } from '../../platform/contract.ts';

export * from './rerating/contract.ts';

/** Cents as a decimal string, as in the cost reports. */
const Amount = z.string();
const CalendarDate = z.iso.date();

/** US dollars per million tokens as a decimal string with six decimals at most: "0.2". */
const Rate = z.string().regex(/^\d{1,6}(?:\.\d{1,6})?$/, 'a price is US dollars per million tokens, such as "0.2"');

const rates = { input: Rate, output: Rate, cache_write_5m: Rate, cache_write_1h: Rate, cache_read: Rate };
const Rates = z.object(rates);

/** A percentage with two decimals at most: "12.5" leaves out an eighth. */
const Percent = z
  .string()
  .regex(/^(?:100(?:\.0{1,2})?|\d{1,2}(?:\.\d{1,2})?)$/, 'a discount is a percentage up to "100"');
/** A factor with four decimals at most. */
const Factor = z.string().regex(/^\d{1,3}(?:\.\d{1,4})?$/, 'a factor is a number below 1000, such as "1.2"');

const name = z.string().trim().min(1).max(200);

/** What a rule is about. A model is named by its canonical id; a family by the word in its models' ids, such as `opus`. */
export const PriceScope = z.discriminatedUnion('type', [
  z.strictObject({ type: z.literal('all') }),
  z.strictObject({ type: z.literal('family'), family: name }),
  z.strictObject({ type: z.literal('model'), model: name }),
]);
export type PriceScope = z.output<typeof PriceScope>;

/** Prices of a model. Those of the cache are the price of input where they are left out; long prompts cost the same without `long_prompt`. */
const OwnPrices = z.strictObject({
  input: Rate,
  output: Rate,
  cache_write_5m: Rate.optional(),
  cache_write_1h: Rate.optional(),
  cache_read: Rate.optional(),
  /** What prompts of more tokens than `above_tokens` cost. */
  long_prompt: z.strictObject({ above_tokens: z.number().int().min(1), ...rates }).optional(),
  /** What fast mode costs; without it, as the rest. */
  fast: z.strictObject(rates).optional(),
  /** Whether a geography raises the price, as it does for the provider's newer models. */
  geo_premium: z.boolean().default(false),
});

const days = {
  /** The first day (UTC); a day that has passed changes what later re-rating finds, never what has been charged. */
  starting_date: CalendarDate,
  /** The day after the last; without end when null or left out. */
  ending_date: CalendarDate.nullish(),
};

const NewPriceRule = z.discriminatedUnion('kind', [
  z.strictObject({ kind: z.literal('discount'), scope: PriceScope, percent: Percent, ...days }),
  z.strictObject({ kind: z.literal('multiplier'), scope: PriceScope, factor: Factor, ...days }),
  z.strictObject({ kind: z.literal('price'), model: name, prices: OwnPrices, ...days }),
]);
export type NewPriceRule = z.output<typeof NewPriceRule>;

/** The organisation's own word on prices: a discount, a multiplier or a model's own prices. */
export const PriceRule = z.object({
  type: z.literal('price_rule'),
  id: z.string(),
  kind: z.enum(['discount', 'multiplier', 'price']),
  scope: PriceScope,
  /** Of a discount. */
  percent: z.string().nullable(),
  /** Of a multiplier. */
  factor: z.string().nullable(),
  /** Of a model's own prices. */
  prices: z
    .object({
      ...rates,
      long_prompt: Rates.extend({ above_tokens: z.number() }).nullable(),
      fast: Rates.nullable(),
      geo_premium: z.boolean(),
    })
    .nullable(),
  starting_date: CalendarDate,
  ending_date: CalendarDate.nullable(),
  created_at: z.string(),
});
export type PriceRule = z.output<typeof PriceRule>;

/** What a model costs on a day, and what it would cost without the organisation's own rules. */
export const ModelPrice = z.object({
  type: z.literal('model_price'),
  model: z.string(),
  prices: Rates,
  /** null for a model that is not in the shipped book. */
  list_prices: Rates.nullable(),
  long_prompt: Rates.extend({ above_tokens: z.number() }).nullable(),
  fast: Rates.nullable(),
  geo_premium: z.boolean(),
  retired: z.boolean(),
});
export type ModelPrice = z.output<typeof ModelPrice>;

export const PriceBook = z.object({
  type: z.literal('price_book'),
  /** Written into every usage row that is charged by it. A change of rules makes a new one. */
  version: z.string(),
  /** The version of the prices that came with the program. */
  shipped_version: z.string(),
  currency: z.literal('USD'),
  date: CalendarDate,
  models: z.array(ModelPrice),
  batch_percent: z.number(),
  geo_percent: z.record(z.string(), z.number()),
  /** US dollars for a thousand searches. */
  web_search: z.string(),
  rules: z.array(PriceRule),
});
export type PriceBook = z.output<typeof PriceBook>;

export const getPrices = endpoint({
  method: 'GET',
  path: '/v1/organizations/prices',
  permission: 'billing:view',
  summary: 'The prices in force on a day (today when absent), and the rules they are made of',
  query: z.object({ date: CalendarDate.optional() }),
  reply: PriceBook,
});

export const exportPrices = endpoint({
  method: 'GET',
  path: '/v1/organizations/prices/export',
  permission: 'billing:view',
  summary:
    'The prices in force on a day (today when absent) as a CSV file, or the rules they are made of; US dollars per million tokens',
  query: z.object({ date: CalendarDate.optional(), of: z.enum(['models', 'rules']).default('models') }),
  produces: 'text/csv',
  reply: z.custom<AsyncIterable<string>>(),
});

export const listPriceBooks = endpoint({
  method: 'GET',
  path: '/v1/organizations/prices/versions',
  permission: 'billing:view',
  summary: 'Every version of the price book there has been, the newest first',
  reply: z.object({
    data: z.array(
      z.object({
        type: z.literal('price_book_version'),
        version: z.string(),
        made_at: z.string(),
        made_by: z.string().nullable(),
      }),
    ),
  }),
});

export const createPriceRule = endpoint({
  method: 'POST',
  path: '/v1/organizations/prices/rules',
  permission: 'billing:manage',
  summary: 'Agree on a discount, a multiplier or prices of a model of your own; the next request is charged by it',
  records: ['remit_prices_updated'],
  body: z.strictObject({ rule: NewPriceRule }),
  reply: PriceRule,
  errors: ['invalid_request'],
});

export const endPriceRule = endpoint({
  method: 'POST',
  path: '/v1/organizations/prices/rules/:rule_id',
  permission: 'billing:manage',
  summary: 'Let a rule about prices end on a day',
  records: ['remit_prices_updated'],
  body: z.strictObject({ ending_date: CalendarDate }),
  reply: PriceRule,
  errors: ['not_found', 'invalid_request'],
});

export const deletePriceRule = endpoint({
  method: 'DELETE',
  path: '/v1/organizations/prices/rules/:rule_id',
  permission: 'billing:manage',
  summary: 'Take a rule about prices back, as if it had never been; what was charged by it stays charged',
  records: ['remit_prices_updated'],
  reply: z.object({ id: z.string(), type: z.literal('price_rule_deleted') }),
  errors: ['not_found'],
});

const Difference = z.object({ before_amount: Amount, after_amount: Amount, difference: Amount });

export const PricePreview = z.object({
  type: z.literal('price_preview'),
  starting_date: CalendarDate,
  ending_date: CalendarDate,
  currency: z.literal('USD'),
  ...Difference.shape,
  /** The models whose cost changes, the largest difference first. */
  by_model: z.array(Difference.extend({ model: z.string().nullable() })),
  requests: z.number().int(),
  /** True when there were more requests than are reckoned; the newest are. */
  truncated: z.boolean(),
});
export type PricePreview = z.output<typeof PricePreview>;

export const previewPrices = endpoint({
  method: 'POST',
  path: '/v1/organizations/prices/preview',
  permission: 'billing:manage',
  summary:
    'What the last 30 days would have cost by the prices in force, and with a rule more or less; nothing is saved',
  records: [],
  body: z.strictObject({
    /** The rule as it would be made; it counts for all of the 30 days, whatever its days are. */
    add: NewPriceRule.optional(),
    /** The id of a rule that would not be there. */
    remove: z.string().optional(),
  }),
  reply: PricePreview,
  errors: ['not_found', 'invalid_request'],
});
