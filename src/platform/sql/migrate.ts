import { type Kysely, sql as raw } from 'kysely';
import { type ColumnTypes, columnTypes } from './column-types.ts';
import type { Database, Sql } from './database.ts';

/** One step of the schema. Its name is unique among all rooms and never changes, nor does what it does. */
export type Migration = {
  readonly name: string;
  /** Changes the schema; `types` are the only column types that mean the same on both engines. */
  up(schema: Kysely<unknown>, types: ColumnTypes): Promise<void>;
};

const TABLE = 'schema_migration';

type Tables = { [TABLE]: { position: number; name: string } };

const firstRepeated = (names: readonly string[]): string | undefined =>
  names.find((name, index) => names.indexOf(name) !== index);

const prepare = async (database: Database, sql: Sql): Promise<void> => {
  if (database.engine === 'postgres') {
    // Another node may be migrating for longer than a statement may take otherwise.
    await raw`SET LOCAL statement_timeout = 0`.execute(sql.tables<unknown>());
    await raw`SET LOCAL idle_in_transaction_session_timeout = 0`.execute(sql.tables<unknown>());
  }
  await database.lock(sql, TABLE);
  const types = columnTypes(database.engine);
  await sql
    .tables<unknown>()
    .schema.createTable(TABLE)
    .ifNotExists()
    .addColumn('position', types.integer, (column) => column.primaryKey())
    .addColumn('name', types.text, (column) => column.notNull().unique())
    .execute();
};

const refuseUnknown = (applied: readonly string[], migrations: readonly Migration[]): void => {
  const known = new Set(migrations.map(({ name }) => name));
  const unknown = applied.filter((name) => !known.has(name));
  if (unknown.length === 0) return;
  throw new Error(
    `The database was written by a newer version of this program, which this one must not touch (it knows nothing of ${unknown.join(', ')})`,
  );
};

const applyMissing = async (database: Database, sql: Sql, migrations: readonly Migration[]): Promise<string[]> => {
  const tables = sql.tables<Tables>();
  const rows = await tables.selectFrom(TABLE).select('name').orderBy('position').execute();
  const applied = rows.map(({ name }) => name);
  refuseUnknown(applied, migrations);
  const missing = migrations.filter(({ name }) => !applied.includes(name));
  for (const [index, { name, up }] of missing.entries()) {
    await up(sql.tables<unknown>(), columnTypes(database.engine));
    await tables
      .insertInto(TABLE)
      .values({ position: applied.length + index + 1, name })
      .execute();
  }
  return missing.map(({ name }) => name);
};

/**
 * Applies the migrations the database has not had, in the order given, all in one transaction: a failure leaves the
 * schema as it was. One process does it at a time. Answers the names of those applied now; rejects when the database
 * has had a migration that is not among these.
 */
export const migrate = async (database: Database, migrations: readonly Migration[]): Promise<readonly string[]> => {
  const repeated = firstRepeated(migrations.map(({ name }) => name));
  if (repeated !== undefined) throw new Error(`Two migrations are called ${repeated}`);
  return database.transaction(async (sql) => {
    await prepare(database, sql);
    return applyMissing(database, sql, migrations);
  });
};

/** The names of steps the database has not taken yet; it is only read, and changes in nothing. */
export const missingMigrations = async (
  database: Database,
  migrations: readonly Migration[],
): Promise<readonly string[]> => {
  const tables = await database.tables<unknown>().introspection.getTables();
  const isPrepared = tables.some(({ name }) => name === TABLE);
  const rows = isPrepared ? await database.tables<Tables>().selectFrom(TABLE).select('name').execute() : [];
  const applied = new Set(rows.map(({ name }) => name));
  return migrations.map(({ name }) => name).filter((name) => !applied.has(name));
};
