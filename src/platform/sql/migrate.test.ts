import { expect, it } from 'vitest';
import { forEachDatabase } from '../../../tests/support/databases.ts';
import { type Migration, migrate } from './migrate.ts';

type Tables = { thing: { id: string; size: number } };

const things: Migration = {
  name: 'things',
  up: async ({ schema }, { text, integer }) => {
    await schema.createTable('thing').addColumn('id', text).addColumn('size', integer).execute();
  },
};
const index: Migration = {
  name: 'index-of-things',
  up: async ({ schema }) => {
    await schema.createIndex('thing_by_size').on('thing').column('size').execute();
  },
};
const failing: Migration = {
  name: 'failing',
  up: async ({ schema }) => {
    await schema.createTable('half_done').addColumn('id', 'text').execute();
    throw new Error('does not work');
  },
};

forEachDatabase((_engine, open) => {
  it('applies each migration once, in the order given', async () => {
    const database = await open();
    expect(await migrate(database, [things])).toEqual(['things']);
    expect(await migrate(database, [things, index])).toEqual(['index-of-things']);
    expect(await migrate(database, [things, index])).toEqual([]);
    await database.tables<Tables>().insertInto('thing').values({ id: 'a', size: 1 }).execute();
  });

  it('applies them once when several start at the same time', async () => {
    const database = await open();
    const applied = await Promise.all([1, 2, 3].map(() => migrate(database, [things, index])));
    expect(applied.flat()).toEqual(['things', 'index-of-things']);
  });

  it('refuses a database that a newer version has migrated, and changes nothing', async () => {
    const database = await open();
    await migrate(database, [things, index]);
    await expect(migrate(database, [things, failing])).rejects.toThrow(/newer version.*index-of-things/);
    expect(await migrate(database, [things, index])).toEqual([]);
  });

  it('leaves the schema as it was when a migration fails', async () => {
    const database = await open();
    await expect(migrate(database, [things, failing])).rejects.toThrow('does not work');
    expect(await migrate(database, [things, index])).toEqual(['things', 'index-of-things']);
    const tables = await database.tables<unknown>().introspection.getTables();
    expect(tables.map(({ name }) => name)).not.toContain('half_done');
  });

  it('refuses two migrations of one name', async () => {
    await expect(migrate(await open(), [things, things])).rejects.toThrow('Two migrations are called things');
  });
});
