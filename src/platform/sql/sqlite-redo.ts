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

/** A database that was put back from a copy knows nothing of what was written after the copy: that is not for its tables. */
const setAside = ({ file, onError }: Opening, entries: readonly RedoEntry[]): void => {
  const names = redoFiles(file).filter((one) => existsSync(one));
  for (const one of names) renameSync(one, `${one}.aside`);
  onError(
    new Error(
      `${entries.length} entries of the redo log do not follow upon what is in ${file}, as happens when the database was put back from a copy. They were left out and kept in ${names.map((one) => `${one}.aside`).join(' and ')}`,
    ),
  );
};

/**
 * Brings to their tables what a process that ended too early left in the redo log, and opens the log anew. Answers
 * undefined where it cannot be written: rows then wait for commits.
 */
export const openRedo = async (opening: Opening): Promise<RedoLog | undefined> => {
  const { file, writer, onError } = opening;
  for (const sql of PREPARE) await query(writer, sql);
  const { rows } = await query(writer, 'SELECT number FROM redone');
  let last = Number(rows[0]?.[0] ?? 0);
  const entries = readRedoLog(file).filter(({ number }) => number > last);
  if (entries.length > 0 && entries[0]?.number !== last + 1) setAside(opening, entries);
  else
    for (const entry of entries) {
      await carryOut(opening, entry);
      last = entry.number;
    }
  try {
    return openRedoLog(file, last);
  } catch (error) {
    onError(asError(error));
    return undefined;
  }
};
