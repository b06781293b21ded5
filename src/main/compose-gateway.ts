import { Registry } from 'prom-client';
import type { Policy } from '../access/index.ts';
import {
  createAlerts,
  createAskUpstream,
  createForward,
  createGatewayMetrics,
  createRecorder,
  createRunning,
  type GatewayDeps,
  recoverInterrupted,
} from '../gateway/index.ts';
import type { NewId } from '../kernel/index.ts';
import type { createReadClient, Database, Log } from '../platform/index.ts';
import { DEFAULT_PRICE_BOOK } from '../spend/index.ts';
import type { Config } from './config.ts';
import type { OpenUpstreams } from './upstreams.ts';

export const MEGABYTE = 1024 * 1024;

type Options = {
  readonly config: Config;
  readonly database: Database;
  readonly upstreams: OpenUpstreams;
  readonly log: Log;
  readonly policy: Policy;
  readonly readClient: ReturnType<typeof createReadClient>;
  readonly now: () => number;
  readonly newId: NewId;
};

/** What the hot path stands on. Requests that an earlier run of this node left open are closed before it answers. */
export const composeGateway = async ({ config, database, upstreams, log, policy, readClient, now, newId }: Options) => {
  const running = createRunning();
  const registry = new Registry();
  const metrics = createGatewayMetrics(registry, () => running.size);
  const alerts = createAlerts(now, ({ code, message }) => log.error({ alert: code }, message));
  const node = config.server.node_name;
  const recorder = createRecorder({
    journal: database.journal,
    book: DEFAULT_PRICE_BOOK,
    node,
    lost: (row, error) => {
      metrics.usageLost();
      log.error({ err: error, usage: row }, 'a usage row was given up because the store stayed away');
    },
  });
  await recoverInterrupted({ database, node, book: DEFAULT_PRICE_BOOK, now, log });
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
    addressOf: (request) =>
      readClient({
        peer: request.socket.remoteAddress,
        forwardedFor: request.headersDistinct['x-forwarded-for']?.join(','),
      }).address,
    bodyBytesMax: config.gateway.body_megabytes_max * MEGABYTE,
    batchBytesMax: config.gateway.batch_megabytes_max * MEGABYTE,
    fileBytesMax: config.gateway.file_megabytes_max * MEGABYTE,
    publicUrl: config.server.public_url?.replace(/\/+$/, ''),
  };
  return { gateway, running, registry };
};
