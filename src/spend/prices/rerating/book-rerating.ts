import { changeInTurn } from '../../../directory/index.ts';
import { bySystem, type DayRange, type Doer, dayOf, Refusal } from '../../../kernel/index.ts';
import type { Sql } from '../../../platform/index.ts';
import { adjustCosts, type CostChange } from '../../ledger/adjust-costs.ts';
import type { CounterMove } from '../../ledger/rules/settle.ts';
import { createCharge } from '../../rules/charge.ts';
import type { PriceBook } from '../../rules/price-book.ts';
import { fromDate, notValid, toCents, toDate } from '../../wire.ts';
import { doerId } from '../change-rules.ts';
import type { PriceDeps } from '../deps.ts';
import { priceStore } from '../store.ts';
import type { ReratingRow } from '../tables.ts';
import { createBooks } from './books.ts';
import { readCharged } from './charged-rows.ts';
import { type ChargeBy, type ChargedRow, rateAgain } from './rules/rate-again.ts';
import { reratingStore } from './store.ts';

/** What re-rating needs beside the rest. */
export type ReratingDeps = PriceDeps & {
  /** Hears of counters that have been moved in the database: the ledger keeps some of them in memory. */
  readonly corrected?: (moves: readonly CounterMove[]) => void;
  /** Requests per transaction: {@link ROWS_PER_CHUNK} unless a test wants more pieces of fewer requests. */
  readonly rowsPerChunk?: number;
};

/** Each request moves half a dozen counters, and nobody else may write meanwhile on SQLite. */
const ROWS_PER_CHUNK = 500;

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
  ({ database, prices, record, now, newId }: ReratingDeps) =>
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

type Target = { readonly version: string; readonly charge: ChargeBy };

/** What became of a chunk. */
type Chunk = { readonly isLast: boolean; readonly moves: readonly CounterMove[] };

/** Charges some rows anew and answers how the re-rating stands then. */
const rateChunk = async (
  sql: Sql,
  {
    rerating,
    rows,
    target,
  }: { readonly rerating: ReratingRow; readonly rows: readonly ChargedRow[]; readonly target: Target },
) => {
  const books = createBooks();
  await books.readFor(sql, rows);
  const verdicts = rows.map((row) => ({ row, verdict: rateAgain(row, target, books.chargeBy) }));
  const changes: CostChange[] = verdicts.flatMap(({ row: { requestId }, verdict }) =>
    verdict.kind === 'changed'
      ? [{ requestId, costMicros: verdict.afterMicros, priced: verdict.priced, priceBook: target.version }]
      : [],
  );
  const moves = await adjustCosts(sql, changes);
  const before = rows.reduce((sum, { costMicros }) => sum + costMicros, 0);
  const change = verdicts.reduce(
    (sum, { row, verdict }) => (verdict.kind === 'changed' ? sum + verdict.afterMicros - row.costMicros : sum),
    0,
  );
  const next: ReratingRow = {
    ...rerating,
    position: rows.at(-1)?.requestId ?? rerating.position,
    rows_seen: rerating.rows_seen + rows.length,
    rows_changed: rerating.rows_changed + changes.length,
    rows_left: rerating.rows_left + verdicts.filter(({ verdict }) => verdict.kind === 'unknown').length,
    before_micros: rerating.before_micros + before,
    after_micros: rerating.after_micros + before + change,
  };
  return { next, moves };
};

/**
 * Does one piece of the re-rating that is under way, in one transaction: rows, counters and how far it is change together,
 * so that a crash loses nothing and does nothing twice. Undefined when none is under way.
 */
const continueOnce = ({
  database,
  record,
  now,
  rowsPerChunk = ROWS_PER_CHUNK,
}: ReratingDeps): Promise<Chunk | undefined> =>
  database.transaction(async (sql): Promise<Chunk | undefined> => {
    // Two nodes that go on with the same one take turns, and each finds where the other has come to.
    await database.lock(sql, 'rerating');
    const store = reratingStore(sql);
    const rerating = await store.findRunning();
    if (rerating === undefined) return undefined;
    const book = await priceStore(sql).findBook(rerating.price_book);
    if (book === undefined) throw new Error(`The price book ${rerating.price_book} of ${rerating.id} is gone`);
    const range = { from: rerating.from_day, until: rerating.until_day };
    const rows = await readCharged(sql, range, { after: rerating.position, limit: rowsPerChunk });
    const target = { version: book.version, charge: createCharge(book) };
    const { next, moves } = await rateChunk(sql, { rerating, rows, target });
    const isLast = rows.length < rowsPerChunk;
    await store.save(isLast ? { ...next, ended_at: now() } : next);
    if (isLast)
      await record(sql, bySystem('re-rating'), {
        type: 'remit_rerating_ended',
        rerating_id: next.id,
        price_book: next.price_book,
        starting_date: toDate(next.from_day),
        ending_date: toDate(next.until_day),
        requests_changed: next.rows_changed,
        difference: toCents(next.after_micros - next.before_micros),
      });
    return { isLast, moves };
  });

/** Goes on with the re-rating that is under way until it has ended; does nothing when there is none. */
export const continueRerating =
  (deps: ReratingDeps) =>
  async (isStopped: () => boolean = () => false): Promise<void> => {
    while (!isStopped()) {
      const chunk = await continueOnce(deps);
      if (chunk === undefined) return;
      if (chunk.moves.length > 0) deps.corrected?.(chunk.moves);
      if (chunk.isLast) return;
    }
  };
