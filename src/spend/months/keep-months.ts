import { type Day, type DayRange, dayOf, type Micros, windowOf } from '../../kernel/index.ts';
import type { Database } from '../../platform/index.ts';
import { buildMonth, deleteGeneration } from './build-month.ts';
import { type MonthState, monthStore } from './month-store.ts';

/** Reports go back a year, and compare with the year before. */
const DAYS_BACK = 800;

const HOUR_MS = 3_600_000;

/** Requests that ran over midnight have ended by then, but for a few. */
const DAY_CLOSES_AFTER_MS = HOUR_MS;

/** Readings that were on a generation when it was replaced have ended by then. */
const FORMER_KEPT_MS = 60_000;

/** Making a month anew may take so much of a node's time: a twentieth. */
const PAUSE_PER_EFFORT = 20;
const PAUSE_MS_MIN = 60_000;

type Deps = { readonly database: Database; readonly now: () => number };

type Wanted = { readonly range: DayRange; readonly totalMicros: Micros };

/** The months there are, the newest first: their days before `closed`, and what these come to. */
const monthsOf = (totals: ReadonlyMap<Day, Micros>, closed: Day): readonly Wanted[] => {
  const found = new Map<Day, Wanted>();
  for (const [day, micros] of totals) {
    const { from, until } = windowOf('monthly', day);
    if (day >= closed) continue;
    const known = found.get(from);
    const range = { from, until: Math.min(until, closed) };
    found.set(from, { range, totalMicros: (known?.totalMicros ?? 0) + micros });
  }
  return [...found.values()].sort((one, other) => other.range.from - one.range.from);
};

const isCurrent = ({ range, totalMicros }: Wanted, state: MonthState | undefined): boolean =>
  state?.generation != null && state.until === range.until && state.total_micros === totalMicros;

const forgetFormers = async ({ database, now }: Deps, states: readonly MonthState[]): Promise<void> => {
  for (const { month, former, published_at } of states) {
    if (former === null || published_at > now() - FORMER_KEPT_MS) continue;
    await deleteGeneration(database, former);
    await monthStore(database).forgetFormer(month);
  }
};

/**
 * Keeps the sums of months true, a run at a time: makes those that are missing, that have a further day, or of which a day has
 * changed since. Several nodes make each month once. `nowMs` is a clock that only measures how long things take.
 */
export const createKeepMonths = (deps: Deps, nowMs: () => number = () => performance.now()) => {
  const notBefore = new Map<Day, number>();
  return async (signal: AbortSignal): Promise<void> => {
    const store = monthStore(deps.database);
    const states = await store.readStates();
    await forgetFormers(deps, states);
    const byMonth = new Map(states.map((state) => [state.month, state]));
    const { from: first } = windowOf('monthly', dayOf(deps.now()) - DAYS_BACK);
    // What is held stands in the counters of its day alone; such a day is not over.
    const held = (await store.readFirstHeld(deps.now())) ?? Number.POSITIVE_INFINITY;
    const closed = Math.min(dayOf(deps.now() - DAY_CLOSES_AFTER_MS), held);
    for (const wanted of monthsOf(await store.readTotals(first), closed)) {
      const { from } = wanted.range;
      const startedAt = nowMs();
      if (signal.aborted) return;
      if (isCurrent(wanted, byMonth.get(from)) || (notBefore.get(from) ?? 0) > startedAt) continue;
      await buildMonth(deps, wanted.range, signal);
      const tookMs = nowMs() - startedAt;
      notBefore.set(from, nowMs() + Math.max(PAUSE_MS_MIN, tookMs * PAUSE_PER_EFFORT));
    }
  };
};
