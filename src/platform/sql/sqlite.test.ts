import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { DatabaseSync } from 'node:sqlite';
import { fileURLToPath } from 'node:url';
import type { Worker } from 'node:worker_threads';
import { sql as raw } from 'kysely';
import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import type { AppendTable, Database } from './database.ts';
import { SqliteError } from './errors.ts';
import { openDatabase } from './open-database.ts';

type Tables = { line: { position: number; text: string | null } };

const LINE: AppendTable = { name: 'line', columns: ['position', 'text'] };
const SQLITE_FULL = 13;

let folder: string;
let file: string;
let workers: Worker[];
let opened: Database[];
/** The connections that were opened on this thread. */
let connections: DatabaseSync[];
const remember = (worker: Worker): unknown => workers.push(worker);

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'sqlite-test-'));
  file = join(folder, 'data.sqlite');
  workers = [];
  opened = [];
  connections = [];
  const exec = DatabaseSync.prototype.exec;
  vi.spyOn(DatabaseSync.prototype, 'exec').mockImplementation(function (this: DatabaseSync, sql) {
    if (!connections.includes(this)) connections.push(this);
    exec.call(this, sql);
  });
  process.on('worker', remember);
});

afterEach(async () => {
  vi.restoreAllMocks();
  process.off('worker', remember);
  for (const database of opened) await database.close();
  rmSync(folder, { recursive: true, force: true });
});

const open = async (onError?: (error: Error) => void): Promise<Database> => {
  const database = await openDatabase(onError === undefined ? { file } : { file, onError });
  opened.push(database);
  await raw`CREATE TABLE IF NOT EXISTS line (position INTEGER PRIMARY KEY, text TEXT) STRICT`.execute(
    database.tables(),
  );
  return database;
};

const append = (database: Database, position: number, text = ''): Promise<Error | undefined> =>
  new Promise((resolve) => database.journal.append(LINE, [position, text], resolve));

const count = async (database: Database): Promise<number> =>
  (await database.tables<Tables>().selectFrom('line').select('position').execute()).length;

it('opens its file with a write-ahead log, and writes every commit through to the disk', async () => {
  const database = await open();
  const journalMode = await raw`PRAGMA journal_mode`.execute(database.tables());
  const synchronous = await raw`PRAGMA synchronous`.execute(database.tables());
  const foreignKeys = await raw`PRAGMA foreign_keys`.execute(database.tables());
  expect([journalMode.rows, synchronous.rows, foreignKeys.rows]).toEqual([
    [{ journal_mode: 'wal' }],
    [{ synchronous: 2 }],
    [{ foreign_keys: 1 }],
  ]);
});

it('still holds every row it said was durable after the process was killed', async () => {
  await (await open()).close();
  const database = fileURLToPath(new URL('./open-database.ts', import.meta.url));
  const program = `
    import { openDatabase } from ${JSON.stringify(database)};
    const { journal } = await openDatabase({ file: ${JSON.stringify(file)} });
    const table = { name: 'line', columns: ['position', 'text'] };
    let position = 0;
    setInterval(() => {
      for (let i = 0; i < 5; i++) {
        const own = ++position;
        journal.append(table, [own, 'x'.repeat(200)], (error) => process.stdout.write((error?.message ?? own) + '\\n'));
      }
    }, 1);`;
  const child = spawn(process.execPath, ['--input-type=module-typescript', '-e', program], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const exited = once(child, 'exit');
  const promised: number[] = [];
  for await (const line of createInterface({ input: child.stdout })) {
    promised.push(Number(line));
    if (promised.length === 500) child.kill('SIGKILL');
  }
  await exited;
  const rows = await (await open()).tables<Tables>().selectFrom('line').select('position').execute();
  const stored = new Set(rows.map(({ position }) => position));
  expect(promised.length).toBeGreaterThanOrEqual(500);
  expect(promised.filter((position) => !stored.has(position))).toEqual([]);
});

it('reports a full disk for each row it could not store, and stores rows again when there is space', async () => {
  const database = await open();
  // The limit is a connection's own, and the journal's has no other way in.
  const limitPages = (pages: number) => {
    for (const connection of connections) connection.exec(`PRAGMA max_page_count = ${pages}`);
  };
  limitPages(10);
  const told = await Promise.all(Array.from({ length: 50 }, (_, i) => append(database, i, 'x'.repeat(4_000))));
  expect(told.map((error) => error instanceof SqliteError && error.resultCode)).toEqual(Array(50).fill(SQLITE_FULL));
  expect(await count(database)).toBe(0);
  limitPages(1_000_000);
  expect(await append(database, 1)).toBeUndefined();
  expect(await count(database)).toBe(1);
});

it('keeps nothing of a transaction that met a full disk, and goes on with the next', async () => {
  const database = await open();
  await raw`PRAGMA max_page_count = 10`.execute(database.tables());
  const tooMuch = database.transaction(async (sql) => {
    await sql.tables<Tables>().insertInto('line').values({ position: 1, text: 'first' }).execute();
    await sql
      .tables<Tables>()
      .insertInto('line')
      .values({ position: 2, text: 'x'.repeat(100_000) })
      .execute();
  });
  await expect(tooMuch).rejects.toThrow('full');
  expect(await count(database)).toBe(0);
  await database.tables<Tables>().insertInto('line').values({ position: 3, text: 'small' }).execute();
  expect(await count(database)).toBe(1);
});

it('fails what a dead thread was asked, starts another and has lost nothing that was durable', async () => {
  const errors: Error[] = [];
  const database = await open((error) => errors.push(error));
  await append(database, 1);
  const lost = database.tables<Tables>().insertInto('line').values({ position: 2, text: '' }).execute();
  lost.catch(() => {});
  await Promise.all(workers.map((worker) => worker.terminate()));
  await append(database, 3);
  expect(errors.map(({ message }) => message)).toEqual(Array(2).fill(expect.stringContaining('stopped')));
  await database.tables<Tables>().insertInto('line').values({ position: 4, text: '' }).execute();
  const rows = await database.tables<Tables>().selectFrom('line').select('position').execute();
  expect(rows.map(({ position }) => position)).toEqual(expect.arrayContaining([1, 3, 4]));
});

it('waits for somebody else who writes to the file without holding up the event loop', async () => {
  const database = await open();
  const other = new DatabaseSync(file);
  other.exec('BEGIN IMMEDIATE');
  let turns = 0;
  const timer = setInterval(() => turns++, 5);
  const stored = append(database, 1);
  await new Promise((resolve) => setTimeout(resolve, 300));
  expect(turns).toBeGreaterThan(10);
  other.exec('COMMIT');
  expect(await stored).toBeUndefined();
  clearInterval(timer);
  other.close();
  expect(await count(database)).toBe(1);
});

it('moves the log into the file before it has grown large', async () => {
  const database = await open();
  const text = 'x'.repeat(900);
  for (let first = 0; first < 60_000; first += 1000)
    await Promise.all(Array.from({ length: 1000 }, (_, i) => append(database, first + i, text)));
  expect(await count(database)).toBe(60_000);
  expect(statSync(`${file}-wal`).size).toBeLessThan(40_000_000);
});

it('never lets the rest of a transaction run on the thread that follows a dead one', async () => {
  const database = await open(() => {});
  const [writer] = workers;
  const broken = database.transaction(async (sql) => {
    await sql.tables<Tables>().insertInto('line').values({ position: 1, text: 'before' }).execute();
    await writer?.terminate();
    await sql.tables<Tables>().insertInto('line').values({ position: 2, text: 'after' }).execute();
  });
  await expect(broken).rejects.toThrow('stopped');
  expect(await count(database)).toBe(0);
  await database.transaction(async (sql) => {
    await sql.tables<Tables>().insertInto('line').values({ position: 3, text: 'next' }).execute();
  });
  expect(await count(database)).toBe(1);
});

it('keeps answering the event loop while a heavy report runs', async () => {
  const database = await open();
  let longest = 0;
  let last = performance.now();
  const timer = setInterval(() => {
    longest = Math.max(longest, performance.now() - last);
    last = performance.now();
  }, 1);
  const report = raw<{ n: number }>`
    SELECT count(*) AS n FROM (WITH RECURSIVE c(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM c WHERE i < 1000000) SELECT i FROM c)`;
  const started = performance.now();
  expect((await report.execute(database.tables())).rows).toEqual([{ n: 1_000_000 }]);
  const took = performance.now() - started;
  clearInterval(timer);
  expect(longest).toBeLessThan(took / 2);
});

it('ends its threads when it is closed', async () => {
  const database = await open();
  const ended = workers.map((worker) => once(worker, 'exit'));
  await database.close();
  await Promise.all(ended);
  expect(workers.length).toBe(2);
});

it('rejects when the file cannot be opened', async () => {
  await expect(openDatabase({ file: join(folder, 'missing', 'data.sqlite') })).rejects.toThrow('unable to open');
});

it('asks for a file or a url, and not for both', async () => {
  await expect(openDatabase({})).rejects.toThrow('by its url');
  await expect(openDatabase({ file, url: 'postgres://localhost' })).rejects.toThrow('by its url');
});
