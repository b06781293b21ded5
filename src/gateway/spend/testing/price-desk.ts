import { createRecordActivity } from '../../../activity/index.ts';
import { createChangePolicy } from '../../../directory/policy-changes.ts';
import { BY_OWNER } from '../../../directory/testing/open-directory.ts';
import { DAY_MS, type Day, type NewId, Refusal } from '../../../kernel/index.ts';
import type { Database, Log } from '../../../platform/index.ts';
import { DEFAULT_PRICE_BOOK, openPriceBook } from '../../../spend/index.ts';
import type { CounterMove } from '../../../spend/ledger/rules/settle.ts';
import { createRule, deleteRule, type WantedRule } from '../../../spend/prices/change-rules.ts';
import { PRICES } from '../../../spend/prices/open-price-book.ts';
import { bookRerating } from '../../../spend/prices/rerating/book-rerating.ts';
import { createBooks } from '../../../spend/prices/rerating/books.ts';
import { readCharged } from '../../../spend/prices/rerating/charged-rows.ts';
import { continueRerating, type ReratingDeps } from '../../../spend/prices/rerating/continue-rerating.ts';
import { reratingStore } from '../../../spend/prices/rerating/store.ts';
import { priceStore } from '../../../spend/prices/store.ts';

const TABLES = ['price_rules', 'price_books', 'reratings', 'activities'] as const;

/** Few enough that a handful of requests takes several pieces. */
const ROWS_PER_PIECE = 3;

const dateOf = (day: Day): string => new Date(day * DAY_MS).toISOString().slice(0, 10);

/** Refusals are answers; anything else is a fault. */
const unlessRefused = async (work: Promise<unknown>): Promise<boolean> => {
  try {
    await work;
    return true;
  } catch (error) {
    if (error instanceof Refusal) return false;
    throw error;
  }
};

/** Prices of one node, changed and re-rated by the product's own operations. `corrected` is that node's ledger. */
export const openPriceDesk = async (options: {
  readonly database: Database;
  readonly now: () => number;
  readonly newId: NewId;
  readonly log: Log;
  readonly corrected: (moves: readonly CounterMove[]) => void;
}) => {
  const { database, now, newId, log, corrected } = options;
  const prices = await openPriceBook({ database, shipped: DEFAULT_PRICE_BOOK, log, now });
  const changePolicy = createChangePolicy(database, now);
  const record = createRecordActivity({ now, newId });
  const deps: ReratingDeps = {
    ...{ database, changePolicy, record, now, newId, prices, corrected },
    rowsPerChunk: ROWS_PER_PIECE,
  };

  return {
    pricing: prices.pricing,
    refresh: prices.refresh,
    close: prices.close,
    /** Puts a rule in force from a day on, or takes the n-th one back when there is one. */
    change: async (wanted: WantedRule | { readonly takeBack: number }): Promise<void> => {
      const rules = await priceStore(database).readRules();
      if (!('takeBack' in wanted)) await unlessRefused(createRule(deps)(wanted, BY_OWNER));
      else if (rules.length > 0) await deleteRule(deps)(rules[wanted.takeBack % rules.length]?.id ?? '', BY_OWNER);
      await prices.refresh();
    },
    /** Books a re-rating of some days by the n-th newest book; refused while another one is under way. */
    book: async (which: number, days: { readonly from: Day; readonly until: Day }): Promise<boolean> => {
      const books = await priceStore(database).listBooks();
      const price_book = books[which % Math.max(1, books.length)]?.version;
      const wanted = { starting_date: dateOf(days.from), ending_date: dateOf(days.until), price_book };
      return unlessRefused(bookRerating(deps)(wanted, BY_OWNER));
    },
    /** Goes on with the re-rating that is under way for so many pieces, as a process that is killed then. */
    goOn: (pieces: number): Promise<void> => {
      let done = 0;
      return continueRerating(deps)(() => done++ >= pieces);
    },
    /** Requests whose cost is not what the book named beside it makes of what they used. */
    wronglyCharged: async (): Promise<readonly string[]> => {
      const books = createBooks();
      const rows = await readCharged(database, { from: 0, until: 100_000 }, { after: '', limit: 10_000 });
      await books.readFor(database, rows);
      return rows.flatMap(({ requestId, question, book, costMicros }) => {
        const charged = books.chargeBy(book)?.(question).micros;
        return charged === costMicros ? [] : [`${requestId}: ${costMicros}, by ${book} ${charged}`];
      });
    },
    /** Re-ratings that have not ended, or that have looked at more requests than there are. */
    strangeReratings: async (): Promise<readonly string[]> => {
      const requests = await readCharged(database, { from: 0, until: 100_000 }, { after: '', limit: 10_000 });
      return (await reratingStore(database).list())
        .filter(({ ended_at, rows_seen }) => ended_at === null || rows_seen > requests.length)
        .map(({ id, rows_seen }) => `${id}: ${rows_seen} of ${requests.length}`);
    },
    wipe: async (): Promise<void> => {
      await database.transaction(async (sql) => {
        for (const table of TABLES) await sql.tables<Record<string, object>>().deleteFrom(table).execute();
        await changePolicy(sql, { entity: 'spend', id: PRICES });
      });
      await prices.refresh();
    },
  };
};
