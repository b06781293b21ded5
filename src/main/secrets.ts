import { randomBytes } from 'node:crypto';
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import {
  createSecretBox,
  type Database,
  type Log,
  type Migration,
  SECRET_KEY_CHARS_MIN,
  type SecretBox,
} from '../platform/index.ts';
import type { Config } from './config.ts';

type SecretTables = { installation_secret: { singleton: number; secret: string } };

/** Where the secret of an installation on PostgreSQL is kept when nobody configured one. */
export const secretMigrations: readonly Migration[] = [
  {
    name: 'main-001-secret',
    up: async ({ schema }, { text, integer }) => {
      await schema
        .createTable('installation_secret')
        .addColumn('singleton', integer, (column) => column.primaryKey())
        .addColumn('secret', text, (column) => column.notNull())
        .execute();
    },
  },
];

const FILE = 'secret.key';

const newSecret = (): string => randomBytes(32).toString('base64url');

const isThere = (error: unknown): boolean => error instanceof Error && 'code' in error && error.code === 'EEXIST';

/** The secret in the data folder; it is made, readable for its owner only, when there is none. */
const readFromFolder = async (folder: string): Promise<string> => {
  const file = join(folder, FILE);
  await writeFile(file, newSecret(), { flag: 'wx', mode: 0o600, flush: true }).catch((error: unknown) => {
    if (!isThere(error)) throw error;
  });
  const secret = (await readFile(file, 'utf8')).trim();
  if (secret.length >= SECRET_KEY_CHARS_MIN) return secret;
  throw new Error(`${file} does not hold a whole key. Restore it from a backup: it opens the stored credentials.`);
};

const findInDatabase = async (database: Database): Promise<string | undefined> =>
  (await database.tables<SecretTables>().selectFrom('installation_secret').select('secret').executeTakeFirst())?.secret;

/** The secret in the database, where every node finds the same one; it is made when there is none. */
const readFromDatabase = async (database: Database): Promise<string> => {
  await database
    .tables<SecretTables>()
    .insertInto('installation_secret')
    .values({ singleton: 1, secret: newSecret() })
    .onConflict((conflict) => conflict.doNothing())
    .execute();
  return (await findInDatabase(database)) ?? '';
};

/**
 * Opens the box for credentials at rest: with the configured secret; else with the one in the data folder of an embedded
 * database, else with one in PostgreSQL, which nodes share but which a dump of the database holds as well. Once a secret
 * is configured, what was sealed before still opens.
 */
export const openSecretBox = async (
  { server: { secret_key, data_dir } }: Config,
  database: Database,
  log: Log,
): Promise<SecretBox> => {
  const isEmbedded = database.engine === 'sqlite';
  if (secret_key === undefined && !isEmbedded)
    log.warn('Stored credentials and the key that opens them are in one database. Set REMIT_SECRET_KEY to part them.');
  if (secret_key === undefined)
    return createSecretBox(await (isEmbedded ? readFromFolder(data_dir) : readFromDatabase(database)));
  const earlier = isEmbedded
    ? await readFile(join(data_dir, FILE), 'utf8').catch(() => undefined)
    : await findInDatabase(database);
  return createSecretBox(secret_key, earlier === undefined ? [] : [earlier.trim()]);
};
