import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { copyFileSync, existsSync, mkdtempSync, rmSync, symlinkSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { fileURLToPath } from 'node:url';
import { sql as raw } from 'kysely';
import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import type { AppendTable, Database, Tallies, TallyTable } from './database.ts';
import { openDatabase } from './open-database.ts';
import { readRedoLog, redoFiles } from './sqlite-redo-log.ts';

type Tables = {
  line: { position: number; text: string; kind: string | null };
  total: { name: string; sum: number };
  kind: { id: string; says: string };
};

const LINE: AppendTable = { name: 'line', columns: ['position', 'text', 'kind'] };
const KIND: AppendTable = { name: 'kind', columns: ['id', 'says'] };
const TOTAL: TallyTable = { name: 'total', keys: ['name'], sums: ['sum'] };

let folder: string;
let file: string;
let opened: Database[];
let errors: Error[];

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'redo-test-'));
  file = join(folder, 'data.sqlite');
  opened = [];
  errors = [];
});

afterEach(async () => {
  vi.restoreAllMocks();
  for (const database of opened) await database.close();
  rmSync(folder, { recursive: true, force: true });
});

const open = async (): Promise<Database> => {
  const database = await openDatabase({ file, isAlone: true, onError: (error) => errors.push(error) });
  opened.push(database);
  const tables = database.tables();
  await raw`CREATE TABLE IF NOT EXISTS line (position INTEGER PRIMARY KEY, text TEXT, kind TEXT) STRICT`.execute(
    tables,
  );
  await raw`CREATE TABLE IF NOT EXISTS total (name TEXT PRIMARY KEY, sum INTEGER NOT NULL) STRICT`.execute(tables);
  await raw`CREATE TABLE IF NOT EXISTS kind (id TEXT PRIMARY KEY, says TEXT NOT NULL) STRICT`.execute(tables);
  return database;
};

const one: Tallies = { table: TOTAL, lines: () => [['lines', 1]] };
const kind = { table: KIND, row: ['k', 'in common'] };

const keep = (database: Database, position: number, text = ''): Promise<Error | undefined> =>
  new Promise((resolve) => {
    database.journal.append(LINE, [position, text, 'k'], resolve, { isCertain: true, tallies: one, refersTo: kind });
  });

const store = (database: Database, position: number): Promise<Error | undefined> =>
  new Promise((resolve) => database.journal.append(LINE, [position, '', null], resolve));

const positions = async (database: Database): Promise<readonly number[]> =>
  (await database.tables<Tables>().selectFrom('line').select('position').orderBy('position').execute()).map(
    ({ position }) => position,
  );

const total = async (database: Database): Promise<number> =>
  (await database.tables<Tables>().selectFrom('total').select('sum').executeTakeFirst())?.sum ?? 0;

/** What stands in the file, whatever the program that has it open knows. */
const inFile = (): number => {
  const other = new DatabaseSync(file, { readOnly: true });
  const counted = other.prepare('SELECT count(*) AS n FROM line').get();
  other.close();
  return Number(counted?.n);
};

it('says that a certain row is durable before it is in its table, and shows it to whoever asks', async () => {
  const database = await open();
  expect(await keep(database, 1)).toBeUndefined();
  expect(inFile()).toBe(0);
  expect(await positions(database)).toEqual([1]);
  expect(inFile()).toBe(1);
  expect(await total(database)).toBe(1);
});

it('shows certain rows to a transaction that begins after they were durable', async () => {
  const database = await open();
  await keep(database, 1);
  const seen = await database.transaction(
    async (sql) => (await sql.tables<Tables>().selectFrom('line').selectAll().execute()).length,
  );
  expect(seen).toBe(1);
});

it('brings certain rows to their table by themselves, soon', async () => {
  const database = await open();
  await keep(database, 1);
  await vi.waitFor(() => expect(inFile()).toBe(1), { timeout: 5000 });
});

it('does not let a certain row wait for a transaction of somebody else', async () => {
  const database = await open();
  const { promise: mayEnd, resolve: end } = Promise.withResolvers<void>();
  const { promise: hasBegun, resolve: begin } = Promise.withResolvers<void>();
  const long = database.transaction(async (sql) => {
    await sql.tables<Tables>().insertInto('line').values({ position: 10, text: '', kind: null }).execute();
    begin();
    await mayEnd;
  });
  await hasBegun;
  expect(await keep(database, 1)).toBeUndefined();
  // Beside the transaction a reader is not kept waiting for long, and reads what there is.
  expect(await positions(database)).toEqual([]);
  end();
  await long;
  expect(await positions(database)).toEqual([1, 10]);
});

it('flushes certain rows into their tables', async () => {
  const database = await open();
  const told = Promise.all([keep(database, 1), keep(database, 2)]);
  await database.journal.flush();
  expect(inFile()).toBe(2);
  expect(await told).toEqual([undefined, undefined]);
});

it('brings certain rows to their tables when a commit that failed can be made again', async () => {
  const database = await open();
  const kept = keep(database, 1);
  database.journal.append({ name: 'missing', columns: ['a'] }, [1]);
  expect(await kept).toBeUndefined();
  await vi.waitFor(() => expect(inFile()).toBe(1), { timeout: 5000 });
  expect(await total(database)).toBe(1);
  expect(await keep(database, 2)).toBeUndefined();
  expect(await positions(database)).toEqual([1, 2]);
});

it('reports a certain row that is refused after all, and stores those around it', async () => {
  const database = await open();
  await Promise.all([keep(database, 1), keep(database, 'two' as unknown as number), keep(database, 3)]);
  expect(await positions(database)).toEqual([1, 3]);
  expect(await total(database)).toBe(2);
  expect(errors.length).toBe(1);
});

it('goes without the log where there is no place for it', async () => {
  const [, second] = redoFiles(file);
  symlinkSync(join(folder, 'missing', 'log'), second);
  const database = await open();
  expect(errors.map(({ message }) => message)).toEqual([expect.stringContaining('ENOENT')]);
  expect(await keep(database, 1)).toBeUndefined();
  expect(inFile()).toBe(1);
});

it('leaves the log to the process that has the file to itself', async () => {
  const database = await open();
  expect(await keep(database, 1)).toBeUndefined();
  const other = await openDatabase({ file });
  await other.close();
  expect(readRedoLog(file).length).toBe(1);
  expect(await positions(database)).toEqual([1]);
  expect(errors).toEqual([]);
});

const program = (body: string): string => `
  import { openDatabase } from ${JSON.stringify(fileURLToPath(new URL('./open-database.ts', import.meta.url)))};
  const { journal } = await openDatabase({ file: ${JSON.stringify(file)}, isAlone: true });
  const LINE = { name: 'line', columns: ['position', 'text', 'kind'] };
  const TOTAL = { name: 'total', keys: ['name'], sums: ['sum'] };
  const kind = { table: { name: 'kind', columns: ['id', 'says'] }, row: ['k', 'in common'] };
  const more = { isCertain: true, tallies: { table: TOTAL, lines: () => [['lines', 1]] }, refersTo: kind };
  const keep = (position) => new Promise((resolve) => journal.append(LINE, [position, 'x', 'k'], resolve, more));
  ${body}`;

const runAndDie = async (body: string): Promise<void> => {
  const child = spawn(process.execPath, ['--input-type=module-typescript', '-e', program(body)], { stdio: 'inherit' });
  const [, signal] = await once(child, 'exit');
  expect(signal).toBe('SIGKILL');
};

it('finds every certain row that was durable when the process was killed, once, with its sums', async () => {
  await (await open()).close();
  await runAndDie(
    'for (let i = 1; i <= 3; i++) await Promise.all([keep(i), keep(100 + i)]); process.kill(process.pid, "SIGKILL");',
  );
  const database = await open();
  expect(inFile()).toBe(6);
  expect(await positions(database)).toEqual([1, 2, 3, 101, 102, 103]);
  expect(await total(database)).toBe(6);
  expect(await database.tables<Tables>().selectFrom('kind').selectAll().execute()).toEqual([
    { id: 'k', says: 'in common' },
  ]);
  await database.close();
  // Nothing is done twice.
  expect(await total(await open())).toBe(6);
  expect(errors).toEqual([]);
});

it('counts each row once when the process is killed between commits, again and again', async () => {
  await (await open()).close();
  for (let round = 0; round < 4; round++)
    await runAndDie(
      `for (let i = 1; i <= 40; i++) await Promise.all([keep(${round * 1000} + i), keep(${round * 1000 + 500} + i)]);
       setTimeout(() => process.kill(process.pid, 'SIGKILL'), ${round * 20});
       for (let i = 41; i <= 400; i++) await keep(${round * 1000} + i);
       await new Promise(() => {});`,
    );
  const database = await open();
  const stored = await positions(database);
  expect(stored.length).toBeGreaterThanOrEqual(4 * 80);
  expect(await total(database)).toBe(stored.length);
}, 60_000);

it('leaves out what belongs to a later state of a database that was put back from a copy, and keeps it', async () => {
  const database = await open();
  await store(database, 1);
  await database.close();
  copyFileSync(file, `${file}.copy`);
  await runAndDie(
    'for (let i = 10; i < 20; i++) { await keep(i); await journal.flush(); } await keep(20); process.kill(process.pid, "SIGKILL");',
  );
  for (const end of ['-wal', '-shm']) rmSync(`${file}${end}`, { force: true });
  copyFileSync(`${file}.copy`, file);
  expect(await positions(await open())).toEqual([1]);
  expect(errors.map(({ message }) => message)).toEqual([expect.stringContaining('put back from a copy')]);
  expect(redoFiles(file).some((name) => existsSync(`${name}.aside`))).toBe(true);
});

it('opens a database that has none of the tables the log is about, as one put back from before an upgrade, and keeps the log', async () => {
  await (await open()).close();
  await runAndDie('await keep(1); process.kill(process.pid, "SIGKILL");');
  for (const end of ['', '-wal', '-shm']) rmSync(`${file}${end}`, { force: true });
  expect(await positions(await open())).toEqual([]);
  expect(errors.map(({ message }) => message)).toEqual([expect.stringContaining('put back from a copy')]);
  expect(redoFiles(file).map((name) => existsSync(`${name}.aside`))).toEqual([true, true]);
});

it('leaves no log behind after an orderly end, so that a copy put in the place of the database meets none', async () => {
  const database = await open();
  await keep(database, 1);
  await database.close();
  expect(redoFiles(file).map((name) => existsSync(name))).toEqual([false, false]);
  expect(await positions(await open())).toEqual([1]);
});
