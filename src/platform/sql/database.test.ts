import { sql as raw } from 'kysely';
import { expect, it } from 'vitest';
import { forEachDatabase, type OpenDatabase } from '../../../tests/support/databases.ts';
import { columnTypes } from './column-types.ts';
import type { Database } from './database.ts';
import { isUniqueViolation } from './errors.ts';

type Tables = { thing: { id: string; amount: number; note: string | null } };

const openWithThings = async (open: OpenDatabase): Promise<Database> => {
  const database = await open();
  const { text, integer } = columnTypes(database.engine);
  await database
    .tables<Tables>()
    .schema.createTable('thing')
    .addColumn('id', text, (column) => column.primaryKey())
    .addColumn('amount', integer, (column) => column.notNull())
    .addColumn('note', text)
    .execute();
  return database;
};

const thing = (id: string, amount = 0, note: string | null = null) => ({ id, amount, note });

const idsOf = async (database: Database): Promise<string[]> => {
  const rows = await database.tables<Tables>().selectFrom('thing').select('id').orderBy('id').execute();
  return rows.map(({ id }) => id);
};

forEachDatabase((engine, open) => {
  it('says which engine it is', async () => {
    expect((await open()).engine).toBe(engine);
  });

  it('shows what a transaction wrote as soon as it is awaited', async () => {
    const database = await openWithThings(open);
    for (let i = 0; i < 50; i++) {
      const id = `t${String(i).padStart(2, '0')}`;
      await database.transaction(async (sql) => {
        await sql.tables<Tables>().insertInto('thing').values(thing(id)).execute();
      });
      expect((await idsOf(database)).at(-1)).toBe(id);
    }
  });

  it('keeps nothing of a transaction that rejects', async () => {
    const database = await openWithThings(open);
    const attempt = database.transaction(async (sql) => {
      await sql.tables<Tables>().insertInto('thing').values(thing('a')).execute();
      throw new Error('changed my mind');
    });
    await expect(attempt).rejects.toThrow('changed my mind');
    expect(await idsOf(database)).toEqual([]);
  });

  it('keeps nothing of a transaction in which a statement failed, even when the failure is caught', async () => {
    const database = await openWithThings(open);
    const attempt = database.transaction(async (sql) => {
      const tables = sql.tables<Tables>();
      await tables.insertInto('thing').values(thing('a')).execute();
      await tables
        .insertInto('thing')
        .values(thing('a'))
        .execute()
        .catch(() => {});
    });
    await expect(attempt).rejects.toThrow();
    expect(await idsOf(database)).toEqual([]);
    await database.tables<Tables>().insertInto('thing').values(thing('b')).execute();
    expect(await idsOf(database)).toEqual(['b']);
  });

  it('reads its own writes inside a transaction, while others do not see them yet', async () => {
    const database = await openWithThings(open);
    await database.transaction(async (sql) => {
      await sql.tables<Tables>().insertInto('thing').values(thing('a')).execute();
      expect(await sql.tables<Tables>().selectFrom('thing').select('id').execute()).toEqual([{ id: 'a' }]);
      expect(await idsOf(database)).toEqual([]);
    });
    expect(await idsOf(database)).toEqual(['a']);
  });

  it('loses none of 200 increments made at the same time', async () => {
    const database = await openWithThings(open);
    await database.tables<Tables>().insertInto('thing').values(thing('counter')).execute();
    const increment = () =>
      database.transaction(async (sql) => {
        await sql
          .tables<Tables>()
          .updateTable('thing')
          .set((row) => ({ amount: row('amount', '+', 1) }))
          .execute();
      });
    await Promise.all(Array.from({ length: 200 }, increment));
    expect(await database.tables<Tables>().selectFrom('thing').select('amount').execute()).toEqual([{ amount: 200 }]);
  });

  it('loses none of 200 changes that read first and write later under a lock', async () => {
    const database = await openWithThings(open);
    await database.tables<Tables>().insertInto('thing').values(thing('counter')).execute();
    const increment = () =>
      database.transaction(async (sql) => {
        await database.lock(sql, 'counter');
        const { amount } = await sql.tables<Tables>().selectFrom('thing').select('amount').executeTakeFirstOrThrow();
        await sql
          .tables<Tables>()
          .updateTable('thing')
          .set({ amount: amount + 1 })
          .execute();
      });
    await Promise.all(Array.from({ length: 200 }, increment));
    expect(await database.tables<Tables>().selectFrom('thing').select('amount').execute()).toEqual([{ amount: 200 }]);
  });

  it('recognises a unique violation and nothing else as one', async () => {
    const database = await openWithThings(open);
    const insert = (row: { id: string; amount: number | null }) =>
      raw`INSERT INTO thing (id, amount) VALUES (${row.id}, ${row.amount})`.execute(database.tables());
    await insert({ id: 'a', amount: 1 });
    const twice = await insert({ id: 'a', amount: 1 }).catch((error: unknown) => error);
    const missing = await insert({ id: 'b', amount: null }).catch((error: unknown) => error);
    expect([isUniqueViolation(twice), isUniqueViolation(missing)]).toEqual([true, false]);
    expect(missing).toBeInstanceOf(Error);
  });

  it('sorts text byte by byte', async () => {
    const database = await openWithThings(open);
    const ids = ['a', 'B', 'ä', '_', 'Z', 'b', '1', '😀', '\uffee'];
    await database
      .tables<Tables>()
      .insertInto('thing')
      .values(ids.map((id) => thing(id)))
      .execute();
    const byBytes = [...ids].sort((a, b) => Buffer.compare(Buffer.from(a), Buffer.from(b)));
    expect(await idsOf(database)).toEqual(byBytes);
    const after = await database
      .tables<Tables>()
      .selectFrom('thing')
      .select('id')
      .where('id', '>', 'Z')
      .orderBy('id')
      .execute();
    expect(after.map(({ id }) => id)).toEqual(byBytes.slice(byBytes.indexOf('Z') + 1));
  });

  it('answers numbers for integers, sums, counts and comparisons', async () => {
    const database = await openWithThings(open);
    const big = Number.MAX_SAFE_INTEGER - 10;
    await database
      .tables<Tables>()
      .insertInto('thing')
      .values([thing('a', big), thing('b', 7)])
      .execute();
    const { rows } = await raw`
      SELECT sum(amount) AS sum, count(*) AS count, max(amount) AS max, sum(amount) > 5 AS above, min(amount) / ${2} AS half
      FROM thing`.execute(database.tables());
    expect(rows).toEqual([{ sum: big + 7, count: 2, max: big, above: 1, half: 3 }]);
  });

  it('refuses to answer an integer that a number cannot hold', async () => {
    const database = await openWithThings(open);
    await raw`INSERT INTO thing (id, amount) VALUES ('a', 9007199254740993)`.execute(database.tables());
    await expect(database.tables<Tables>().selectFrom('thing').selectAll().execute()).rejects.toThrow(
      /too large|beyond/,
    );
  });

  it('refuses text in a column of integers', async () => {
    const database = await openWithThings(open);
    await expect(
      raw`INSERT INTO thing (id, amount) VALUES ('a', ${'many'})`.execute(database.tables()),
    ).rejects.toThrow();
    expect(await idsOf(database)).toEqual([]);
  });

  it('says how many rows a statement changed, and answers RETURNING', async () => {
    const database = await openWithThings(open);
    const tables = database.tables<Tables>();
    await tables
      .insertInto('thing')
      .values([thing('a'), thing('b'), thing('c')])
      .execute();
    const updated = await tables.updateTable('thing').set({ amount: 1 }).where('id', '<', 'c').executeTakeFirst();
    expect(updated.numUpdatedRows).toBe(2n);
    const deleted = await tables.deleteFrom('thing').where('id', '=', 'c').returning(['id', 'amount']).execute();
    expect(deleted).toEqual([{ id: 'c', amount: 0 }]);
  });

  it('reads a hundred thousand rows whole', async () => {
    const database = await openWithThings(open);
    const table = { name: 'thing', columns: ['id', 'amount', 'note'] };
    for (let i = 0; i < 100_000; i++) database.journal.append(table, [`t${i}`, i, 'x'.repeat(20)]);
    await database.journal.flush();
    const rows = await database.tables<Tables>().selectFrom('thing').selectAll().orderBy('amount').execute();
    expect(rows.length).toBe(100_000);
    expect(rows[77_777]).toEqual({ id: 't77777', amount: 77_777, note: 'x'.repeat(20) });
  }, 30_000);

  it('sees a new column under the same text of a query', async () => {
    const database = await openWithThings(open);
    await database.tables<Tables>().insertInto('thing').values(thing('a')).execute();
    const all = async () => (await raw`SELECT * FROM thing`.execute(database.tables())).rows;
    await all();
    await raw`ALTER TABLE thing ADD COLUMN colour ${columnTypes(engine).text}`.execute(database.tables());
    expect(await all()).toEqual([{ id: 'a', amount: 0, note: null, colour: null }]);
  });

  it('refuses what it is asked after it was closed, and can be closed twice', async () => {
    const database = await openWithThings(open);
    await Promise.all([database.close(), database.close()]);
    await database.close();
    await expect(idsOf(database)).rejects.toThrow();
    await expect(database.transaction(async () => {})).rejects.toThrow();
    const error = await new Promise((durable) => {
      database.journal.append({ name: 'thing', columns: ['id'] }, ['a'], durable);
    });
    expect(error).toBeInstanceOf(Error);
  });
});
