import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Database, DatabaseOptions } from './database.ts';
import { openPostgres } from './postgres.ts';
import { openSqlite } from './sqlite.ts';

/** Opens the database of exactly one of `url` and `file`; rejects when it cannot be used now. */
export const openDatabase = async (options: DatabaseOptions): Promise<Database> => {
  const { url, file } = options;
  if (url !== undefined && file === undefined) return openPostgres(url, options);
  if (file !== undefined && url === undefined) return openSqlite(file, options);
  throw new Error('A database is opened by its url (PostgreSQL) or by its file (SQLite), not by both or neither');
};

/** An empty SQLite database in a folder of its own, which is removed when the database is closed. For tests and trials. */
export const openTemporaryDatabase = async (options: Omit<DatabaseOptions, 'url' | 'file'> = {}): Promise<Database> => {
  const folder = await mkdtemp(join(tmpdir(), 'database-'));
  const database = await openDatabase({ isAlone: true, ...options, file: join(folder, 'data.sqlite') });
  const closeAndRemove = async (): Promise<void> => {
    await database.close();
    await rm(folder, { recursive: true, force: true });
  };
  let closing: Promise<void> | undefined;
  return {
    ...database,
    close: () => {
      closing ??= closeAndRemove();
      return closing;
    },
  };
};
