import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';

/**
 * Takes the embedded database's folder for this process; answers the function that lets it go. The lock is one of
 * SQLite's own on a file beside the data, so that it ends with the process however that ends. A second program on the
 * same folder would serve policy it hears no changes of; it is refused instead.
 */
export const lockDataFolder = (folder: string): (() => void) => {
  const lock = new DatabaseSync(join(folder, 'remit.lock'));
  try {
    lock.exec('PRAGMA locking_mode = EXCLUSIVE; BEGIN EXCLUSIVE');
  } catch (cause) {
    lock.close();
    throw new Error(`Another Remit is running on the folder ${folder}; stop it first, or set REMIT_DATA_DIR`, {
      cause,
    });
  }
  return () => lock.close();
};
