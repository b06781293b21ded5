import { setTimeout as sleep } from 'node:timers/promises';
import { sql as raw } from 'kysely';
import { Client } from 'pg';
import { afterAll, beforeAll, expect, it, onTestFinished } from 'vitest';
import { type PostgresServer, startPostgres } from '../../../tests/support/postgres.ts';
import { startSilentDatabase } from '../../../tests/support/silent-database.ts';
import type { AppendTable } from './database.ts';
import type { Look } from './look-at-backends.ts';
import { openDatabase } from './open-database.ts';
import { whyHopeless } from './postgres-watch.ts';

const LINE: AppendTable = { name: 'line', columns: ['position'] };
const START_MS_MAX = 60_000;

let server: PostgresServer;
beforeAll(async () => {
  server = await startPostgres();
}, START_MS_MAX);
afterAll(() => server.stop(), START_MS_MAX);

const seen = (isWorking: boolean, isLocked = false): Look => ({
  kind: 'seen',
  backends: new Map([[7, { isWorking, isLocked }]]),
});
const SILENT: Look = { kind: 'silent', error: new Error('nothing') };

it.each([
  { name: 'a server that is silent', look: SILENT, pid: 7, isHot: false, waitedMs: 2000, isHopeless: true },
  {
    name: 'a statement that is worked on',
    look: seen(true),
    pid: 7,
    isHot: false,
    waitedMs: 900_000,
    isHopeless: false,
  },
  {
    name: 'a statement nobody has heard of',
    look: seen(false),
    pid: 7,
    isHot: false,
    waitedMs: 2000,
    isHopeless: true,
  },
  { name: 'a backend that is gone', look: seen(true), pid: 8, isHot: false, waitedMs: 2000, isHopeless: true },
  { name: 'a commit that may still come', look: seen(true), pid: 7, isHot: true, waitedMs: 3000, isHopeless: false },
  { name: 'a commit that does not come', look: seen(true), pid: 7, isHot: true, waitedMs: 4000, isHopeless: true },
  {
    name: 'a commit that waits in line',
    look: seen(true, true),
    pid: 7,
    isHot: true,
    waitedMs: 9000,
    isHopeless: false,
  },
  {
    name: 'a server that does not say',
    look: { kind: 'unsure' } as const,
    pid: 7,
    isHot: false,
    waitedMs: 9000,
    isHopeless: false,
  },
  {
    name: 'a backend without a name',
    look: seen(true),
    pid: undefined,
    isHot: false,
    waitedMs: 9000,
    isHopeless: false,
  },
])('$name: is given up $isHopeless', ({ look, isHopeless, ...statement }) => {
  expect(whyHopeless(look, statement) !== undefined).toBe(isHopeless);
});

const open = async (url: string) => {
  const errors: Error[] = [];
  const database = await openDatabase({ url, onError: (error) => void errors.push(error) });
  onTestFinished(() => database.close());
  await raw`CREATE TABLE line (position bigint PRIMARY KEY)`.execute(database.tables());
  const append = (position: number): Promise<Error | undefined> =>
    new Promise((resolve) => database.journal.append(LINE, [position], resolve));
  return { database, errors, append };
};

it('lets statements take long that the server works on, and commits that wait for others', async () => {
  const url = await server.createDatabase();
  const { database, errors, append } = await open(url);
  expect(await append(1)).toBeUndefined();
  const other = new Client({ connectionString: url });
  await other.connect();
  await other.query('BEGIN; LOCK TABLE line IN EXCLUSIVE MODE');
  const stored = append(2);
  await database.transaction(async (sql) => void (await raw`SELECT pg_sleep(7)`.execute(sql.tables())));
  await other.query('COMMIT');
  await other.end();
  expect(await stored).toBeUndefined();
  expect(database.connectionsGivenUp).toBe(0);
  expect(errors).toEqual([]);
}, 30_000);

it('stores a row once whose commit was answered by nobody, and is rid of every connection that hung', async () => {
  const silence = await startSilentDatabase(await server.createDatabase());
  onTestFinished(silence.close);
  const { database, errors, append } = await open(silence.url);
  // Several connections that nobody uses, too.
  await Promise.all([1, 2, 3].map(() => raw`SELECT pg_sleep(0.1)`.execute(database.tables())));
  expect(await append(1)).toBeUndefined();
  silence.swallow('answers');
  const startedAt = performance.now();
  expect(await append(2)).toBeInstanceOf(Error);
  expect(performance.now() - startedAt).toBeLessThan(6000);
  // Known by now, and told at once.
  const knownAt = performance.now();
  expect(await append(3)).toBeInstanceOf(Error);
  await expect(raw`SELECT 1`.execute(database.tables())).rejects.toThrow('PostgreSQL has not answered for');
  expect(performance.now() - knownAt).toBeLessThan(1900);
  silence.pass();
  await expect
    .poll(() => errors.map(({ message }) => message).join('; '), { timeout: 5000 })
    .toContain('answers again');
  const backAt = performance.now();
  await Promise.all([1, 2, 3, 4].map(() => raw`SELECT 1`.execute(database.tables())));
  expect(performance.now() - backAt).toBeLessThan(4000);
  expect(await append(4)).toBeUndefined();
  expect(database.connectionsGivenUp).toBeGreaterThanOrEqual(4);
}, 30_000);

it('takes a row for a duplicate whose commit succeeded while nobody heard of it', async () => {
  const direct = await server.createDatabase();
  const silence = await startSilentDatabase(direct);
  onTestFinished(silence.close);
  const { database, append } = await open(silence.url);
  expect(await append(1)).toBeUndefined();
  // The row waits behind a lock while its way back is lost, and is committed then.
  const other = new Client({ connectionString: direct });
  await other.connect();
  await other.query(
    "CREATE FUNCTION slow() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN PERFORM pg_sleep(0.5); RETURN NULL; END'",
  );
  await other.query(
    'CREATE CONSTRAINT TRIGGER slow AFTER INSERT ON line DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION slow()',
  );
  const stored = append(2);
  // In the midst of COMMIT.
  await sleep(250);
  silence.swallow('answers');
  expect(await stored).toBeInstanceOf(Error);
  await other.query('DROP TRIGGER slow ON line');
  await other.end();
  silence.pass();
  await expect
    .poll(async () => (await append(2))?.message, { timeout: 8000, interval: 200 })
    .toContain('duplicate key');
  const { rows } = await raw<{ n: number }>`SELECT count(*) AS n FROM line`.execute(database.tables());
  expect(rows).toEqual([{ n: 2 }]);
}, 30_000);
