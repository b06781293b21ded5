import { mkdir } from 'node:fs/promises';
import { type Database, type Log, openDatabase } from '../platform/index.ts';
import { type Config, databaseFile } from './config.ts';
import { lockDataFolder } from './lock-data-folder.ts';

/** The open database; `unlock` lets the data folder go, after it has been closed. */
export type Store = { readonly database: Database; readonly unlock: () => void };

/** Several addresses that were all refused come as one error without words of its own. */
const wordsOf = (error: unknown): string => {
  if (error instanceof AggregateError && error.message === '') return error.errors.map(wordsOf).join('; ');
  return error instanceof Error ? error.message : String(error);
};

/** Runs a step of opening; a failure says what it was about, and what to look at. */
const explained = async <T>(step: () => Promise<T>, explain: (words: string) => string): Promise<T> => {
  try {
    return await step();
  } catch (cause) {
    throw new Error(explain(wordsOf(cause)), { cause });
  }
};

const openShared = async (url: string, onError: (error: Error) => void): Promise<Store> => {
  // Without user and password.
  const { host, pathname } = new URL(url);
  const database = await explained(
    () => openDatabase({ url, onError }),
    (words) =>
      `The database ${pathname.slice(1)} at ${host} cannot be opened: ${words}. Check REMIT_DATABASE_URL (database_url), and that PostgreSQL is running there.`,
  );
  return { database, unlock: () => undefined };
};

const openEmbedded = async (config: Config, onError: (error: Error) => void): Promise<Store> => {
  const folder = config.server.data_dir;
  const file = databaseFile(config);
  await explained(
    () => mkdir(folder, { recursive: true, mode: 0o700 }),
    (words) => `The data folder ${folder} cannot be made: ${words}. Set REMIT_DATA_DIR to a place Remit may write to.`,
  );
  const unlock = lockDataFolder(folder);
  try {
    const database = await explained(
      () => openDatabase({ file, isAlone: true, onError }),
      (words) => `The database ${file} cannot be opened: ${words}.`,
    );
    return { database, unlock };
  } catch (error) {
    unlock();
    throw error;
  }
};

/** Opens the database that the configuration names. Rejects with a sentence for the person at the terminal. */
export const openStore = (config: Config, log: Log): Promise<Store> => {
  const onError = (error: Error) => log.error({ err: error }, 'the database reported trouble');
  const { database_url: url } = config.server;
  return url === undefined ? openEmbedded(config, onError) : openShared(url, onError);
};
