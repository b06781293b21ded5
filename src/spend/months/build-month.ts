import { setTimeout as sleep } from 'node:timers/promises';
import type { Day, DayRange, Micros } from '../../kernel/index.ts';
import { type Database, newSecret } from '../../platform/index.ts';
import { boundsOfKind, KINDS_BY_MONTH, monthStore } from './month-store.ts';

/** A node that has not gone on for so long is taken for dead. */
const CLAIM_MS = 60_000;

type Deps = { readonly database: Database; readonly now: () => number };

type Build = { readonly month: Day; readonly building: string; readonly range: DayRange };

/** Writes what one kind of accounts spent, some at a time; tells whether the claim held. */
const writeKind = async (
  { database, now }: Deps,
  build: Build,
  kind: string,
  signal: AbortSignal,
): Promise<boolean> => {
  let after = boundsOfKind(kind).first;
  for (;;) {
    const startedAt = performance.now();
    const sums = await monthStore(database).sumNext(kind, after, build.range);
    const last = sums.at(-1);
    if (last === undefined) return true;
    after = last.account;
    const isOurs = await database.transaction(async (sql) => {
      const store = monthStore(sql);
      const holds = await store.update(build, { claimed_until: now() + CLAIM_MS });
      if (holds) await store.write(build.building, sums);
      return holds;
    });
    if (!isOurs || signal.aborted) return false;
    // Half of the time is for others.
    await sleep(performance.now() - startedAt);
  }
};

/** Deletes a generation nobody reads, some of it at a time. */
export const deleteGeneration = async (database: Database, generation: string): Promise<void> => {
  while (await monthStore(database).deleteSome(generation)) await sleep(1);
};

/** What a generation is made of: as long as both are the same, so is what the days came to. */
type Source = { readonly totalMicros: Micros; readonly touched: number };

/** Puts a generation in force, if what it was made of is still what it was. */
const publish = (deps: Deps, build: Build, { totalMicros, touched }: Source): Promise<boolean> =>
  deps.database.transaction(async (sql) => {
    const store = monthStore(sql);
    const before = await store.find(build.month);
    if (before === undefined || (await store.readTotal(build.range)) !== totalMicros) return false;
    return store.update(
      { ...build, touched },
      {
        generation: build.building,
        until: build.range.until,
        total_micros: totalMicros,
        published_at: deps.now(),
        former: before.generation,
        building: null,
        claimed_until: 0,
      },
    );
  });

/**
 * Makes the sums of a month anew from the counters of its days, a few thousand accounts at a time, and puts them in force as a whole.
 * Gives up when somebody else makes them, when spend of these days has come in meanwhile, or when it is told to stop. Tells whether
 * they are in force.
 */
export const buildMonth = async (deps: Deps, range: DayRange, signal: AbortSignal): Promise<boolean> => {
  const { database, now } = deps;
  const store = monthStore(database);
  const build: Build = { month: range.from, building: newSecret(), range };
  const before = await store.find(build.month);
  // One that is replaced has to be gone before the next one is: only so many are remembered.
  if (before?.former != null) return false;
  if (!(await store.claim(build.month, build.building, { now: now(), until: now() + CLAIM_MS }))) return false;
  if (before?.building != null) await deleteGeneration(database, before.building);
  const source: Source = {
    touched: (await store.find(build.month))?.touched ?? 0,
    totalMicros: await store.readTotal(range),
  };
  let goesOn = true;
  for (const kind of KINDS_BY_MONTH) goesOn = goesOn && (await writeKind(deps, build, kind, signal));
  if (goesOn && (await publish(deps, build, source))) return true;
  // Whoever comes next deletes what was written.
  await store.update(build, { claimed_until: 0 });
  return false;
};
