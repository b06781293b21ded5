import type { Sql } from '../../../platform/index.ts';
import { changeInTurn } from '../../policy-changes.ts';
import type { JsonObject } from '../rules/value.ts';
import type { ScimUser } from '../store/user-store.ts';
import type { Work } from '../sync/context.ts';
import { type Gathered, gatherWrites } from '../sync/gather-writes.ts';
import { createNewcomers } from '../users/create-newcomers.ts';
import type { Exchange, ScimDeps } from './exchange.ts';

/** Tells whoever asked for a change what came of it. */
export type Tell = () => void;

/** A change that waits for its turn. It may run more than once, and tells only when that has counted. */
export type Waiting = {
  readonly exchange: Exchange;
  readonly run: (work: Work) => Promise<Tell>;
  /** Set where it creates a person: those who are new can be taken in together. */
  readonly arrival: { readonly body: JsonObject; readonly tellOf: (user: ScimUser) => Tell } | undefined;
  readonly reject: (error: unknown) => void;
  readonly since: number;
};

/** Takes the next change that waits, or the next people who arrive one after the other; nothing when none waits. */
export type Take = () => readonly Waiting[];

/** So long a transaction goes on to take up changes that wait: the rows of the hot path stand in the same line. */
const TAKING_MS_MAX = 10;

/** So many people are taken in by one statement. */
const ARRIVALS_MAX = 100;

const NOTHING_MORE: Take = () => [];

/** Runs these changes in one transaction, and what `take` gives while it is young; never throws. */
export const runTogether = async (deps: ScimDeps, changes: readonly Waiting[], take: Take): Promise<void> => {
  const batch: Batch = { taken: [...changes], told: [], isComplete: false };
  try {
    await changeInTurn(deps.database, (sql) => runBatch(batch, take, { sql, gathered: gatherWrites(deps) }));
  } catch (error) {
    // What failed to commit fails for all of them; trying again could do it twice.
    if (batch.isComplete || batch.taken.length === 1) rejectAll(batch, error);
    else await runApart(deps, batch.taken, batch.told.length);
    return;
  }
  deps.afterChange().then(
    () => {
      for (const tell of batch.told) tell();
    },
    (error: unknown) => rejectAll(batch, error),
  );
};

const rejectAll = ({ taken }: Batch, error: unknown): void => {
  for (const { reject } of taken) reject(error);
};

/** The changes of a transaction; those that have run have their place in `told`. */
type Batch = { readonly taken: Waiting[]; told: Tell[]; isComplete: boolean };

/** Runs a batch from its beginning: the database may ask for that more than once. */
const runBatch = async (batch: Batch, take: Take, transaction: Transaction): Promise<void> => {
  const until = performance.now() + TAKING_MS_MAX;
  const { taken } = batch;
  batch.told = [];
  batch.isComplete = false;
  while (batch.told.length < taken.length) {
    await runNext(taken, batch.told, transaction);
    if (batch.told.length === taken.length && performance.now() < until) taken.push(...take());
  }
  await transaction.gathered.write(transaction.sql);
  batch.isComplete = true;
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
export const arrivalsFrom = (taken: readonly Waiting[], from: number): readonly Arriving[] => {
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
