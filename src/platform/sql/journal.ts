import { atEndOfTurn, behindTurn } from '../end-of-turn.ts';
import type { AppendMore, Journal } from './database.ts';
import { asError, isUniqueViolation } from './errors.ts';
import { type Batch, GatheredRows, type KeptBatch, KeptRows, type OpenPart } from './gathered-rows.ts';
import { createJournalPace, type JournalPace, type Wanted } from './journal-pace.ts';
import type { JournalStore, RefusedRow } from './journal-store.ts';

type JournalOptions = { readonly paceMs: number; readonly onError: (error: Error) => void };

/** A journal that tells how many rows are on disk and on their way to their tables. */
export type KeepingJournal = Journal & { readonly kept: number };

/** How long rows may gather at most, unless the database was opened with another pace. */
export const JOURNAL_PACE_MS = 4;

/** So few rows go without those nobody waits for: what makes a commit of many cheaper makes one of few late. */
const ROWS_ALONE_MAX = 4;

/** Kept rows get to their tables when there are so many of one table, or after so long. */
const KEPT_WORTH_A_COMMIT = 128;
const KEPT_MS_MAX = 50;

/** While kept rows cannot get to their tables, further ones wait for that as they would without being kept. */
const KEPT_MAX = 50_000;

/** After a failure, kept rows are tried again this long afterwards. */
const RETRY_MS = 1000;

const AT_ONCE: AppendMore = {};

type Outcome = (part: number, row: number) => Error | undefined;

const outcomes = (refused: readonly RefusedRow[]): Outcome => {
  if (refused.length === 0) return () => undefined;
  const errors = new Map(refused.map(({ part, row, error }) => [`${part}:${row}`, error]));
  return (part, row) => errors.get(`${part}:${row}`);
};

/** Tells every row what became of it; a callback that throws does not keep the others from hearing. */
const settle = (parts: readonly OpenPart[], outcome: Outcome, onError: (error: Error) => void): void => {
  parts.forEach((part, partIndex) => {
    part.durables.forEach((durable, rowIndex) => {
      try {
        durable?.(outcome(partIndex, rowIndex));
      } catch (error) {
        onError(asError(error));
      }
    });
  });
};

/** What a commit takes along: rows that were kept, and those that hear of it. */
type Taken = { readonly old: KeptBatch; readonly queued: Batch };

class GroupCommit implements KeepingJournal {
  readonly #store: JournalStore;
  readonly #onError: (error: Error) => void;
  readonly #commits: JournalPace;
  readonly #keeps: JournalPace;
  readonly #awaited = new GatheredRows();
  readonly #certain = new GatheredRows();
  readonly #unawaited = new GatheredRows();
  readonly #kept = new KeptRows();
  /** What is on its way: to its tables with somebody waiting, without, and to where it is kept. */
  #committing = 0;
  #bringing = 0;
  #keeping = 0;
  #onceKept: Promise<void> = Promise.resolve();
  /** Whether the last commit failed: what cannot be committed is not to be promised either. */
  #hasFailed = false;
  #flushes: (() => void)[] = [];
  /** The timer of the rows nobody waits for, and whether it has rung. */
  #patience: NodeJS.Timeout | undefined;
  #isOverdue = false;

  constructor(store: JournalStore, { paceMs, onError }: JournalOptions) {
    this.#store = store;
    this.#onError = onError;
    this.#commits = createJournalPace({
      paceMs,
      wanted: () => this.#wantedCommit(),
      // What the turn has to send goes first.
      soon: behindTurn,
      work: () => this.#commitQueued(),
    });
    this.#keeps = createJournalPace({
      paceMs,
      wanted: () => (this.#certain.size > 0 ? { isUrgent: false, most: this.#certain.most } : undefined),
      // Handing rows to the disk takes next to no time, and the disk is what everybody waits for.
      soon: (run) => atEndOfTurn({ run }),
      work: () => {
        this.#onceKept = this.#keepQueued();
        return this.#onceKept;
      },
    });
  }

  get pending(): number {
    return this.#queued + this.#committing + this.#keeping;
  }

  get hasFailed(): boolean {
    return this.#hasFailed;
  }

  get kept(): number {
    return this.#kept.size + this.#bringing;
  }

  readonly append: Journal['append'] = (table, row, durable, more = AT_ONCE) => {
    const { patienceMs = 0, isCertain = false } = more;
    if (patienceMs > 0) {
      this.#unawaited.add(table, row, durable, more);
      this.#waitFor(patienceMs);
    } else if (isCertain && this.#mayKeep) {
      this.#certain.add(table, row, durable, more);
      this.#keeps.look();
    } else {
      this.#awaited.add(table, row, durable, more);
      this.#commits.look();
    }
  };

  // A commit under way may have begun before the last row was queued, so the one after it is waited for as well.
  readonly flush = async (): Promise<void> => {
    const isIdle = this.#queued + this.#kept.size === 0 && !this.#commits.isRunning && !this.#keeps.isRunning;
    if (isIdle) return;
    await new Promise<void>((resolve) => {
      this.#flushes.push(resolve);
      this.#commits.look();
    });
  };

  get #queued(): number {
    return this.#awaited.size + this.#certain.size + this.#unawaited.size;
  }

  get #mayKeep(): boolean {
    return this.#store.keep !== undefined && !this.#hasFailed && this.#kept.size < KEPT_MAX;
  }

  /** Sees to it that what waits is committed after this time, unless a timer runs that rings before it. */
  #waitFor(ms: number): void {
    this.#patience ??= setTimeout(() => {
      this.#patience = undefined;
      this.#isOverdue = true;
      this.#commits.look();
    }, ms);
  }

  #wantedCommit(): Wanted | undefined {
    const isUrgent = this.#flushes.length > 0 || (this.#kept.most >= KEPT_WORTH_A_COMMIT && !this.#hasFailed);
    return isUrgent || this.#isOverdue || this.#awaited.size > 0 ? { isUrgent, most: this.#awaited.most } : undefined;
  }

  /** All kept rows are part of it: the engine counts on that. */
  #take(isFlush: boolean): Taken {
    const old = this.#kept.take();
    const isLarge = old.most >= KEPT_WORTH_A_COMMIT || this.#awaited.size > ROWS_ALONE_MAX;
    const takesUnawaited = isFlush || this.#isOverdue || isLarge;
    const sources = [this.#awaited];
    if (takesUnawaited) sources.push(this.#unawaited);
    if (isFlush) sources.push(this.#certain);
    const size = sources.reduce((sum, source) => sum + source.size, 0);
    if (takesUnawaited) this.#stopWaiting();
    return { old, queued: { parts: sources.flatMap((source) => source.take()), size } };
  }

  #stopWaiting(): void {
    clearTimeout(this.#patience);
    this.#patience = undefined;
    this.#isOverdue = false;
  }

  async #commitQueued(): Promise<void> {
    const flushes = this.#flushes;
    this.#flushes = [];
    const isFlush = flushes.length > 0;
    await this.#store
      .run(() => this.#commit(this.#take(isFlush)))
      // The turn did not come, and nothing was tried.
      .catch((error: unknown) => this.#failed(this.#take(isFlush), asError(error)));
    if (isFlush) await this.#onceKept;
    for (const resolve of flushes) resolve();
  }

  async #commit(taken: Taken): Promise<void> {
    const { old, queued } = taken;
    if (old.size + queued.size === 0) return;
    this.#committing = queued.size;
    this.#bringing = old.size;
    this.#commits.began(old.size + queued.size);
    try {
      const refused = await this.#store.commit([...old.parts, ...queued.parts]);
      this.#succeeded(taken, refused);
    } catch (error) {
      this.#failed(taken, asError(error));
    }
    this.#committing = 0;
    this.#bringing = 0;
  }

  #succeeded({ old, queued }: Taken, refused: readonly RefusedRow[]): void {
    this.#hasFailed = false;
    // A kept row that is there already was committed by a try that seemed to fail.
    for (const { part, error } of refused)
      if (part < old.parts.length && !isUniqueViolation(error)) this.#onError(error);
    const outcome = outcomes(refused);
    settle(queued.parts, (part, row) => outcome(old.parts.length + part, row), this.#onError);
  }

  #failed({ old, queued }: Taken, error: Error): void {
    this.#hasFailed = true;
    this.#kept.putBack(old);
    if (old.size > 0) this.#waitFor(RETRY_MS);
    settle(queued.parts, () => error, this.#onError);
  }

  async #keepQueued(): Promise<void> {
    const { size, most } = this.#certain;
    const parts = this.#certain.take();
    if (size === 0 || this.#store.keep === undefined) return;
    this.#keeps.began(size);
    let onDisk: Promise<void>;
    try {
      onDisk = this.#store.keep(parts);
    } catch {
      // The commit has it told what stands in the way, if something still does.
      this.#awaited.addAll(parts);
      this.#commits.look();
      return;
    }
    this.#kept.add(parts, { size, most });
    this.#keeping = size;
    this.#waitFor(KEPT_MS_MAX);
    this.#commits.look();
    const error = await onDisk.then(() => undefined, asError);
    this.#keeping = 0;
    settle(parts, () => error, this.#onError);
  }
}

/**
 * Group commit: what is queued while one commit is under way shares the next. Where the engine can keep rows, those that
 * nothing can refuse are on disk without a commit, and go to their tables many at a time.
 */
export const createJournal = (store: JournalStore, options: JournalOptions): KeepingJournal =>
  new GroupCommit(store, options);
