import { sql } from 'kysely';
import type { Database } from './database.ts';

/** Longer than any commit should take; whoever asks has no more patience than that. */
const WAIT_MS_MAX = 2000;

const inTime = async (work: Promise<unknown>): Promise<boolean> => {
  const { promise: tooLate, resolve } = Promise.withResolvers<boolean>();
  const timer = setTimeout(() => resolve(false), WAIT_MS_MAX);
  const isDone = work.then(
    () => true,
    () => false,
  );
  const answer = await Promise.race([isDone, tooLate]);
  clearTimeout(timer);
  return answer;
};

/** Changes nothing, and yet has to be written down: on a full disk, or beside a writer that does not end, it fails. */
const writeSomething = (database: Database): Promise<unknown> =>
  database.transaction((open) =>
    sql`UPDATE schema_migration SET name = name WHERE position = 1`.execute(open.tables<unknown>()),
  );

/**
 * Answers whether the database answers and takes what it is given. Writing is tried only where the journal's last commit
 * failed, so that asking costs nothing while all is well. Needs a database that has been migrated.
 */
export const createCanServe = (database: Database): (() => Promise<boolean>) => {
  let writing: Promise<unknown> | undefined;

  /** Whoever asks while one try is under way waits for that one. */
  const write = (): Promise<unknown> => {
    writing ??= writeSomething(database).finally(() => {
      writing = undefined;
    });
    return writing;
  };

  return async () => {
    const canRead = await sql`select 1`.execute(database.tables()).then(
      () => true,
      () => false,
    );
    return canRead && (!database.journal.hasFailed || (await inTime(write())));
  };
};
