import { createAuthenticate } from '../../directory/index.ts';
import { createRole } from '../../directory/roles/change-role.ts';
import { BY_TEST, openDirectory, send } from '../../directory/testing/open-directory.ts';
import { createLog, createRouter, type Database, type Migration } from '../../platform/index.ts';
import { type AccessDeps, changeModels } from '../change-models.ts';
import { accessMigrations } from '../migrations.ts';
import { openPolicy } from '../policy.ts';
import { registerModels } from '../register-models.ts';
import { accessRoutes } from '../routes.ts';
import { CATALOGUE } from '../rules/catalogue.ts';
import type { PolicyEdit } from '../rules/policy.ts';
import { accessStore } from '../store.ts';

export const OPUS = 'claude-opus-5-5';
export const SONNET = 'claude-sonnet-5-5';
export const HAIKU = 'claude-haiku-5-5';

/** Directory and model access on an empty database, with the shipped models registered. Close `policy` before the database. */
export const openAccess = async (database: Database, furtherMigrations: readonly Migration[] = []) => {
  const directory = await openDirectory(database, [...accessMigrations, ...furtherMigrations]);
  const { changePolicy, record, now, newId } = directory.deps;
  await registerModels({ database, changePolicy, now })(CATALOGUE);
  const log = createLog('silent');
  const policy = await openPolicy({ database, models: CATALOGUE, log });
  const access: AccessDeps = { database, changePolicy, record, policy, now, newId };
  const app = createRouter({
    routes: accessRoutes(access),
    authenticate: createAuthenticate(directory.deps),
    newRequestId: () => directory.deps.newId('request'),
    log,
  });
  return {
    ...directory,
    send: (line: string, sent?: Parameters<typeof send>[2]) => send(app, line, sent),
    policy,
    access,
    store: accessStore(database),
    /** Saves edits. */
    change: (...edits: readonly PolicyEdit[]) => changeModels(access)(edits, BY_TEST),
    /** A new custom role. */
    role: (name: string) => createRole(directory.deps)(name, BY_TEST),
  };
};

/** {@link openAccess}'s answer. */
export type Access = Awaited<ReturnType<typeof openAccess>>;
