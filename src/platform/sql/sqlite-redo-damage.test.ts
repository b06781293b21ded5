import { mkdtempSync, readdirSync, readFileSync, rmSync, truncateSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { sql as raw } from 'kysely';
import { afterEach, beforeEach, expect, it } from 'vitest';
import type { Database } from './database.ts';
import { openDatabase } from './open-database.ts';
import { openRedoLog, redoFiles } from './sqlite-redo-log.ts';

type Tables = { line: { position: number } };

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
  for (const database of opened) await database.close();
  rmSync(folder, { recursive: true, force: true });
});

const open = async (): Promise<Database> => {
  const database = await openDatabase({ file, isAlone: true, onError: (error) => errors.push(error) });
  opened.push(database);
  await raw`CREATE TABLE IF NOT EXISTS line (position INTEGER PRIMARY KEY) STRICT`.execute(database.tables());
  return database;
};

const positions = async (database: Database): Promise<readonly number[]> =>
  (await database.tables<Tables>().selectFrom('line').select('position').orderBy('position').execute()).map(
    ({ position }) => position,
  );

/** An entry of the log that stores one line. */
const entryFor = (position: number): string =>
  JSON.stringify({ parts: [['INSERT INTO line VALUES (?)', [[position]]]], sums: [] });

it('carries out what comes before a gap in the log, and tells of what stands behind it', async () => {
  await (await open()).close();
  const log = openRedoLog(file, 0);
  await log.write(entryFor(1));
  const [first] = redoFiles(file);
  const whole = entryFor(1).length + 'redo 1 100 01234567'.length;
  await log.write(entryFor(2));
  log.turnOver();
  await log.write(entryFor(3));
  log.close();
  truncateSync(first, whole + 10);
  expect(await positions(await open())).toEqual([1]);
  expect(errors.map(({ message }) => message)).toEqual([
    expect.stringContaining('1 entries of the redo log do not follow'),
  ]);
  const aside = readdirSync(folder).filter((name) => name.endsWith('.aside'));
  expect(aside.length).toBe(2);
});

it('tells of what stands behind damage within a file', async () => {
  await (await open()).close();
  const log = openRedoLog(file, 0);
  for (const position of [1, 2, 3, 4]) await log.write(entryFor(position));
  log.close();
  const [first] = redoFiles(file);
  const bytes = readFileSync(first);
  bytes.write('?', bytes.indexOf('redo 2 ') + 20);
  writeFileSync(first, bytes);
  expect(await positions(await open())).toEqual([1]);
  expect(errors.map(({ message }) => message)).toEqual([
    expect.stringContaining('2 entries of the redo log do not follow'),
  ]);
});

it('keeps what it set aside when it has to do so again', async () => {
  await (await open()).close();
  for (const last of [7, 70]) {
    const log = openRedoLog(file, last);
    await log.write(entryFor(last));
    log.close();
    await (await open()).close();
  }
  expect(errors.length).toBe(2);
  expect(readdirSync(folder).filter((name) => name.includes('.aside')).length).toBe(4);
});
