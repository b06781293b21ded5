/** An error of SQLite, in whichever thread it happened. `resultCode` is SQLite's extended result code. */
export class SqliteError extends Error {
  override readonly name = 'SqliteError';
  readonly resultCode: number | undefined;

  constructor(message: string, resultCode: number | undefined) {
    super(message);
    this.resultCode = resultCode;
  }
}

// https://sqlite.org/rescode.html: SQLITE_CONSTRAINT_PRIMARYKEY, _UNIQUE and _ROWID.
const SQLITE_UNIQUE = new Set([1555, 2067, 2579]);

const sqlState = (error: unknown): string =>
  error instanceof Error && 'code' in error && typeof error.code === 'string' ? error.code : '';

/** Whether a statement failed because a row with the same unique key exists, on either engine. */
export const isUniqueViolation = (error: unknown): boolean =>
  error instanceof SqliteError
    ? error.resultCode !== undefined && SQLITE_UNIQUE.has(error.resultCode)
    : sqlState(error) === '23505';

/** Whether PostgreSQL gave a transaction up for another's sake (deadlock, serialisation) and it may be run again. */
export const isWorthRetrying = (error: unknown): boolean => ['40001', '40P01'].includes(sqlState(error));

/** Whether PostgreSQL refused the data itself (SQLSTATE classes 22 and 23), so that other rows may still be stored. */
export const isRefusedData = (error: unknown): boolean => /^2[23]/.test(sqlState(error));

/** Whatever was thrown, as an Error. */
export const asError = (thrown: unknown): Error => (thrown instanceof Error ? thrown : new Error(String(thrown)));
