import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { Client } from 'pg';

type Row = Readonly<Record<string, unknown>>;

/** A program's database, asked past the program. */
export type Store = {
  /** Runs one statement that both engines understand, and answers its rows. */
  run(sql: string): Promise<readonly Row[]>;
  close(): Promise<void>;
};

/** Opens the file in a data folder, or a PostgreSQL database, beside the program that works on it. */
export const openStore = async (folder: string, databaseUrl: string | undefined): Promise<Store> => {
  if (databaseUrl !== undefined) {
    const client = new Client({ connectionString: databaseUrl });
    await client.connect();
    return { run: async (sql) => (await client.query(sql)).rows, close: () => client.end() };
  }
  return {
    run: async (sql) => {
      const database = new DatabaseSync(join(folder, 'remit.sqlite'), { timeout: 10_000 });
      try {
        return database.prepare(sql).all();
      } finally {
        database.close();
      }
    },
    close: async () => undefined,
  };
};
