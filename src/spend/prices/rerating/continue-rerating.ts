import { bySystem } from '../../../kernel/index.ts';
import type { Sql } from '../../../platform/index.ts';
import { adjustCosts, type CostChange, moveAdjusted } from '../../ledger/adjust-costs.ts';
import type { CounterMove } from '../../ledger/rules/settle.ts';
import { toCents, toDate } from '../../wire.ts';
import type { PriceDeps } from '../deps.ts';
import type { ReratingRow } from '../tables.ts';
import { createBooks } from './books.ts';
import { readCharged, readChargedAgain } from './charged-rows.ts';
import { type ChargedRow, rateAgain } from './rules/rate-again.ts';
import { reratingStore } from './store.ts';

/** What re-rating needs beside the rest. */
export type ReratingDeps = PriceDeps & {
  /** Hears of counters that have been moved in the database: the ledger keeps some of them in memory. */
  readonly corrected?: (moves: readonly CounterMove[]) => void;
  /** Requests per transaction: {@link ROWS_PER_CHUNK} unless a test wants more pieces of fewer requests. */
  readonly rowsPerChunk?: number;
};

/** Some ten milliseconds in which nobody else may write on SQLite, and on PostgreSQL nobody who moves the same counters. */
const ROWS_PER_CHUNK = 250;

type Books = ReturnType<typeof createBooks>;

/** A re-rating as it stood when the next of its rows were read. */
type Piece = { readonly rerating: ReratingRow; readonly rows: readonly ChargedRow[] };

/** What became of a piece. */
type Chunk = { readonly isLast: boolean; readonly moves: readonly CounterMove[] };

/** Reads the next rows of the re-rating that is under way; undefined when none is. */
const readPiece = async ({ database }: ReratingDeps, books: Books, limit: number): Promise<Piece | undefined> => {
  const rerating = await reratingStore(database).findRunning();
  if (rerating === undefined) return undefined;
  const range = { from: rerating.from_day, until: rerating.until_day };
  const rows = await readCharged(database, range, { after: rerating.position, limit });
  await books.readFor(database, [{ book: rerating.price_book }, ...rows]);
  return { rerating, rows };
};

const judge = (rows: readonly ChargedRow[], version: string, { chargeBy }: Books) => {
  const charge = chargeBy(version);
  if (charge === undefined) throw new Error(`The price book ${version} of a re-rating is gone`);
  return rows.map((row) => ({ row, verdict: rateAgain(row, { version, charge }, chargeBy) }));
};

const changesOf = (verdicts: ReturnType<typeof judge>, priceBook: string): readonly CostChange[] =>
  verdicts.flatMap(({ row, verdict }) =>
    verdict.kind === 'changed'
      ? [
          {
            requestId: row.requestId,
            spender: row,
            day: row.day,
            fromMicros: row.costMicros,
            costMicros: verdict.afterMicros,
            priced: verdict.priced,
            priceBook,
          },
        ]
      : [],
  );

/**
 * Charges rows anew; answers how the re-rating stands then and what that moves. A request that has come to another cost since
 * it was read (its real end took the place of an estimate) is read and judged again: by then nobody else can change it.
 */
const rateRows = async (sql: Sql, { rerating, rows }: Piece, books: Books) => {
  const moves: CounterMove[] = [];
  let next: ReratingRow = { ...rerating, position: rows.at(-1)?.requestId ?? rerating.position };
  let waiting = rows;
  while (waiting.length > 0) {
    const verdicts = judge(waiting, rerating.price_book, books);
    const changes = changesOf(verdicts, rerating.price_book);
    const { ids, moves: moved } = await adjustCosts(sql, changes);
    const missed = changes.map(({ requestId }) => requestId).filter((id) => !ids.has(id));
    const isMissed = new Set(missed);
    const done = verdicts.filter(({ row }) => !isMissed.has(row.requestId));
    for (const move of moved) moves.push(move);
    next = standsThen(next, done);
    waiting = missed.length === 0 ? [] : await readChargedAgain(sql, missed);
    await books.readFor(sql, waiting);
  }
  return { next, moves };
};

const standsThen = (before: ReratingRow, done: ReturnType<typeof judge>): ReratingRow => {
  const next = { ...before, rows_seen: before.rows_seen + done.length };
  for (const { row, verdict } of done) {
    next.before_micros += row.costMicros;
    next.after_micros += verdict.kind === 'changed' ? verdict.afterMicros : row.costMicros;
    if (verdict.kind === 'changed') next.rows_changed += 1;
    if (verdict.kind === 'unknown') next.rows_left += 1;
  }
  return next;
};

/**
 * Books a piece in one transaction: rows, counters and how far the re-rating is change together, so that a crash loses
 * nothing and does nothing twice. Does nothing when another node has gone on with it since the piece was read.
 */
const bookPiece = (
  { database, record, now }: ReratingDeps,
  { piece, books, isLast }: { readonly piece: Piece; readonly books: Books; readonly isLast: boolean },
): Promise<Chunk> =>
  database.transaction(async (sql): Promise<Chunk> => {
    await database.lock(sql, 'rerating');
    const store = reratingStore(sql);
    const running = await store.findRunning();
    if (running?.id !== piece.rerating.id || running.position !== piece.rerating.position)
      return { isLast: false, moves: [] };
    const { next, moves } = await rateRows(sql, piece, books);
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
    await moveAdjusted(sql, moves);
    return { isLast, moves };
  });

/**
 * Goes on with the re-rating that is under way until it has ended; does nothing when there is none. Rows are read and judged
 * outside of the transaction that changes them, which holds up the gateway's commits.
 */
export const continueRerating =
  (deps: ReratingDeps) =>
  async (isStopped: () => boolean = () => false): Promise<void> => {
    const limit = deps.rowsPerChunk ?? ROWS_PER_CHUNK;
    const books = createBooks();
    while (!isStopped()) {
      const piece = await readPiece(deps, books, limit);
      if (piece === undefined) return;
      const { isLast, moves } = await bookPiece(deps, { piece, books, isLast: piece.rows.length < limit });
      if (moves.length > 0) deps.corrected?.(moves);
      if (isLast) return;
    }
  };
