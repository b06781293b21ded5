import { existsSync, renameSync } from 'node:fs';
import { asError, SqliteError } from './errors.ts';
import type { LaneSession } from './sqlite-lane.ts';
import type { AppendAnswer, AppendCommit, QueryAnswer } from './sqlite-protocol.ts';
import { openRedoLog, type RedoEntry, type RedoLog, readRedoLog, redoFiles } from './sqlite-redo-log.ts';

type Opening = {
  readonly file: string;
  readonly writer: LaneSession;
  readonly onError: (error: Error) => void;
};

const PREPARE = [
  'CREATE TABLE IF NOT EXISTS redone (number INTEGER NOT NULL) STRICT',
  'INSERT INTO redone SELECT 0 WHERE NOT EXISTS (SELECT 1 FROM redone)',
];

const query = (writer: LaneSession, sql: string) => writer.call<QueryAnswer>(['query', sql, []]);
const append = (writer: LaneSession, commit: AppendCommit) =>
  writer.call<AppendAnswer>(['append', JSON.stringify(commit)]);

const carryOut = async ({ writer, onError }: Opening, { number, text }: RedoEntry): Promise<void> => {
  // Written by this program, in the form in which commits cross to the writer.
  const commit = { ...(JSON.parse(text) as AppendCommit), redone: number };
  const refused = await append(writer, commit);
  if (refused.length === 0) return;
  for (const [, , message, code] of refused) onError(new SqliteError(message, code));
  const isRefused = new Set(refused.map(([part, row]) => `${part}:${row}`));
  const parts = commit.parts.map(
    ([sql, rows], part) => [sql, rows.map((row, at) => (isRefused.has(`${part}:${at}`) ? 0 : row))] as const,
  );
  await append(writer, { ...commit, parts });
};

/** A name nobody has: what was set aside before is kept. */
const asideOf = (file: string): string => {
  for (let again = 1; ; again++) {
    const name = again === 1 ? `${file}.aside` : `${file}.aside-${again}`;
    if (!existsSync(name)) return name;
  }
};

/**
 * A database that was put back from a copy knows nothing of what was written after the copy: that is not for its tables.
 * Nor is what stands behind a gap in a log that was damaged.
 */
const setAside = ({ file, onError }: Opening, entries: readonly RedoEntry[]): void => {
  const names = redoFiles(file)
    .filter((one) => existsSync(one))
    .map((one) => {
      const aside = asideOf(one);
      renameSync(one, aside);
      return aside;
    });
  onError(
    new Error(
      `${entries.length} entries of the redo log do not follow upon what is in ${file}, as happens when the database was put back from a copy, or the log was damaged. They were left out and kept in ${names.join(' and ')}`,
    ),
  );
};

const SQLITE_ERROR = 1;

/** The database has none of the tables an entry is about, or other columns: the entry is of another one. */
const isOfAnother = (error: unknown): boolean => error instanceof SqliteError && error.resultCode === SQLITE_ERROR;

/** Carries out the entries that follow upon the last one; answers the number of the last one carried out. */
const carryOutAll = async (opening: Opening, entries: readonly RedoEntry[], before: number): Promise<number> => {
  let last = before;
  for (const entry of entries) {
    if (entry.number !== last + 1) break;
    try {
      await carryOut(opening, entry);
    } catch (error) {
      if (isOfAnother(error)) break;
      throw error;
    }
    last = entry.number;
  }
  return last;
};

/**
 * Brings to their tables what a process that ended too early left in the redo log, and opens the log anew. Answers
 * undefined where it cannot be written: rows then wait for commits.
 */
export const openRedo = async (opening: Opening): Promise<RedoLog | undefined> => {
  const { file, writer, onError } = opening;
  for (const sql of PREPARE) await query(writer, sql);
  const { rows } = await query(writer, 'SELECT number FROM redone');
  const before = Number(rows[0]?.[0] ?? 0);
  const entries = readRedoLog(file);
  const last = await carryOutAll(
    opening,
    entries.filter(({ number }) => number > before),
    before,
  );
  const left = entries.filter(({ number }) => number > last);
  if (left.length > 0) setAside(opening, left);
  try {
    return openRedoLog(file, last);
  } catch (error) {
    onError(asError(error));
    return undefined;
  }
};
