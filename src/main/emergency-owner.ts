import { existsSync } from 'node:fs';
import { activityMigrations, createRecordActivity } from '../activity/index.ts';
import { createChangePolicy, directoryMigrations, issueEmergencyLink } from '../directory/index.ts';
import { createNewId } from '../kernel/index.ts';
import { createRandomBytes, type Database, missingMigrations, openDatabase } from '../platform/index.ts';
import { type Config, databaseFile, readConfig } from './config.ts';

/** What the command line was asked for. */
export type EmergencyOptions = { readonly email?: string | undefined; readonly liftsAllowList: boolean };

/** A link for the browser, and until when it is good. */
export type EmergencyLink = { readonly url: string; readonly expiresAt: Date };

const openExisting = async ({ server }: Config, file: string): Promise<Database> => {
  if (server.database_url !== undefined) return openDatabase({ url: server.database_url });
  if (!existsSync(file))
    throw new Error(`There is no database at ${file}. Run this in the folder Remit runs in, or set REMIT_DATA_DIR.`);
  return openDatabase({ file });
};

/**
 * Makes an emergency link directly in the database, whether or not Remit is running: it takes no lock, changes no schema
 * and needs no network. A server that runs hears of it as of every change. Needs the database to be of this version.
 */
export const makeEmergencyLink = async (config: Config, options: EmergencyOptions): Promise<EmergencyLink> => {
  const database = await openExisting(config, databaseFile(config));
  try {
    const now = Date.now;
    const newId = createNewId(now, createRandomBytes());
    const changePolicy = createChangePolicy(database, now);
    const record = createRecordActivity({ now, newId });
    const deps = { database, changePolicy, record, now, newId };
    await refuseOtherVersion(database);
    const { token, expiresAt } = await issueEmergencyLink(deps)(options);
    return { url: `${publicUrlOf(config)}/link?token=${token}`, expiresAt: new Date(expiresAt) };
  } finally {
    await database.close();
  }
};

const publicUrlOf = ({ server }: Config): string => {
  const { public_url: publicUrl, host, port } = server;
  if (publicUrl !== undefined) return publicUrl.replace(/\/+$/, '');
  const shown = host === '0.0.0.0' || host === '::' ? 'localhost' : host.includes(':') ? `[${host}]` : host;
  return `http://${shown}:${port}`;
};

const refuseOtherVersion = async (database: Database): Promise<void> => {
  const missing = await missingMigrations(database, [...activityMigrations, ...directoryMigrations]);
  if (missing.length > 0)
    throw new Error('The database is of an older version. Start this version of Remit on it once, then try again.');
};

/** {@link makeEmergencyLink} with the configuration of the environment. */
export const runEmergencyOwner = (options: EmergencyOptions): Promise<EmergencyLink> =>
  makeEmergencyLink(readConfig(process.env), options);
