import { notFound } from '../../directory/index.ts';
import { type DayRange, dayOf } from '../../kernel/index.ts';
import { notValid, toCents, toDate } from '../wire.ts';
import { refuseUseless, type WantedRule } from './change-rules.ts';
import type * as contract from './contract.ts';
import type { PriceDeps } from './deps.ts';
import { compareBooks } from './rerating/find-difference.ts';
import { largestChangeFirst, type Sum } from './rerating/rules/difference.ts';
import { applyRules } from './rules/apply-rules.ts';
import type { PriceRule } from './rules/price-rule.ts';
import { priceStore } from './store.ts';

const PREVIEW_DAYS = 30;

/** Behind every id that was made: of rules alike, the one that is not there yet is the last. */
const NEWEST_ID = '~';

/** Whenever it is to begin, the preview asks what it would have done. */
const always = (wanted: WantedRule): PriceRule => ({ ...wanted, id: NEWEST_ID, from: '1970-01-01', until: null });

/** Sums as amounts on the wire. */
export const toDifference = ({ beforeMicros, afterMicros }: Sum) => ({
  before_amount: toCents(beforeMicros),
  after_amount: toCents(afterMicros),
  difference: toCents(afterMicros - beforeMicros),
});

type Wanted = { readonly add: WantedRule | undefined; readonly remove: string | undefined };

/** What the last 30 days would have cost by the book in force, and by one with a rule more or less. Nothing is saved. */
export const previewRules =
  ({ database, prices, now }: Pick<PriceDeps, 'database' | 'prices' | 'now'>) =>
  async ({ add, remove }: Wanted): Promise<contract.PricePreview> => {
    if (add === undefined && remove === undefined) throw notValid('Give a rule to add, or the id of one to remove.');
    const rules = await priceStore(database).readRules();
    if (remove !== undefined && !rules.some(({ id }) => id === remove)) throw notFound('rule about prices', remove);
    const before = prices.pricing().book;
    if (add !== undefined)
      refuseUseless(
        add,
        before.entries.map(({ model }) => model),
      );
    const kept = rules.filter(({ id }) => id !== remove);
    const after = applyRules(prices.shipped, add === undefined ? kept : [...kept, always(add)], 'preview');
    const until = dayOf(now()) + 1;
    const range: DayRange = { from: until - PREVIEW_DAYS, until };
    const found = await compareBooks(database, range, { before, after });
    return {
      type: 'price_preview',
      starting_date: toDate(range.from),
      ending_date: toDate(range.until),
      currency: 'USD',
      ...toDifference(found),
      by_model: largestChangeFirst(found.byModel).map(([model, sum]) => ({ model, ...toDifference(sum) })),
      requests: found.rows,
      truncated: found.truncated,
    };
  };
