import { changeInTurn } from '../../../directory/index.ts';
import { type DayRange, type Doer, dayOf, Refusal } from '../../../kernel/index.ts';
import type { Sql } from '../../../platform/index.ts';
import type { PriceBook } from '../../rules/price-book.ts';
import { fromDate, notValid, toDate } from '../../wire.ts';
import { doerId } from '../change-rules.ts';
import type { PriceDeps } from '../deps.ts';
import { priceStore } from '../store.ts';
import type { ReratingRow } from '../tables.ts';
import { reratingStore } from './store.ts';

/** A period to re-rate, and the book to do it by. */
export type WantedRerating = {
  readonly starting_date: string;
  readonly ending_date: string;
  readonly price_book?: string | undefined;
};

/** The days and the book that are wanted; refuses what has not begun yet and books nobody knows. */
export const readWanted = async (
  sql: Sql,
  { prices, now }: Pick<PriceDeps, 'prices' | 'now'>,
  { starting_date, ending_date, price_book }: WantedRerating,
): Promise<{ readonly range: DayRange; readonly book: PriceBook }> => {
  const range = { from: fromDate(starting_date), until: fromDate(ending_date) };
  if (range.until <= range.from)
    throw notValid('ending_date is the day after the last, so it has to be after starting_date.');
  if (range.until > dayOf(now()) + 1) throw notValid('Only days up to today can be re-rated; ending_date lies beyond.');
  const inForce = prices.pricing().book;
  if (price_book === undefined || price_book === inForce.version) return { range, book: inForce };
  const book = await priceStore(sql).findBook(price_book);
  if (book === undefined)
    throw new Refusal(
      'not_found',
      `There is no version “${price_book}” of the price book; the versions are listed with the prices.`,
    );
  return { range, book };
};

/** Books a re-rating; the work is done by `continueRerating`. Refuses while another one is under way. */
export const bookRerating =
  ({ database, prices, record, now, newId }: PriceDeps) =>
  (wanted: WantedRerating, by: Doer): Promise<ReratingRow> =>
    changeInTurn(database, async (sql) => {
      const { range, book } = await readWanted(sql, { prices, now }, wanted);
      const store = reratingStore(sql);
      const running = await store.findRunning();
      if (running !== undefined)
        throw new Refusal(
          'conflict',
          `The re-rating ${running.id} is still under way. Wait for its end, then book this one.`,
        );
      const row: ReratingRow = {
        id: newId('rerating'),
        price_book: book.version,
        from_day: range.from,
        until_day: range.until,
        started_at: now(),
        started_by: doerId(by),
        ended_at: null,
        position: '',
        rows_seen: 0,
        rows_changed: 0,
        rows_left: 0,
        before_micros: 0,
        after_micros: 0,
      };
      await store.insert(row);
      await record(sql, by, {
        type: 'remit_rerating_started',
        rerating_id: row.id,
        price_book: row.price_book,
        starting_date: toDate(row.from_day),
        ending_date: toDate(row.until_day),
      });
      return row;
    });
