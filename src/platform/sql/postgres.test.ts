import { sql as raw } from 'kysely';
import { Client } from 'pg';
import { afterAll, afterEach, beforeAll, expect, it } from 'vitest';
import { type PostgresServer, startPostgres } from '../../../tests/support/postgres.ts';
import type { AppendTable, Database, DatabaseOptions, Sql } from './database.ts';
import { openDatabase } from './open-database.ts';

type Tables = { line: { position: number; text: string | null } };

const LINE: AppendTable = { name: 'line', columns: ['position', 'text'] };
const START_MS_MAX = 60_000;

let server: PostgresServer;
const opened: Database[] = [];

beforeAll(async () => {
  server = await startPostgres();
}, START_MS_MAX);

afterEach(async () => {
  for (const database of opened.splice(0)) await database.close();
});

afterAll(async () => {
  await server.stop();
}, START_MS_MAX);

const open = async (options: DatabaseOptions): Promise<Database> => {
  const database = await openDatabase(options);
  opened.push(database);
  return database;
};

const openWithLines = async (url: string, onError: (error: Error) => void = () => {}): Promise<Database> => {
  const database = await open({ url, onError });
  await raw`CREATE TABLE line (position bigint PRIMARY KEY, text text)`.execute(database.tables());
  return database;
};

const append = (database: Database, position: number): Promise<Error | undefined> =>
  new Promise((resolve) => database.journal.append(LINE, [position, ''], resolve));

const positions = async (database: Database): Promise<number[]> => {
  const rows = await database.tables<Tables>().selectFrom('line').select('position').orderBy('position').execute();
  return rows.map(({ position }) => position);
};

/** Runs a statement on the maintenance database. */
const asAdministrator = async (statement: string): Promise<void> => {
  const client = new Client({ connectionString: server.url });
  await client.connect();
  await client.query(statement);
  await client.end();
};

const nameOf = (url: string): string => new URL(url).pathname.slice(1);

const endConnections = (url: string): Promise<void> =>
  asAdministrator(`SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = '${nameOf(url)}'`);

const heard = () => {
  let wake = (): void => {};
  const next = (): Promise<void> => new Promise((resolve) => (wake = resolve));
  return { onChange: () => wake(), next };
};

it('tells the other processes on the same database', async () => {
  const url = await server.createDatabase();
  const [here, there] = [await open({ url }), await open({ url })];
  const listener = heard();
  await there.listen('policy', listener.onChange);
  const next = listener.next();
  await here.transaction((sql) => here.notify(sql, 'policy'));
  const committed = performance.now();
  await next;
  expect(performance.now() - committed).toBeLessThan(1_000);
});

it('listens again after it lost its connection, and tells everybody that something may have changed', async () => {
  const url = await server.createDatabase();
  const database = await open({ url, onError: () => {} });
  const listener = heard();
  await database.listen('policy', listener.onChange);
  const afterReconnect = listener.next();
  await endConnections(url);
  await afterReconnect;
  const afterNotify = listener.next();
  await database.notify(database, 'policy');
  await afterNotify;
});

it('fails the rows of the journal while the server refuses it, and stores the next when it is back', async () => {
  const url = await server.createDatabase();
  const database = await openWithLines(url);
  expect(await append(database, 1)).toBeUndefined();
  await asAdministrator(`ALTER DATABASE ${nameOf(url)} ALLOW_CONNECTIONS false`);
  await endConnections(url);
  expect(await append(database, 2)).toBeInstanceOf(Error);
  expect(await append(database, 3)).toBeInstanceOf(Error);
  await asAdministrator(`ALTER DATABASE ${nameOf(url)} ALLOW_CONNECTIONS true`);
  expect(await append(database, 4)).toBeUndefined();
  expect(await positions(database)).toEqual([1, 4]);
});

it('survives the loss of its idle connections', async () => {
  const url = await server.createDatabase();
  const errors: Error[] = [];
  const database = await openWithLines(url, (error) => errors.push(error));
  await endConnections(url);
  await expect.poll(() => errors.length).toBeGreaterThan(0);
  expect(await positions(database)).toEqual([]);
});

it('survives the loss of a connection between two statements of a transaction, which fails', async () => {
  const url = await server.createDatabase();
  const database = await openWithLines(url);
  const insert = (sql: Sql, position: number) =>
    sql.tables<Tables>().insertInto('line').values({ position, text: null }).execute();
  const lost = database.transaction(async (sql) => {
    await insert(sql, 1);
    await endConnections(url);
    // Nobody has asked anything of the connection when its end is heard of.
    await new Promise((resolve) => setTimeout(resolve, 200));
    await insert(sql, 2);
  });
  await expect(lost).rejects.toThrow();
  expect(await positions(database)).toEqual([]);
});

it('runs a transaction again that was given up to end a deadlock', async () => {
  const database = await openWithLines(await server.createDatabase());
  await Promise.all([append(database, 1), append(database, 2)]);
  let runs = 0;
  const touch = async (sql: Sql, position: number): Promise<void> => {
    await sql
      .tables<Tables>()
      .updateTable('line')
      .set((row) => ({ text: row.fn('concat', ['text', raw.lit('x')]) }))
      .where('position', '=', position)
      .execute();
  };
  const both = (first: number, second: number) =>
    database.transaction(async (sql) => {
      runs += 1;
      await touch(sql, first);
      await new Promise((resolve) => setTimeout(resolve, 100));
      await touch(sql, second);
    });
  await Promise.all([both(1, 2), both(2, 1)]);
  expect(runs).toBeGreaterThan(2);
  const rows = await database.tables<Tables>().selectFrom('line').select('text').execute();
  expect(rows).toEqual([{ text: 'xx' }, { text: 'xx' }]);
}, 15_000);

it('gives up a transaction that never gets through after five more tries', async () => {
  const database = await openWithLines(await server.createDatabase());
  let runs = 0;
  const attempt = database.transaction(async (sql) => {
    runs += 1;
    await raw`DO $$ BEGIN RAISE EXCEPTION 'no luck' USING ERRCODE = '40001'; END $$`.execute(sql.tables());
  });
  await expect(attempt).rejects.toThrow('no luck');
  expect(runs).toBe(6);
});

it('refuses a database that does not keep text as UTF-8', async () => {
  await asAdministrator(
    `CREATE DATABASE ascii ENCODING 'SQL_ASCII' LOCALE_PROVIDER libc LOCALE 'C' TEMPLATE template0`,
  );
  const url = new URL(server.url);
  url.pathname = '/ascii';
  await expect(openDatabase({ url: url.href })).rejects.toThrow('must be UTF8');
});

it('rejects when the server cannot be reached', async () => {
  await expect(openDatabase({ url: 'postgres://postgres@127.0.0.1:1/nowhere' })).rejects.toThrow('ECONNREFUSED');
});
