import type { DayRange } from '../../../kernel/index.ts';
import type { Database } from '../../../platform/index.ts';
import { createCharge } from '../../rules/charge.ts';
import type { PriceBook } from '../../rules/price-book.ts';
import { createBooks } from './books.ts';
import { readCharged, readChargedBackwards } from './charged-rows.ts';
import { createDifference, type Difference } from './rules/difference.ts';
import { rateAgain } from './rules/rate-again.ts';

/** Rows per reading: much at once for the database, little enough for requests in between. */
const ROWS_PER_READING = 2000;

/** What booking a re-rating of a range would change. Reads every row of it and writes none. */
export const findDifference = async (database: Database, range: DayRange, book: PriceBook): Promise<Difference> => {
  const target = { version: book.version, charge: createCharge(book) };
  const [books, difference] = [createBooks(), createDifference()];
  let after = '';
  for (;;) {
    const rows = await readCharged(database, range, { after, limit: ROWS_PER_READING });
    await books.readFor(database, rows);
    for (const row of rows) difference.add(row, rateAgain(row, target, books.chargeBy));
    after = rows.at(-1)?.requestId ?? after;
    if (rows.length < ROWS_PER_READING) return difference.result();
  }
};

/** A preview looks at so many requests at most: some seconds of work. */
const PREVIEW_ROWS_MAX = 200_000;

/** What the requests of a range cost by two books, the newest first and at most 200,000 of them. */
export const compareBooks = async (
  database: Database,
  range: DayRange,
  { before, after }: { readonly before: PriceBook; readonly after: PriceBook },
): Promise<Difference & { readonly truncated: boolean }> => {
  const [chargeBefore, chargeAfter] = [createCharge(before), createCharge(after)];
  const difference = createDifference();
  let position = '';
  let seen = 0;
  for (;;) {
    const rows = await readChargedBackwards(database, range, { before: position, limit: ROWS_PER_READING });
    for (const row of rows) {
      const [was, is] = [chargeBefore(row.question), chargeAfter(row.question)];
      const isChanged = was.micros !== is.micros;
      difference.add(
        { ...row, costMicros: was.micros },
        isChanged ? { kind: 'changed', afterMicros: is.micros, priced: is.priced } : { kind: 'same' },
      );
    }
    seen += rows.length;
    position = rows.at(-1)?.requestId ?? position;
    if (rows.length < ROWS_PER_READING) return { ...difference.result(), truncated: false };
    if (seen >= PREVIEW_ROWS_MAX) return { ...difference.result(), truncated: true };
  }
};
