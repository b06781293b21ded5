/** Beside so many rows of one table a commit weighs little; when they wait, little is gained by waiting for more. */
const ROWS_WORTH_A_COMMIT = 24;

/** Timers count in milliseconds; less than half of one is not worth waiting for. */
const SHORTEST_REST_MS = 0.5;

/** For each row of the last commit, the next one gives others this long to come. */
const PACE_PER_ROW_MS = 0.3;

/** What is wanted of the next piece of work: whether it may not wait, and how many rows of one table are there for it. */
export type Wanted = { readonly isUrgent: boolean; readonly most: number };

/** Decides when rows that gathered go to the disk. */
export type JournalPace = {
  /** Looks whether it is time; asked whenever something has come. */
  look(): void;
  /** Told how many rows a piece of work takes, when it takes them. */
  began(rows: number): void;
  readonly isRunning: boolean;
};

type Options = {
  readonly paceMs: number;
  /** undefined when nothing waits. */
  readonly wanted: () => Wanted | undefined;
  /** Runs `work` at the end of this turn of the event loop, whose rows still come along. */
  readonly soon: (work: () => void) => void;
  /** Must not reject. */
  readonly work: () => Promise<void>;
};

/**
 * One piece of work at a time. What comes alone goes at once; the more rows the last one took, the longer the next lets
 * them gather, at most `paceMs` from start to start.
 */
export const createJournalPace = ({ paceMs, wanted, soon, work }: Options): JournalPace => {
  let isRunning = false;
  let nextStartMs = Number.NEGATIVE_INFINITY;
  /** What starts the next piece: the end of this turn, or a timer while more rows may come. */
  let isSoon = false;
  let later: NodeJS.Timeout | undefined;

  const run = async (): Promise<void> => {
    isSoon = false;
    later = undefined;
    isRunning = true;
    await work();
    isRunning = false;
    look();
  };

  const startSoon = (): void => {
    clearTimeout(later);
    later = undefined;
    isSoon = true;
    soon(run);
  };

  const look = (): void => {
    if (isRunning || isSoon) return;
    const next = wanted();
    if (next === undefined) return;
    if (next.isUrgent || next.most >= ROWS_WORTH_A_COMMIT) {
      startSoon();
      return;
    }
    if (later !== undefined) return;
    const restMs = nextStartMs - performance.now();
    if (restMs < SHORTEST_REST_MS) startSoon();
    else later = setTimeout(run, restMs);
  };

  return {
    look,
    began: (rows) => {
      nextStartMs = performance.now() + Math.min(paceMs, rows * PACE_PER_ROW_MS);
    },
    get isRunning() {
      return isRunning;
    },
  };
};
