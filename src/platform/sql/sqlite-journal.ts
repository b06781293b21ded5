import type { AppendTable, SharedRow, SqlValue, TallyTable } from './database.ts';
import { SqliteError } from './errors.ts';
import { type JournalPart, type JournalStore, type RefusedRow, sumsOf } from './journal-store.ts';
import { missingShared, refusedWith } from './shared-rows.ts';
import type { SqliteCommits } from './sqlite-commits.ts';
import type { Lanes } from './sqlite-driver.ts';
import type { AppendCommit } from './sqlite-protocol.ts';
import type { RedoLog } from './sqlite-redo-log.ts';

const quote = (name: string): string => `"${name.replaceAll('"', '""')}"`;

const insertStatement = ({ name, columns }: AppendTable): string =>
  `INSERT INTO ${quote(name)} (${columns.map(quote).join(', ')}) VALUES (${columns.map(() => '?').join(', ')})`;

const shareStatement = (table: AppendTable): string => `${insertStatement(table)} ON CONFLICT DO NOTHING`;

const addStatement = ({ name, keys, sums }: TallyTable): string => {
  const columns = [...keys, ...sums].map(quote);
  const adds = sums.map((sum) => `${quote(sum)} = ${quote(sum)} + excluded.${quote(sum)}`);
  return `INSERT INTO ${quote(name)} (${columns.join(', ')}) VALUES (${columns.map(() => '?').join(', ')}) ON CONFLICT (${keys.map(quote).join(', ')}) DO UPDATE SET ${adds.join(', ')}`;
};

/** Statements by the table they are for, which is the same object every time. */
const rememberingStatements = <T extends object>(write: (table: T) => string): ((table: T) => string) => {
  const written = new WeakMap<T, string>();
  return (table) => {
    const sql = written.get(table) ?? write(table);
    written.set(table, sql);
    return sql;
  };
};

/** The rows of a part, 0 in the places of those that are left out. */
const withoutRefused = (
  { rows }: JournalPart,
  part: number,
  refused: readonly RefusedRow[],
): readonly (readonly SqlValue[] | 0)[] => {
  const out = refused.filter((one) => one.part === part);
  if (out.length === 0) return rows;
  const left: (readonly SqlValue[] | 0)[] = [...rows];
  for (const { row } of out) left[row] = 0;
  return left;
};

type Ways = { readonly lanes: Lanes; readonly commits: SqliteCommits; readonly redoLog: RedoLog | undefined };

/** One INSERT for each row, all of a batch in one commit; what is shared goes first. Rows are kept in the redo log. */
export const createSqliteJournalStore = ({ lanes: { turns }, commits, redoLog }: Ways): JournalStore => {
  const insertInto = rememberingStatements(insertStatement);
  const shareIn = rememberingStatements(shareStatement);
  const addTo = rememberingStatements(addStatement);
  /** What is in its table, and what an entry of the redo log will bring there. */
  const known = new WeakSet<SharedRow>();
  const keptToo = new WeakSet<SharedRow>();

  /** Each of what is shared is a part of its own. */
  const pack = (
    parts: readonly JournalPart[],
    shared: readonly SharedRow[],
    refused: readonly RefusedRow[],
  ): AppendCommit => ({
    parts: [
      ...shared.map(({ table, row }) => [shareIn(table), [row]] as const),
      ...parts.map((part, at) => [insertInto(part.table), withoutRefused(part, at, refused)] as const),
    ],
    sums: sumsOf(parts, refused).map(({ table, lines }) => [addTo(table), lines] as const),
  });

  const keep = (log: RedoLog, parts: readonly JournalPart[]): Promise<void> => {
    const shared = missingShared(parts, keptToo);
    const text = JSON.stringify(pack(parts, shared, []));
    const onDisk = commits.quickly(() => log.write(text));
    for (const one of shared) keptToo.add(one);
    return onDisk;
  };

  return {
    run: turns.run,
    ...(redoLog === undefined ? {} : { keep: (parts) => keep(redoLog, parts) }),
    commit: async (parts) => {
      const redone = redoLog?.turnOver();
      const refused: RefusedRow[] = [];
      let shared = missingShared(parts, known);
      for (;;) {
        const more = await commits.append({ ...pack(parts, shared, refused), redone });
        if (more.length === 0) break;
        const missing = new Map<SharedRow, Error>();
        for (const [at, row, message, code] of more) {
          const error = new SqliteError(message, code);
          const own = shared[at];
          if (own === undefined) refused.push({ part: at - shared.length, row, error });
          else missing.set(own, error);
        }
        refused.push(...refusedWith(parts, missing));
        shared = shared.filter((one) => !missing.has(one));
      }
      for (const one of shared) known.add(one);
      if (redone !== undefined) redoLog?.forget(redone);
      return refused;
    },
  };
};
