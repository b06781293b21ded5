import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, describe } from 'vitest';
import { type Database, type DatabaseOptions, openDatabase } from '../../src/platform/sql/index.ts';
import { makeFolder, type PostgresServer, startPostgres } from './postgres.ts';

/** Opens an empty database, which is closed after the test. */
export type OpenDatabase = (options?: Omit<DatabaseOptions, 'url' | 'file'>) => Promise<Database>;

const START_MS_MAX = 60_000;

/** Passes on what `open` opens and closes it after each test. */
const closedAfterEach = (open: OpenDatabase): OpenDatabase => {
  const opened: Database[] = [];
  afterEach(async () => {
    for (const database of opened.splice(0)) await database.close();
  });
  return async (options) => {
    const database = await open(options);
    opened.push(database);
    return database;
  };
};

/** A file in memory where there is enough of it: tests commit some hundred thousand times. */
const onSqlite: OpenDatabase = async (options) => {
  const folder = makeFolder('sqlite-');
  const database = await openDatabase({ isAlone: true, ...options, file: join(folder, 'data.sqlite') });
  return {
    ...database,
    close: async () => {
      await database.close();
      rmSync(folder, { recursive: true, force: true });
    },
  };
};

/** A server for the surrounding suite; answers the function that opens a database of its own on it. */
const onPostgres = (): OpenDatabase => {
  let server: PostgresServer | undefined;
  beforeAll(async () => {
    server = await startPostgres();
  }, START_MS_MAX);
  afterAll(async () => {
    await server?.stop();
  }, START_MS_MAX);
  return async (options) => {
    if (server === undefined) throw new Error('Databases are opened inside of tests and hooks');
    return openDatabase({ ...options, url: await server.createDatabase() });
  };
};

/**
 * Runs a suite on SQLite and on a real PostgreSQL server, which is started once for the test file. `engine` is the
 * engine's name; every call of `open` gives a new, empty database.
 */
export const forEachDatabase = (suite: (engine: Database['engine'], open: OpenDatabase) => void): void => {
  describe('on SQLite', () => suite('sqlite', closedAfterEach(onSqlite)));
  describe('on PostgreSQL', () => suite('postgres', closedAfterEach(onPostgres())));
};
