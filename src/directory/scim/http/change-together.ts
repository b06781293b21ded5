import { setImmediate as nextTurn } from 'node:timers/promises';
import type { Sql } from '../../../platform/index.ts';
import { changeInTurn } from '../../policy-changes.ts';
import { readResource } from '../rules/read-resource.ts';
import { USER } from '../rules/schema/resource-type.ts';
import type { JsonObject } from '../rules/value.ts';
import type { ScimUser } from '../store/user-store.ts';
import type { Work } from '../sync/context.ts';
import { type Gathered, gatherWrites } from '../sync/gather-writes.ts';
import { createNewcomers } from '../users/create-newcomers.ts';
import { createUser } from '../users/create-user.ts';
import type { ChangeDirectory, Exchange, ScimDeps } from './exchange.ts';

/** Tells whoever asked for a change what came of it. */
type Tell = () => void;

/** A change that waits for its turn. It may run more than once, and tells only when that has counted. */
type Waiting = {
  readonly exchange: Exchange;
  readonly run: (work: Work) => Promise<Tell>;
  /** Set where it creates a person: those who are new can be taken in together. */
  readonly arrival: { readonly body: JsonObject; readonly tellOf: (user: ScimUser) => Tell } | undefined;
  readonly reject: (error: unknown) => void;
  readonly since: number;
};

/** Takes the next change that waits, or the next people who arrive one after the other; nothing when none waits. */
type Take = () => readonly Waiting[];

/** So long a transaction goes on to take up changes that wait: the rows of the hot path stand in the same line. */
const TAKING_MS_MAX = 10;

/** So many people are taken in by one statement. */
const ARRIVALS_MAX = 100;

const WAIT_MS_MAX = 60_000;

const waitedTooLong = () => new Error(`Other changes have kept the directory busy for ${WAIT_MS_MAX} ms`);

/**
 * Runs changes of directories in the order they come, those that wait together in one transaction: a sync of a whole
 * company sends thousands, and each commit, version of the policy and new snapshot costs as much as the change itself.
 * One that fails takes nothing from the others: what shared its transaction runs again without it. A change is answered
 * once it is in force here; the next ones do not wait for that.
 */
export const createChangeTogether = (deps: ScimDeps): ChangeDirectory => {
  const waiting: Waiting[] = [];
  let isRunning = false;

  const refuseLate = (): void => {
    const before = performance.now() - WAIT_MS_MAX;
    const inTime = waiting.findIndex(({ since }) => since > before);
    for (const { reject } of waiting.splice(0, inTime === -1 ? waiting.length : inTime)) reject(waitedTooLong());
  };

  const take: Take = () => {
    refuseLate();
    return waiting.splice(0, Math.max(1, arrivalsFrom(waiting, 0).length));
  };

  const runWaiting = async (): Promise<void> => {
    isRunning = true;
    // What has come in this turn of the event loop goes together.
    await nextTurn();
    while (waiting.length > 0) await runTogether(deps, take(), take);
    isRunning = false;
  };

  const wait = (change: Omit<Waiting, 'since'>): void => {
    waiting.push({ ...change, since: performance.now() });
    if (!isRunning) void runWaiting();
  };

  return {
    run: (exchange, run) =>
      new Promise((resolve, reject) => {
        const runAndTell = async (work: Work): Promise<Tell> => {
          const result = await run(work);
          return () => resolve(result);
        };
        wait({ exchange, run: runAndTell, arrival: undefined, reject });
      }),
    addUser: (exchange, body) =>
      new Promise((resolve, reject) => {
        const tellOf = (user: ScimUser | undefined): Tell => {
          return () => resolve(user);
        };
        const run = async (work: Work): Promise<Tell> =>
          tellOf(await createUser(work, readResource(USER, body).resource));
        wait({ exchange, run, arrival: { body, tellOf }, reject });
      }),
  };
};

const NOTHING_MORE: Take = () => [];

/** Runs these changes in one transaction, and what `take` gives while it is young; never throws. */
const runTogether = async (deps: ScimDeps, changes: readonly Waiting[], take: Take): Promise<void> => {
  const taken = [...changes];
  let told: Tell[] = [];
  let isComplete = false;
  try {
    await changeInTurn(deps.database, async (sql) => {
      const gathered = gatherWrites(deps);
      const until = performance.now() + TAKING_MS_MAX;
      told = [];
      isComplete = false;
      while (told.length < taken.length) {
        await runNext(taken, told, { sql, gathered });
        if (told.length === taken.length && performance.now() < until) taken.push(...take());
      }
      await gathered.write(sql);
      isComplete = true;
    });
  } catch (error) {
    // What failed to commit fails for all of them; trying again could do it twice.
    if (isComplete || taken.length === 1) for (const { reject } of taken) reject(error);
    else await runApart(deps, taken, told.length);
    return;
  }
  deps.afterChange().then(
    () => {
      for (const tell of told) tell();
    },
    (error: unknown) => {
      for (const { reject } of taken) reject(error);
    },
  );
};

type Transaction = { readonly sql: Sql; readonly gathered: Gathered };

/** Runs the first change that has not run; several where people arrive one after the other. */
const runNext = async (taken: readonly Waiting[], told: Tell[], { sql, gathered }: Transaction): Promise<void> => {
  const workOf = ({ exchange: { directory, by } }: Waiting): Work => ({
    deps: gathered.deps,
    notes: gathered.notes,
    sql,
    directory,
    by,
  });
  const next = taken[told.length];
  if (next === undefined) return;
  const arrivals = arrivalsFrom(taken, told.length);
  if (arrivals.length > 1) {
    const users = await createNewcomers(arrivals.map((one) => ({ work: workOf(one), body: one.arrival.body })));
    users.forEach((user, at) => {
      const arrival = arrivals[at]?.arrival;
      if (arrival !== undefined) told.push(arrival.tellOf(user));
    });
    if (users.length > 0) return;
  }
  told.push(await next.run(workOf(next)));
};

type Arriving = Waiting & { readonly arrival: NonNullable<Waiting['arrival']> };

/** The people of one directory who arrive one after the other, from a place on. */
const arrivalsFrom = (taken: readonly Waiting[], from: number): readonly Arriving[] => {
  const arrivals: Arriving[] = [];
  for (const one of taken.slice(from, from + ARRIVALS_MAX)) {
    const { arrival, exchange } = one;
    if (arrival === undefined || exchange.directory.id !== taken[from]?.exchange.directory.id) break;
    arrivals.push({ ...one, arrival });
  }
  return arrivals;
};

/** Runs changes again of which the one at `failedAt` failed: what came before it together, the others behind it. */
const runApart = async (deps: ScimDeps, taken: readonly Waiting[], failedAt: number): Promise<void> => {
  const failed = taken[failedAt];
  // None of them failed, but what they write together: each is tried by itself.
  if (failed === undefined) {
    for (const one of taken) await runTogether(deps, [one], NOTHING_MORE);
    return;
  }
  const [earlier, later] = [taken.slice(0, failedAt), taken.slice(failedAt + 1)];
  if (earlier.length > 0) await runTogether(deps, earlier, NOTHING_MORE);
  await runTogether(deps, [failed], NOTHING_MORE);
  if (later.length > 0) await runTogether(deps, later, NOTHING_MORE);
};
