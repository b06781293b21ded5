import { sql as raw } from 'kysely';
import { expect, it } from 'vitest';
import { forEachDatabase, type OpenDatabase } from '../../../tests/support/databases.ts';
import { columnTypes } from './column-types.ts';
import type { AppendTable, Database, SharedRow, SqlValue } from './database.ts';
import { isUniqueViolation } from './errors.ts';

type Tables = {
  line: { position: number };
  other: { position: number };
  common: { key: string; text: string | null };
};

const LINE: AppendTable = { name: 'line', columns: ['position'] };
const OTHER: AppendTable = { name: 'other', columns: ['position'] };
const COMMON: AppendTable = { name: 'common', columns: ['key', 'text'] };

const openTables = async (open: OpenDatabase): Promise<Database> => {
  const database = await open();
  const { text, integer } = columnTypes(database.engine);
  const { schema } = database.tables<Tables>();
  for (const name of ['line', 'other'])
    await schema
      .createTable(name)
      .addColumn('position', integer, (column) => column.primaryKey())
      .execute();
  await schema
    .createTable('common')
    .addColumn('key', text, (column) => column.primaryKey())
    .addColumn('text', text)
    .execute();
  return database;
};

const shared = (key: string, text: SqlValue = null): SharedRow => ({ table: COMMON, row: [key, text] });

const append = (
  database: Database,
  position: number,
  { table = LINE, refersTo }: { readonly table?: AppendTable; readonly refersTo?: SharedRow },
): Promise<Error | undefined> =>
  new Promise((resolve) => database.journal.append(table, [position], resolve, { refersTo }));

const positions = async (database: Database): Promise<number[]> => {
  const rows = await database.tables<Tables>().selectFrom('line').select('position').orderBy('position').execute();
  return rows.map(({ position }) => position);
};

const common = (database: Database) =>
  database.tables<Tables>().selectFrom('common').selectAll().orderBy('key').execute();

forEachDatabase((engine, open) => {
  it('stores what rows refer to with the first of them, once', async () => {
    const database = await openTables(open);
    const [a, b] = [shared('a', 'x'), shared('b')];
    await Promise.all([
      append(database, 1, { refersTo: b }),
      append(database, 2, { refersTo: a }),
      append(database, 3, { refersTo: b }),
      append(database, 1, { table: OTHER, refersTo: a }),
    ]);
    await append(database, 4, { refersTo: a });
    expect(await common(database)).toEqual([
      { key: 'a', text: 'x' },
      { key: 'b', text: null },
    ]);
    expect(await positions(database)).toEqual([1, 2, 3, 4]);
  });

  it('leaves what is there already as it is, whoever wrote it', async () => {
    const database = await openTables(open);
    await database.tables<Tables>().insertInto('common').values({ key: 'a', text: 'first' }).execute();
    expect(await append(database, 1, { refersTo: shared('a', 'second') })).toBeUndefined();
    expect(await append(database, 2, { refersTo: shared('a', 'third') })).toBeUndefined();
    expect(await common(database)).toEqual([{ key: 'a', text: 'first' }]);
    expect(await positions(database)).toEqual([1, 2]);
  });

  it('refuses the rows that refer to what is refused, and no others', async () => {
    const database = await openTables(open);
    const wrong: SharedRow = { table: { name: 'line', columns: ['position'] }, row: ['not a number'] };
    const told = await Promise.all([
      append(database, 1, { refersTo: shared('b') }),
      append(database, 2, { refersTo: wrong }),
      append(database, 3, { table: OTHER, refersTo: wrong }),
      append(database, 3, { refersTo: shared('b') }),
    ]);
    expect(told.map((error) => error instanceof Error)).toEqual([false, true, true, false]);
    expect(await positions(database)).toEqual([1, 3]);
    expect(await database.tables<Tables>().selectFrom('other').selectAll().execute()).toEqual([]);
  });

  it('brings what rows refer to along again after a commit that failed, or a row that was refused', async () => {
    const database = await openTables(open);
    const one = shared('a', 'x');
    const failed = [
      append(database, 1, { refersTo: one }),
      append(database, 1, { table: { name: 'missing', columns: ['a'] } }),
    ];
    expect((await Promise.all(failed)).map((error) => error instanceof Error)).toEqual([true, true]);
    expect(await common(database)).toEqual([]);
    expect(await append(database, 1, { refersTo: one })).toBeUndefined();
    expect(await common(database)).toEqual([{ key: 'a', text: 'x' }]);
    const other = shared('b', 'y');
    expect(isUniqueViolation(await append(database, 1, { refersTo: other }))).toBe(true);
    expect(await append(database, 2, { refersTo: other })).toBeUndefined();
    expect((await common(database)).map(({ key }) => key)).toEqual(['a', 'b']);
  });

  if (engine === 'sqlite') return;

  it('knows nothing of a server it had to connect to anew', async () => {
    const database = await openTables((options) => open({ ...options, onError: () => undefined }));
    const one = shared('a');
    await append(database, 1, { refersTo: one });
    // Another server has taken its place that did not get the last commits.
    await database.tables<Tables>().deleteFrom('common').execute();
    const others = raw`
      SELECT pg_terminate_backend(pid) FROM pg_stat_activity
      WHERE datname = current_database() AND pid <> pg_backend_pid()`;
    await others.execute(database.tables());
    await expect.poll(() => append(database, 2, { refersTo: one })).toBeUndefined();
    expect(await common(database)).toEqual([{ key: 'a', text: null }]);
  });
});
