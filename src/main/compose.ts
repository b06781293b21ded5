import { getRequestListener } from '@hono/node-server';
import { Registry } from 'prom-client';
import {
  type AccessDeps,
  accessMigrations,
  accessRoutes,
  CATALOGUE,
  openPolicy,
  registerModels,
} from '../access/index.ts';
import {
  acceptConfiguredKey,
  createAuthenticate,
  createChangePolicy,
  type DirectoryDeps,
  directoryMigrations,
  directoryRoutes,
  issueOwnerLink,
} from '../directory/index.ts';
import {
  createAlerts,
  createAskUpstream,
  createForward,
  createGatewayMetrics,
  createHandleRequest,
  createOpenBatches,
  createRecorder,
  createRunning,
  type GatewayDeps,
  gatewayMigrations,
  gatewayRoutes,
  recoverInterrupted,
} from '../gateway/index.ts';
import { createNewId } from '../kernel/index.ts';
import { createRandomBytes, createRouter, type Database, type Log, migrate, startJobs } from '../platform/index.ts';
import { DEFAULT_PRICE_BOOK, spendMigrations } from '../spend/index.ts';
import type { Config } from './config.ts';
import { operationsRoutes } from './operations.ts';
import { serveConsole } from './serve-console.ts';
import type { OpenUpstreams } from './upstreams.ts';

const MEGABYTE = 1024 * 1024;

/** How often the database is asked for batches whose turn it is; how often the provider is, depends on their age. */
const BATCHES_CHECKED_EVERY_SECONDS = 5;

export type Surroundings = {
  readonly config: Config;
  readonly database: Database;
  readonly upstreams: OpenUpstreams;
  readonly log: Log;
  readonly version: string;
  readonly consoleFolder: string;
};

/** Puts the program together on an open database: the schema, the policy, the rooms' routes, the hot path. */
export const compose = async (surroundings: Surroundings) => {
  const { config, database, upstreams, log, version } = surroundings;
  const now = Date.now;
  const newId = createNewId(now, createRandomBytes());
  const state = { isDraining: false, publicUrl: '' };

  await migrate(database, [...directoryMigrations, ...accessMigrations, ...spendMigrations, ...gatewayMigrations]);

  const changePolicy = createChangePolicy(database, now);
  const directory: DirectoryDeps = { database, changePolicy, now, newId };
  await acceptConfiguredKey(directory)(config.directory.admin_key);
  await registerModels({ database, changePolicy, now })(CATALOGUE);
  const policy = await openPolicy({ database, models: CATALOGUE, log });
  const access: AccessDeps = { database, changePolicy, policy, now };

  const running = createRunning();
  const registry = new Registry();
  const metrics = createGatewayMetrics(registry, () => running.size);
  const alerts = createAlerts(now, ({ code, message }) => log.error({ alert: code }, message));
  const recorder = createRecorder({
    journal: database.journal,
    book: DEFAULT_PRICE_BOOK,
    node: config.server.node_name,
    lost: (row, error) => {
      metrics.usageLost();
      log.error({ err: error, usage: row }, 'a usage row was given up because the store stayed away');
    },
  });
  await recoverInterrupted({ database, node: config.server.node_name, book: DEFAULT_PRICE_BOOK, now, log });
  const gateway: GatewayDeps = {
    database,
    policy,
    recorder,
    forward: createForward(upstreams.upstreams, alerts),
    upstreams: upstreams.upstreams,
    ask: createAskUpstream(alerts),
    running,
    alerts,
    metrics,
    log,
    now,
    newId,
    bodyBytesMax: config.gateway.body_megabytes_max * MEGABYTE,
    batchBytesMax: config.gateway.batch_megabytes_max * MEGABYTE,
    fileBytesMax: config.gateway.file_megabytes_max * MEGABYTE,
    publicUrl: config.server.public_url?.replace(/\/+$/, ''),
  };
  const openBatches = createOpenBatches(gateway);
  const stopJobs = startJobs(
    [{ name: 'charge-batches', everySeconds: BATCHES_CHECKED_EVERY_SECONDS, run: openBatches.checkDue }],
    log,
  );
  policy.onChange((snapshot) => running.stopRevoked(snapshot, now()));

  const app = createRouter({
    routes: [
      ...directoryRoutes(directory, () => state.publicUrl),
      ...accessRoutes(access),
      ...gatewayRoutes(gateway, { version, upstreams: upstreams.upstreams }),
    ],
    authenticate: createAuthenticate(directory),
    newRequestId: () => newId('request'),
    // A key is often used the moment it has been made, and a revoked one must not work a moment longer.
    afterChange: policy.refresh,
    log,
  });
  operationsRoutes(app, { database, registry, version, isDraining: () => state.isDraining });
  serveConsole(app, surroundings.consoleFolder);

  return {
    state,
    policy,
    running,
    handleRequest: createHandleRequest(gateway, openBatches, () => state.isDraining),
    handleRest: getRequestListener(app.fetch, { overrideGlobalObjects: false }),
    issueOwnerLink: () => issueOwnerLink(directory),
    stopJobs: async () => {
      openBatches.stop();
      await stopJobs();
    },
  };
};
