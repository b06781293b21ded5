import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';

const SQLITE_BUSY = 5;

const isHeldByAnother = (error: unknown): boolean =>
  error instanceof Error && 'errcode' in error && error.errcode === SQLITE_BUSY;

const explain = (folder: string, cause: unknown): Error => {
  if (isHeldByAnother(cause))
    return new Error(`Another Remit is running on the folder ${folder}; stop it first, or set REMIT_DATA_DIR`, {
      cause,
    });
  const words = cause instanceof Error ? cause.message : String(cause);
  return new Error(
    `The data folder ${folder} cannot be taken (remit.lock: ${words}). Remit must be able to write there, with room on the disk; REMIT_DATA_DIR names another folder.`,
    { cause },
  );
};

const takeLock = (lock: DatabaseSync): void => {
  try {
    lock.exec('PRAGMA locking_mode = EXCLUSIVE; BEGIN EXCLUSIVE');
  } catch (error) {
    lock.close();
    throw error;
  }
};

/**
 * Takes the embedded database's folder for this process; answers the function that lets it go. The lock is one of
 * SQLite's own on a file beside the data, so that it ends with the process however that ends. A second program on the
 * same folder would serve policy it hears no changes of; it is refused instead.
 */
export const lockDataFolder = (folder: string): (() => void) => {
  try {
    const lock = new DatabaseSync(join(folder, 'remit.lock'));
    takeLock(lock);
    return () => lock.close();
  } catch (cause) {
    throw explain(folder, cause);
  }
};
