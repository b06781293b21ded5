import { changeInTurn, followPolicy, readChangesSince, readPolicyVersion } from '../../directory/index.ts';
import type { Database, Log, Sql } from '../../platform/index.ts';
import type { PriceBook } from '../rules/price-book.ts';
import { createPricing, type Pricing } from '../rules/pricing.ts';
import { applyRules } from './rules/apply-rules.ts';
import { priceStore } from './store.ts';

/** What changes of prices are called in the changes of policy. */
export const PRICES = 'prices';

/** The book in force on this node. */
export type PricesInForce = {
  /** Asked for every request; swapped as one when a price changes. */
  pricing(): Pricing;
  /** The book as it was shipped, before the organisation's own rules. */
  readonly shipped: PriceBook;
  /** Resolves when the node has read everything that was committed before the call. */
  refresh(): Promise<void>;
  close(): Promise<void>;
};

/** The version of a book: that of the shipped one, and how many changes of rules there have been since. */
export const versionOf = (shipped: PriceBook, number: number): string =>
  number === 0 ? shipped.version : `${shipped.version}+${number}`;

/**
 * The book of the last change, as it was kept in that very change. A program whose shipped prices are other ones than those
 * of the program that kept it makes a book of its own from the same rules, and keeps it too.
 */
const readBook = async (database: Database, shipped: PriceBook, now: () => number): Promise<PriceBook> => {
  const kept = async (sql: Sql) => {
    const number = await priceStore(sql).lastNumber();
    return { number, book: await priceStore(sql).findBook(versionOf(shipped, number)) };
  };
  const { book } = await kept(database);
  if (book !== undefined) return book;
  return changeInTurn(database, async (sql) => {
    const { number, book: meanwhile } = await kept(sql);
    if (meanwhile !== undefined) return meanwhile;
    const made = applyRules(shipped, await priceStore(sql).readRules(), versionOf(shipped, number));
    await priceStore(sql).keepBook(made, { number, madeAt: now(), madeBy: null });
    return made;
  });
};

/** Reads the book and keeps it up to date, as the policy is. What has been in force is kept under its version. */
export const openPriceBook = async (options: {
  readonly database: Database;
  readonly shipped: PriceBook;
  readonly log: Log;
  readonly now: () => number;
}): Promise<PricesInForce> => {
  const { database, shipped, log, now } = options;
  let version = await readPolicyVersion(database);
  let pricing = createPricing(shipped);

  const swap = async (): Promise<void> => {
    pricing = createPricing(await readBook(database, shipped, now));
  };

  const readOnce = async (): Promise<void> => {
    const news = await readChangesSince(database, version);
    const touched = news.everything || news.changes.some(({ entity, id }) => entity === 'spend' && id === PRICES);
    if (touched) await swap();
    version = news.version;
  };

  await swap();
  const { refresh, close } = await followPolicy({ database, log, what: 'the price book', readOnce });
  return { pricing: () => pricing, shipped, refresh, close };
};
