import { getRequestListener } from '@hono/node-server';
import { getConnInfo } from '@hono/node-server/conninfo';
import type { Context } from 'hono';
import {
  type AccessDeps,
  acceptCapabilityOverrides,
  accessMigrations,
  accessRoutes,
  CATALOGUE,
  capabilityOverrides,
  openPolicy,
  ownModels,
  registerModels,
  rememberDiscoveredModels,
} from '../access/index.ts';
import { activityMigrations, activityRoutes, createRecordActivity, createRecordDeeds } from '../activity/index.ts';
import { claudeCodeMigrations, claudeCodeRoutes, forgetExpiredSignIns, signInSettings } from '../claude-code/index.ts';
import {
  acceptConfiguredKey,
  createAuthenticate,
  createChangePolicy,
  createHandleScim,
  createOidcClient,
  createSignInPages,
  type DirectoryDeps,
  directoryLimits,
  directoryMigrations,
  directoryRoutes,
  issueOwnerLink,
  readOrganisationId,
  SCIM_PATH,
} from '../directory/index.ts';
import {
  createHandleRequest,
  createOpenBatches,
  createServeClient,
  discoverModels,
  forgetOldCalls,
  gatewayMigrations,
  gatewayRoutes,
  openMcpGateway,
} from '../gateway/index.ts';
import { createNewId } from '../kernel/index.ts';
import {
  type ClientFacts,
  createRandomBytes,
  createReadClient,
  createRouter,
  type Database,
  type Log,
  migrate,
  outboxMigrations,
  startJobs,
} from '../platform/index.ts';
import {
  continueRerating,
  createKeepMonths,
  createTellMissedThresholds,
  DEFAULT_PRICE_BOOK,
  monthlyCapOf,
  openPriceBook,
  openRates,
  openSpendPolicy,
  priceRoutes,
  type ReratingDeps,
  reloadPrepaid,
  type SpendDeps,
  spendMigrations,
  spendRoutes,
} from '../spend/index.ts';
import { admit } from './admit.ts';
import { composeGateway, MEGABYTE } from './compose-gateway.ts';
import { composeNotices, composeOutbound } from './compose-notices.ts';
import type { Config } from './config.ts';
import { DAY_SECONDS, HOUR_SECONDS, listJobs } from './jobs.ts';
import { createMailInvites } from './mail-invites.ts';
import { mountClaudeCode } from './mount-claude-code.ts';
import { mountSignIn } from './mount-sign-in.ts';
import { explainMissing } from './not-served.ts';
import { operationsRoutes } from './operations.ts';
import { openSecretBox, secretMigrations } from './secrets.ts';
import { serveConsole } from './serve-console.ts';
import type { OpenUpstreams } from './upstreams.ts';

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

  await migrate(database, [
    ...outboxMigrations,
    ...activityMigrations,
    ...directoryMigrations,
    ...accessMigrations,
    ...spendMigrations,
    ...claudeCodeMigrations,
    ...gatewayMigrations,
    ...secretMigrations,
  ]);
  const secrets = await openSecretBox(config, database, log);

  const changePolicy = createChangePolicy(database, now);
  const record = createRecordActivity({ now, newId });
  const limits = directoryLimits(config.directory);
  const publicUrl = () => state.publicUrl;
  const outbound = composeOutbound({ config, secrets, now, newId });
  const mailInvites = createMailInvites({ ...outbound, publicUrl });
  const directory: DirectoryDeps = { database, changePolicy, record, secrets, limits, mailInvites, now, newId };
  const readClient = createReadClient(config.server.trusted_proxies, () => state.publicUrl.startsWith('https:'));
  await acceptConfiguredKey(directory)(config.directory.admin_key);
  const models = [...CATALOGUE, ...ownModels(config.access.models)];
  await registerModels({ database, changePolicy, now })(models);
  await acceptCapabilityOverrides({ database, changePolicy })(capabilityOverrides(config.access.capabilities));
  const policy = await openPolicy({ database, models, log });
  const spendPolicy = await openSpendPolicy({ database, log });
  const prices = await openPriceBook({ database, shipped: DEFAULT_PRICE_BOOK, log, now });
  const rates = await openRates({ database, policy, log, node: config.server.node_name, now });
  const thresholds = () => spendPolicy.settings.thresholds;
  const notices = composeNotices({ outbound, database, record, secrets, thresholds, publicUrl, log, now, newId });
  // What was changed is in force here before its answer leaves.
  const refresh = async () => {
    await Promise.all([policy.refresh(), spendPolicy.refresh(), prices.refresh(), rates.refresh()]);
  };
  const access: AccessDeps = { database, changePolicy, record, policy, now, newId };
  const claudeCode = {
    ...{ ...directory, policy, spendPolicy, log, publicUrl, settings: signInSettings(config.claude_code) },
    afterChange: refresh,
  };
  const oidc = createOidcClient(config.directory.private_identity_providers);
  const authenticate = createAuthenticate(directory, publicUrl);
  const clientOf = (context: Context): ClientFacts =>
    readClient({
      peer: getConnInfo(context).remote.address,
      forwardedFor: context.req.header('x-forwarded-for'),
      forwardedProto: context.req.header('x-forwarded-proto'),
    });

  const { gateway, running, registry, ledger, expireReservations, watchLedger } = await composeGateway({
    ...surroundings,
    policy,
    spendPolicy,
    notices,
    pricing: prices.pricing,
    rates: rates.gate,
    tierCapMicros: () => monthlyCapOf(rates.rules().tier),
    readClient,
    now,
    newId,
  });
  const spend: SpendDeps = {
    ...{ database, policy, changePolicy, record, spendPolicy, ledger, notices, rates, now, newId },
  };
  const rerating: ReratingDeps = { ...spend, prices, corrected: ledger.correct };
  const mcp = await openMcpGateway(gateway, {
    secrets,
    registry,
    changePolicy,
    record,
    settings: {
      messageBytesMax: config.gateway.mcp_megabytes_max * MEGABYTE,
      streamsMax: config.gateway.mcp_streams_max,
      answerMs: config.gateway.mcp_answer_seconds * 1000,
      sessionMsMax: config.gateway.mcp_session_hours * HOUR_SECONDS * 1000,
      mayBePrivate: config.gateway.mcp_private_addresses === 'by_connector',
      node: config.server.node_name,
      publicUrl: () => state.publicUrl,
    },
  });
  const stopRevoked = () => {
    running.stopRevoked(policy.current(), now());
    mcp.endSessions(policy.current());
  };
  policy.onChange(stopRevoked);
  const openBatches = createOpenBatches(gateway);
  const stopJobs = startJobs(
    listJobs({
      directory,
      notices: notices.jobs,
      stopRevoked,
      checkBatches: openBatches.checkDue,
      forgetCalls: () => forgetOldCalls(database, now() - config.gateway.mcp_calls_kept_days * DAY_SECONDS * 1000),
      expireReservations,
      watchLedger,
      keepMonths: createKeepMonths({ database, now }),
      tellMissedThresholds: createTellMissedThresholds(spend, notices.crossed),
      reloadPrepaid: reloadPrepaid(spend),
      forgetSignIns: () => forgetExpiredSignIns(claudeCode),
      continueRerating: (signal) => continueRerating(rerating)(() => signal.aborted),
      discover: () =>
        discoverModels(
          upstreams.upstreams,
          (listed) => rememberDiscoveredModels({ database, changePolicy, now })(models, listed),
          log,
        ),
    }),
    log,
  );

  const app = createRouter({
    routes: [
      ...activityRoutes({ database, record, organizationUuid: () => readOrganisationId(database) }),
      ...directoryRoutes(directory, publicUrl, oidc),
      ...accessRoutes(access),
      ...spendRoutes(spend),
      ...notices.routes,
      ...priceRoutes(rerating),
      ...claudeCodeRoutes(claudeCode),
      ...mcp.routes,
      ...gatewayRoutes(gateway, { version, upstreams: upstreams.upstreams }),
    ],
    authenticate,
    newRequestId: () => newId('request'),
    explainMissing,
    organizationId: await readOrganisationId(database),
    clientOf,
    admit: (client, request) => admit(policy.current().allowList, client, request),
    // A key is often used the moment it has been made, and a revoked one must not work a moment longer.
    afterChange: refresh,
    log,
  });
  const handleScim = createHandleScim({
    ...directory,
    recordDeeds: createRecordDeeds({ now, newId }),
    log,
    publicUrl: () => state.publicUrl,
    afterChange: refresh,
  });
  app.all(`${SCIM_PATH}/*`, (context) => handleScim(context.req.raw, clientOf(context).address));
  mountClaudeCode(app, claudeCode, clientOf);
  mountSignIn(app, createSignInPages({ ...directory, publicUrl, oidc, authenticate, log }), clientOf);
  operationsRoutes(app, { database, registry, version, isDraining: () => state.isDraining });
  serveConsole(app, surroundings.consoleFolder);
  const isDraining = () => state.isDraining;
  const serveClient = createServeClient(gateway, isDraining);

  return {
    state,
    policy,
    spendPolicy,
    prices,
    rates,
    running,
    serveClient,
    handleRequest: createHandleRequest(gateway, { openBatches, mcp, serveClient }, isDraining),
    handleRest: getRequestListener(app.fetch, { overrideGlobalObjects: false }),
    issueOwnerLink: () => issueOwnerLink(directory),
    stopJobs: async () => {
      openBatches.stop();
      mcp.close();
      await notices.close();
      await stopJobs();
    },
  };
};
