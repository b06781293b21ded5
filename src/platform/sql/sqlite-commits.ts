import { closeSync, fdatasync, openSync } from 'node:fs';
import { asError, SqliteError } from './errors.ts';
import { messageOf, openConnection, PAGES_UNTIL_CHECKPOINT, resultCodeOf } from './sqlite-connection.ts';
import type { Lanes } from './sqlite-driver.ts';
import type { AppendAnswer, AppendCommit } from './sqlite-protocol.ts';

/** The journal's way to the disk. Its caller holds the writer's turn while it appends. */
export type SqliteCommits = {
  /** Stores a commit; resolves when it is on disk, rejects when it may not be. */
  append(commit: AppendCommit): Promise<AppendAnswer>;
  /** Writes on the thread of the event loop; throws without trying while the disk is slow. */
  quickly<R>(write: () => R): R;
  close(): void;
};

type Options = { readonly file: string; readonly lanes: Lanes; readonly onError: (error: Error) => void };

const SQLITE_BUSY = 5;

/** A commit that takes this long here would be felt by everybody's streams: for a while commits go by the writer's thread. */
const SLOW_MS = 25;
const AVOID_MS = 10_000;

/** About how many pages a commit adds to the log: the edges of tables and indexes, and the rows themselves. */
const PAGES_PER_COMMIT = 5;
const PAGES_PER_ROW = 0.25;

const pagesOf = ({ parts }: AppendCommit): number =>
  parts.reduce((pages, [, rows]) => pages + rows.length * PAGES_PER_ROW, PAGES_PER_COMMIT);

/** Syncs the write-ahead log of a file. The log lives as long as any connection; what it is named is SQLite's rule. */
const createLogSync = (file: string) => {
  let log: number | undefined;
  return {
    sync: (): Promise<void> =>
      new Promise((resolve, reject) => {
        log ??= openSync(`${file}-wal`, 'r+');
        fdatasync(log, (error) => (error === null ? resolve() : reject(error)));
      }),
    close: (): void => {
      if (log !== undefined) closeSync(log);
      log = undefined;
    },
  };
};

/**
 * Commits on the thread of the event loop and leaves only the wait for the disk to another: handing rows to a thread costs
 * more than writing them does. What cannot be done at once (somebody else holds the file, the disk is slow) goes by the
 * writer's thread, and so does moving the log into the file.
 */
export const openCommits = ({ file, lanes: { writer, turns }, onError }: Options): SqliteCommits => {
  const connection = openConnection({ file, role: 'journal' });
  const log = createLogSync(file);
  let avoidUntilMs = 0;
  let pages = 0;

  const byThread = (commit: AppendCommit) => writer.call<AppendAnswer>(['append', JSON.stringify(commit)]);

  const checkpoint = (): void => {
    pages = 0;
    turns
      .run(() => writer.call(['query', 'PRAGMA wal_checkpoint(PASSIVE)', []]))
      .catch((error: unknown) => onError(asError(error)));
  };

  const timed = <R>(write: () => R): R => {
    const startedMs = performance.now();
    try {
      return write();
    } finally {
      const endedMs = performance.now();
      if (endedMs - startedMs > SLOW_MS) avoidUntilMs = endedMs + AVOID_MS;
    }
  };

  const isSlow = (): boolean => performance.now() < avoidUntilMs;

  /** undefined when somebody else is writing to the file. */
  const here = (commit: AppendCommit): AppendAnswer | undefined => {
    try {
      return timed(() => connection.append(commit));
    } catch (error) {
      const code = resultCodeOf(error);
      if (code === SQLITE_BUSY) return undefined;
      throw new SqliteError(messageOf(error), code);
    }
  };

  return {
    quickly: (write) => {
      if (isSlow()) throw new Error('The disk is slow: this thread does not write to it');
      return timed(write);
    },
    append: async (commit) => {
      const answer = isSlow() ? undefined : here(commit);
      if (answer === undefined) return byThread(commit);
      if (answer.length > 0) return answer;
      await log.sync();
      pages += pagesOf(commit);
      if (pages > PAGES_UNTIL_CHECKPOINT) checkpoint();
      return answer;
    },
    close: () => {
      connection.close();
      log.close();
    },
  };
};
