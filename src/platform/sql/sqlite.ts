import { Kysely } from 'kysely';
import { createChannels } from './channels.ts';
import type { AppendTable, Database, DatabaseOptions, Sql, SqlValue, TallyTable } from './database.ts';
import { SqliteError } from './errors.ts';
import {
  createJournal,
  JOURNAL_PACE_MS,
  type JournalPart,
  type JournalStore,
  type RefusedRow,
  sumsOf,
} from './journal.ts';
import { openCommits, type SqliteCommits } from './sqlite-commits.ts';
import { createLaneDialect, type Lanes } from './sqlite-driver.ts';
import { startLane } from './sqlite-lane.ts';
import type { AppendCommit } from './sqlite-protocol.ts';
import { createTurns } from './turns.ts';

const TURN_WAIT_MS_MAX = 30_000;

const quote = (name: string): string => `"${name.replaceAll('"', '""')}"`;

const insertStatement = ({ name, columns }: AppendTable): string =>
  `INSERT INTO ${quote(name)} (${columns.map(quote).join(', ')}) VALUES (${columns.map(() => '?').join(', ')})`;

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

const createJournalStore = ({ turns }: Lanes, commits: SqliteCommits): JournalStore => {
  const insertInto = rememberingStatements(insertStatement);
  const addTo = rememberingStatements(addStatement);

  const pack = (parts: readonly JournalPart[], leftOut: readonly RefusedRow[]): AppendCommit => {
    const rows = parts.map(({ rows }) => rows as (readonly SqlValue[] | 0)[]);
    for (const { part, row } of leftOut) rows[part] = rows[part]?.with(row, 0) ?? [];
    return {
      parts: parts.map(({ table }, part) => [insertInto(table), rows[part] ?? []] as const),
      sums: sumsOf(parts, leftOut).map(({ table, lines }) => [addTo(table), lines] as const),
    };
  };

  return {
    run: turns.run,
    commit: async (parts) => {
      const refused: RefusedRow[] = [];
      for (;;) {
        const [isStored, more] = await commits.append(pack(parts, refused));
        for (const [part, row, message, code] of more)
          refused.push({ part, row, error: new SqliteError(message, code) });
        if (isStored) return refused;
      }
    },
  };
};

const startLanes = async (file: string, onDeath: (error: Error) => void): Promise<Lanes> => {
  const turns = createTurns(TURN_WAIT_MS_MAX);
  // The writer makes the file, which the reader only reads.
  const writer = startLane({ file, role: 'writer' }, onDeath);
  await writer.call(['query', 'SELECT 1', []]);
  const reader = startLane({ file, role: 'reader' }, onDeath);
  await reader.call(['query', 'SELECT 1', []]);
  return { writer, reader, turns };
};

/** Opens a SQLite file, or makes it: WAL, every commit on disk before it is answered (`synchronous = FULL`). */
export const openSqlite = async (file: string, options: DatabaseOptions): Promise<Database> => {
  const onError = options.onError ?? (() => {});
  const lanes = await startLanes(file, onError);
  const kysely = new Kysely<unknown>({ dialect: createLaneDialect(lanes) });
  const commits = openCommits({ file, lanes, onError });
  const journal = createJournal(createJournalStore(lanes, commits), {
    paceMs: options.journalPaceMs ?? JOURNAL_PACE_MS,
    onError,
  });
  const channels = createChannels(onError);
  const toTell = new WeakMap<Sql, Set<string>>();

  const transaction = async <R>(run: (sql: Sql) => Promise<R>): Promise<R> => {
    const told = new Set<string>();
    const result = await kysely.transaction().execute((open) => {
      // The caller's tables are the caller's word; this is the one place where it is taken.
      const sql: Sql = { tables: <T>() => open as unknown as Kysely<T> };
      toTell.set(sql, told);
      return run(sql);
    });
    for (const channel of told) channels.tell(channel);
    return result;
  };

  const closeAll = async (): Promise<void> => {
    await journal.flush();
    // A transaction that does not end in time is given up: SQLite rolls it back.
    const endTurn = await lanes.turns.take().catch(onError);
    commits.close();
    await lanes.reader.close();
    await lanes.writer.close();
    endTurn?.();
  };
  let closing: Promise<void> | undefined;

  return {
    engine: 'sqlite',
    tables: <T>() => kysely as unknown as Kysely<T>,
    transaction,
    lock: async () => {},
    journal,
    notify: async (sql, channel) => {
      const told = toTell.get(sql);
      if (told === undefined) channels.tell(channel);
      else told.add(channel);
    },
    listen: async (channel, onChange) => {
      const remove = channels.add(channel, onChange);
      return async () => void remove();
    },
    close: () => {
      closing ??= closeAll();
      return closing;
    },
  };
};
