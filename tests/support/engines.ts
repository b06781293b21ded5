import { type PostgresServer, startPostgres } from './postgres.ts';

/** The two engines; each entry opens a database (undefined for SQLite) and closes what it needs. */
export type Engine = {
  readonly name: string;
  start(): Promise<void>;
  databaseUrl(): Promise<string | undefined>;
  stop(): Promise<void>;
};

const onPostgres = (): Engine => {
  let server: PostgresServer | undefined;
  return {
    name: 'PostgreSQL',
    start: async () => {
      server = await startPostgres();
    },
    databaseUrl: async () => server?.createDatabase(),
    stop: async () => server?.stop(),
  };
};

const onSqlite = (): Engine => ({
  name: 'SQLite',
  start: async () => {},
  databaseUrl: async () => undefined,
  stop: async () => {},
});

export const ENGINES: readonly Engine[] = [onSqlite(), onPostgres()];
