import { expect, it } from 'vitest';
import { forEachDatabase, type OpenDatabase } from '../../../tests/support/databases.ts';
import { columnTypes } from './column-types.ts';
import type { AppendTable, Database, Journal, SqlValue, Tallies, TallyTable } from './database.ts';
import { isUniqueViolation } from './errors.ts';
import { createJournal } from './journal.ts';
import type { JournalPart } from './journal-store.ts';

type Tables = {
  line: { position: number; text: string | null };
  other: { position: number };
  total: { name: string; day: number; open: number; done: number };
};

const LINE: AppendTable = { name: 'line', columns: ['position', 'text'] };
const OTHER: AppendTable = { name: 'other', columns: ['position'] };
const TOTAL: TallyTable = { name: 'total', keys: ['name', 'day'], sums: ['open', 'done'] };

const openWithLines = async (open: OpenDatabase): Promise<Database> => {
  const database = await open();
  const { text, integer } = columnTypes(database.engine);
  const { schema } = database.tables<Tables>();
  await schema
    .createTable('line')
    .addColumn('position', integer, (column) => column.primaryKey())
    .addColumn('text', text)
    .execute();
  await schema
    .createTable('other')
    .addColumn('position', integer, (column) => column.primaryKey())
    .execute();
  await schema
    .createTable('total')
    .addColumn('name', text)
    .addColumn('day', integer)
    .addColumn('open', integer)
    .addColumn('done', integer)
    .addPrimaryKeyConstraint('total_key', ['name', 'day'])
    .execute();
  return database;
};

type Added = readonly [name: string, open: number, done: number];

const tally = (...added: readonly Added[]): Tallies => ({
  table: TOTAL,
  lines: () => added.map(([name, open, done]) => [name, 1, open, done]),
});

const totals = (database: Database) =>
  database.tables<Tables>().selectFrom('total').select(['name', 'open', 'done']).orderBy('name').execute();

const append = (database: Database, table: AppendTable, row: readonly SqlValue[]): Promise<Error | undefined> =>
  new Promise((resolve) => database.journal.append(table, row, resolve));

const positions = async (database: Database): Promise<number[]> => {
  const rows = await database.tables<Tables>().selectFrom('line').select('position').orderBy('position').execute();
  return rows.map(({ position }) => position);
};

const numbers = (count: number): number[] => Array.from({ length: count }, (_, i) => i);

forEachDatabase((_engine, open) => {
  it('has stored a row when it says so', async () => {
    const database = await openWithLines(open);
    expect(await append(database, LINE, [1, "it's"])).toBeUndefined();
    const rows = await database.tables<Tables>().selectFrom('line').selectAll().execute();
    expect(rows).toEqual([{ position: 1, text: "it's" }]);
  });

  it('tells every row exactly once, in the order they came', async () => {
    const database = await openWithLines(open);
    const told: number[] = [];
    for (const i of numbers(2_000)) database.journal.append(LINE, [i, null], () => told.push(i));
    await database.journal.flush();
    expect(told).toEqual(numbers(2_000));
    expect(await positions(database)).toEqual(numbers(2_000));
  });

  it('counts the rows on their way and none after a flush', async () => {
    const database = await openWithLines(open);
    database.journal.append(LINE, [1, null]);
    database.journal.append(OTHER, [1]);
    expect(database.journal.pending).toBe(2);
    await database.journal.flush();
    expect(database.journal.pending).toBe(0);
    await database.journal.flush();
  });

  it('flushes rows that come while a commit is under way', async () => {
    const database = await openWithLines(open);
    database.journal.append(LINE, [1, null]);
    await new Promise((resolve) => setImmediate(resolve));
    database.journal.append(LINE, [2, null]);
    await database.journal.flush();
    expect(await positions(database)).toEqual([1, 2]);
  });

  it('refuses a duplicate alone and stores the rows around it', async () => {
    const database = await openWithLines(open);
    const told = await Promise.all([1, 2, 2, 3].map((i) => append(database, LINE, [i, null])));
    expect(told.map(isUniqueViolation)).toEqual([false, false, true, false]);
    expect(await positions(database)).toEqual([1, 2, 3]);
  });

  it('refuses a value of the wrong type alone', async () => {
    const database = await openWithLines(open);
    const told = await Promise.all([
      append(database, OTHER, [1]),
      append(database, LINE, ['many', null]),
      append(database, LINE, [2, null]),
    ]);
    expect(told.map((error) => error instanceof Error)).toEqual([false, true, false]);
    expect(await positions(database)).toEqual([2]);
  });

  it('fails the rows of a table that is not there, and stores the next ones', async () => {
    const database = await openWithLines(open);
    expect(await append(database, { name: 'missing', columns: ['a'] }, [1])).toBeInstanceOf(Error);
    expect(await append(database, LINE, [1, null])).toBeUndefined();
  });

  it('never puts a row into the transaction of somebody else', async () => {
    const database = await openWithLines(open);
    const rolledBack = database.transaction(async (sql) => {
      await sql.tables<Tables>().insertInto('other').values({ position: 1 }).execute();
      database.journal.append(LINE, [1, null]);
      await new Promise((resolve) => setTimeout(resolve, 30));
      await sql.tables<Tables>().insertInto('other').values({ position: 2 }).execute();
      throw new Error('undone');
    });
    await expect(rolledBack).rejects.toThrow('undone');
    await database.journal.flush();
    expect(await positions(database)).toEqual([1]);
    expect(await database.tables<Tables>().selectFrom('other').selectAll().execute()).toEqual([]);
  });

  it('gets its turn between transactions that never pause', async () => {
    const database = await openWithLines(open);
    let stop = false;
    const busy = numbers(4).map(async (lane) => {
      for (let i = 0; !stop; i++) {
        await database.transaction(async (sql) => {
          await sql
            .tables<Tables>()
            .insertInto('other')
            .values({ position: lane * 1_000_000 + i })
            .execute();
        });
      }
    });
    for (const i of numbers(20)) expect(await append(database, LINE, [i, null])).toBeUndefined();
    stop = true;
    await Promise.all(busy);
  });

  it('goes on telling the others when a callback throws', async () => {
    const errors: Error[] = [];
    const database = await openWithLines((options) => open({ ...options, onError: (error) => errors.push(error) }));
    database.journal.append(LINE, [1, null], () => {
      throw new Error('not my day');
    });
    expect(await append(database, LINE, [2, null])).toBeUndefined();
    expect(errors.map(({ message }) => message)).toEqual(['not my day']);
  });

  it('adds what rows add, together with the rows', async () => {
    const database = await openWithLines(open);
    for (const i of numbers(100))
      database.journal.append(LINE, [i, null], undefined, { tallies: tally(['a', 1, 0], [`b${i % 2}`, 2, i]) });
    await database.journal.flush();
    for (const i of numbers(3)) database.journal.append(OTHER, [i], undefined, { tallies: tally(['a', -1, 5]) });
    await database.journal.flush();
    expect(await totals(database)).toEqual([
      { name: 'a', open: 97, done: 15 },
      { name: 'b0', open: 100, done: 2450 },
      { name: 'b1', open: 100, done: 2500 },
    ]);
  });

  it('adds nothing for a row that is there already, among others that are new', async () => {
    const database = await openWithLines(open);
    const add = (i: number) =>
      new Promise((resolve) => database.journal.append(LINE, [i, null], resolve, { tallies: tally(['a', 0, 1]) }));
    await Promise.all([1, 2, 2, 3].map(add));
    await Promise.all([3, 4].map(add));
    expect(await totals(database)).toEqual([{ name: 'a', open: 0, done: 4 }]);
  });

  it('stores what it holds before the database closes', async () => {
    const database = await openWithLines(open);
    const told = Promise.all(numbers(10).map((i) => append(database, LINE, [i, null])));
    await database.close();
    expect(await told).toEqual(numbers(10).map(() => undefined));
  });
});

/** A store that keeps batches in memory and takes a moment for each. */
const slowStore = () => {
  const batches: number[] = [];
  return {
    batches,
    run: <R>(work: () => Promise<R>) => work(),
    commit: async (parts: readonly JournalPart[]) => {
      batches.push(parts.reduce((sum, { rows }) => sum + rows.length, 0));
      await new Promise((resolve) => setTimeout(resolve, 5));
      return [];
    },
  };
};

it('shares one commit among the rows of a turn and another among those that come during it', async () => {
  const store = slowStore();
  const journal = createJournal(store, { paceMs: 0, onError: () => {} });
  for (const i of numbers(3)) journal.append(OTHER, [i]);
  await new Promise((resolve) => setTimeout(resolve, 2));
  for (const i of numbers(7)) journal.append(OTHER, [i]);
  await journal.flush();
  expect(store.batches).toEqual([3, 7]);
});

const durably = (journal: Journal, count: number): Promise<unknown> =>
  Promise.all(numbers(count).map((i) => new Promise<void>((resolve) => journal.append(OTHER, [i], () => resolve()))));

it('commits a row that comes alone at once, and the next one too', async () => {
  const store = slowStore();
  const journal = createJournal(store, { paceMs: 10_000, onError: () => {} });
  await durably(journal, 1);
  await durably(journal, 1);
  expect(store.batches).toEqual([1, 1]);
});

it('lets rows gather after a commit of many, no longer than its pace', async () => {
  const store = slowStore();
  const journal = createJournal(store, { paceMs: 40, onError: () => {} });
  const started = performance.now();
  await durably(journal, 1_000);
  const rest = durably(journal, 2);
  await new Promise((resolve) => setTimeout(resolve, 1));
  await Promise.all([rest, durably(journal, 3)]);
  expect(performance.now() - started).toBeGreaterThanOrEqual(39);
  expect(store.batches).toEqual([1_000, 5]);
});

it('does not wait when enough rows for a commit have come', async () => {
  const store = slowStore();
  const journal = createJournal(store, { paceMs: 60_000, onError: () => {} });
  await durably(journal, 200_000);
  const started = performance.now();
  const rest = durably(journal, 2);
  await new Promise((resolve) => setTimeout(resolve, 1));
  await Promise.all([rest, durably(journal, 100)]);
  expect(performance.now() - started).toBeLessThan(4_000);
  expect(store.batches).toEqual([200_000, 102]);
});

it('a few rows go without those nobody waits for, which go by themselves; many take them along, and so does a flush', async () => {
  const store = slowStore();
  const journal = createJournal(store, { paceMs: 0, onError: () => {} });
  const patiently = (): Promise<void> =>
    new Promise((resolve) => journal.append(LINE, [1, 'x'], () => resolve(), { patienceMs: 30 }));

  const alone = patiently();
  await durably(journal, 4);
  expect(store.batches).toEqual([4]);
  await alone;
  expect(store.batches).toEqual([4, 1]);

  await Promise.all([patiently(), patiently(), durably(journal, 5)]);
  expect(store.batches).toEqual([4, 1, 7]);

  void patiently();
  await journal.flush();
  expect(store.batches).toEqual([4, 1, 7, 1]);
  expect(journal.pending).toBe(0);
});
