import { behindTurn } from '../end-of-turn.ts';
import type { AppendMore, AppendTable, Durable, Journal, SharedRow, SqlValue, Tallies } from './database.ts';
import { asError } from './errors.ts';
import { sumTallies } from './tallies.ts';

/** The rows of one table that share a commit, what each of them adds to tables of sums and what it refers to. */
export type JournalPart = {
  readonly table: AppendTable;
  readonly rows: readonly (readonly SqlValue[])[];
  readonly tallies: readonly (Tallies | undefined)[];
  readonly refersTo: readonly (SharedRow | undefined)[];
};

/** A row that was refused on its own: its part, its place in the part and why. */
export type RefusedRow = { readonly part: number; readonly row: number; readonly error: Error };

/** What the rows of a commit add to sums, each line once, without those rows that were refused. */
export const sumsOf = (
  parts: readonly JournalPart[],
  refused: readonly RefusedRow[] = [],
): ReturnType<typeof sumTallies> => {
  const isRefused = refused.length === 0 ? undefined : new Set(refused.map(({ part, row }) => `${part}:${row}`));
  const stored: Tallies[] = [];
  for (let part = 0; part < parts.length; part++) {
    const tallies = parts[part]?.tallies ?? [];
    for (let row = 0; row < tallies.length; row++) {
      const own = tallies[row];
      if (own !== undefined && !isRefused?.has(`${part}:${row}`)) stored.push(own);
    }
  }
  return sumTallies(stored);
};

/** What an engine gives the journal. */
export type JournalStore = {
  /** Runs `work` when no other transaction stands in the way. */
  run<R>(work: () => Promise<R>): Promise<R>;
  /** Stores all parts in one transaction and resolves when it is on disk; rejects when nothing of it was stored. */
  commit(parts: readonly JournalPart[]): Promise<readonly RefusedRow[]>;
};

type OpenPart = {
  readonly table: AppendTable;
  readonly rows: (readonly SqlValue[])[];
  readonly tallies: (Tallies | undefined)[];
  readonly refersTo: (SharedRow | undefined)[];
  readonly durables: (Durable | undefined)[];
};
type Batch = { readonly parts: readonly OpenPart[]; readonly size: number };
type JournalOptions = { readonly paceMs: number; readonly onError: (error: Error) => void };

/** Tells every row of a batch what became of it; a callback that throws does not keep the others from hearing. */
const settle = (
  batch: Batch,
  outcome: (part: number, row: number) => Error | undefined,
  options: JournalOptions,
): void => {
  batch.parts.forEach((part, partIndex) => {
    part.durables.forEach((durable, rowIndex) => {
      try {
        durable?.(outcome(partIndex, rowIndex));
      } catch (error) {
        options.onError(asError(error));
      }
    });
  });
};

const outcomes = (refused: readonly RefusedRow[]): ((part: number, row: number) => Error | undefined) => {
  if (refused.length === 0) return () => undefined;
  const errors = new Map(refused.map(({ part, row, error }) => [`${part}:${row}`, error]));
  return (part, row) => errors.get(`${part}:${row}`);
};

/** How long rows may gather at most, unless the database was opened with another pace. */
export const JOURNAL_PACE_MS = 4;

/** Beside so many rows of one table a commit weighs little; when they wait, little is gained by waiting for more. */
const ROWS_WORTH_A_COMMIT = 24;

/** Timers count in milliseconds; less than half of one is not worth waiting for. */
const SHORTEST_REST_MS = 0.5;

/** For each row of the last commit, the next one gives others this long to come. */
const PACE_PER_ROW_MS = 0.3;

/** So few rows go without those nobody waits for: what makes a commit of many cheaper makes one of few late. */
const ROWS_ALONE_MAX = 4;

const AT_ONCE: AppendMore = {};

/** Rows that gather, by their tables. */
class Gathered {
  #parts = new Map<AppendTable, OpenPart>();
  size = 0;
  /** The most rows of one table. */
  most = 0;

  add(table: AppendTable, row: readonly SqlValue[], durable: Durable | undefined, more: AppendMore): void {
    let part = this.#parts.get(table);
    if (part === undefined) {
      part = { table, rows: [], tallies: [], refersTo: [], durables: [] };
      this.#parts.set(table, part);
    }
    part.rows.push(row);
    part.tallies.push(more.tallies);
    part.refersTo.push(more.refersTo);
    part.durables.push(durable);
    this.size += 1;
    if (part.rows.length > this.most) this.most = part.rows.length;
  }

  take(): readonly OpenPart[] {
    const parts = [...this.#parts.values()];
    this.#parts = new Map();
    this.size = 0;
    this.most = 0;
    return parts;
  }
}

/**
 * Group commit: what is queued while one commit is under way shares the next. A single row goes to disk at once; the more
 * rows the last commit had, the longer the next one lets them gather, at most `paceMs` from start to start.
 */
export const createJournal = (store: JournalStore, options: JournalOptions): Journal => {
  const awaited = new Gathered();
  const unawaited = new Gathered();
  let committing = 0;
  let nextStartMs = Number.NEGATIVE_INFINITY;
  /** What starts the next commit: the end of this turn, or a timer while more rows may come. */
  let isSoon = false;
  let later: NodeJS.Timeout | undefined;
  let idle: (() => void)[] = [];

  /** The timer of the rows nobody waits for, and whether it has rung. */
  let patience: NodeJS.Timeout | undefined;
  let isOverdue = false;

  const queued = (): number => awaited.size + unawaited.size;

  const take = (isAll: boolean): Batch => {
    const takesAll = isAll || isOverdue || awaited.size > ROWS_ALONE_MAX;
    committing = takesAll ? queued() : awaited.size;
    if (!takesAll) return { parts: awaited.take(), size: committing };
    clearTimeout(patience);
    patience = undefined;
    isOverdue = false;
    return { parts: [...awaited.take(), ...unawaited.take()], size: committing };
  };

  const commitQueued = async (isAll: boolean): Promise<void> => {
    if (queued() === 0) return;
    let batch: Batch | undefined;
    try {
      const refused = await store.run(() => {
        batch = take(isAll);
        nextStartMs = performance.now() + Math.min(options.paceMs, batch.size * PACE_PER_ROW_MS);
        return store.commit(batch.parts);
      });
      settle(batch ?? take(isAll), outcomes(refused), options);
    } catch (error) {
      settle(batch ?? take(isAll), () => asError(error), options);
    }
    committing = 0;
  };

  let running = false;
  const run = async (): Promise<void> => {
    isSoon = false;
    later = undefined;
    running = true;
    const waiting = idle;
    idle = [];
    await commitQueued(waiting.length > 0);
    running = false;
    for (const resolve of waiting) resolve();
    if (awaited.size > 0 || isOverdue || idle.length > 0) schedule();
  };

  /** The rows of this turn of the event loop still share the commit, and what it has to send goes before it. */
  const startSoon = (): void => {
    clearTimeout(later);
    later = undefined;
    isSoon = true;
    behindTurn(run);
  };

  const schedule = (): void => {
    if (running || isSoon) return;
    if (awaited.most >= ROWS_WORTH_A_COMMIT || idle.length > 0) {
      startSoon();
      return;
    }
    if (later !== undefined) return;
    const restMs = nextStartMs - performance.now();
    if (restMs < SHORTEST_REST_MS) startSoon();
    else later = setTimeout(run, restMs);
  };

  const ring = (): void => {
    isOverdue = true;
    schedule();
  };

  const flushQueued = (): Promise<void> =>
    new Promise((resolve) => {
      idle.push(resolve);
      schedule();
    });

  return {
    append: (table, row, durable, more = AT_ONCE) => {
      const { patienceMs = 0 } = more;
      if (patienceMs === 0) {
        awaited.add(table, row, durable, more);
        schedule();
        return;
      }
      unawaited.add(table, row, durable, more);
      patience ??= setTimeout(ring, patienceMs);
    },
    // A commit under way may have begun before the last row was queued, so the one after it is waited for as well.
    flush: async () => {
      if (queued() > 0 || running) await flushQueued();
    },
    get pending() {
      return queued() + committing;
    },
  };
};
