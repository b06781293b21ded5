export { createCanServe } from './can-serve.ts';
export type { ColumnTypes } from './column-types.ts';
export type {
  AppendTable,
  Database,
  DatabaseOptions,
  Durable,
  Journal,
  SharedRow,
  Sql,
  SqlValue,
  Tallies,
  TallyTable,
} from './database.ts';
export { isUniqueViolation } from './errors.ts';
export { type Migration, migrate, missingMigrations } from './migrate.ts';
export { openDatabase, openTemporaryDatabase } from './open-database.ts';
export { sumTallies } from './tallies.ts';
