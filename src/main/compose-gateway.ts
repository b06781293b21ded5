import { Registry } from 'prom-client';
import type { Policy } from '../access/index.ts';
import {
  createAlerts,
  createAskUpstream,
  createExpireReservations,
  createForward,
  createGatewayMetrics,
  createOutageRule,
  createRecorder,
  createRunning,
  createWatchLedger,
  createWithTier,
  type GatewayDeps,
  headerValues,
  recoverInterrupted,
  type Spending,
} from '../gateway/index.ts';
import { type Day, dayOf, type Micros, type NewId, rememberWindows } from '../kernel/index.ts';
import type { createReadClient, Database, Log } from '../platform/index.ts';
import {
  type Ceiling,
  createTypicalOutput,
  type Notices,
  openLedger,
  type Pricing,
  type RateGate,
  REQUEST_HELD_MS,
  type SpendPolicy,
  trueUp,
} from '../spend/index.ts';
import type { Config } from './config.ts';
import type { OpenUpstreams } from './upstreams.ts';

export const MEGABYTE = 1024 * 1024;

type Options = {
  readonly config: Config;
  readonly database: Database;
  readonly upstreams: OpenUpstreams;
  readonly log: Log;
  readonly policy: Policy;
  readonly spendPolicy: SpendPolicy;
  readonly notices: Pick<Notices, 'crossed'>;
  /** The price book in force. */
  readonly pricing: () => Pricing;
  readonly rates: RateGate;
  /** What the rate tier lets the organisation spend in a month. */
  readonly tierCapMicros: () => Micros | null;
  readonly readClient: ReturnType<typeof createReadClient>;
  readonly now: () => number;
  readonly newId: NewId;
};

/** What the hot path stands on. Requests that an earlier run of this node left open are closed before it answers. */
export const composeGateway = async ({
  config,
  database,
  upstreams,
  log,
  policy,
  spendPolicy,
  notices,
  pricing,
  rates,
  tierCapMicros,
  readClient,
  now,
  newId,
}: Options) => {
  const running = createRunning();
  const registry = new Registry();
  const metrics = createGatewayMetrics(registry, () => running.size);
  const alerts = createAlerts(now, ({ code, message }) => log.error({ alert: code }, message));
  const node = config.server.node_name;
  const ledger = await openLedger({ database, node, now });
  const typicalOutput = createTypicalOutput();
  const recorder = createRecorder({
    journal: database.journal,
    pricing,
    node,
    ledger,
    typicalOutput,
    expired: (row, end) => {
      trueUp(database, row, end).catch((error: unknown) =>
        log.error({ err: error, usage: row }, 'an estimate could not be replaced by what was used'),
      );
    },
    lost: (row, error) => {
      metrics.usageLost();
      log.error({ err: error, usage: row }, 'a usage row was given up because the store stayed away');
    },
  });
  const close = { database, ledger, pricing, now, log };
  await recoverInterrupted({ ...close, node });
  const windowIn = rememberWindows();
  const windowAt = ({ period }: Ceiling, day: Day) => (period === null ? null : windowIn(period, day));
  ledger.onSpent((ceiling, spentMicros, day) =>
    notices.crossed({ ceiling, window: windowAt(ceiling, day), spentMicros }),
  );
  const refused: Spending['refused'] = ({ ceiling, balance }, at) =>
    notices.crossed({
      ceiling,
      window: windowAt(ceiling, dayOf(at)),
      spentMicros: balance.settledMicros,
      isRefused: true,
    });
  const withTier = createWithTier(tierCapMicros);
  const spending: Spending = { ledger, typicalOutput, policy: spendPolicy, pricing, withTier, refused };
  const gateway: GatewayDeps = {
    database,
    policy,
    recorder,
    spending,
    rates,
    outage: createOutageRule(spending, log),
    requestMsMax: REQUEST_HELD_MS,
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
        forwardedFor: headerValues(request.rawHeaders, 'x-forwarded-for').join(',') || undefined,
      }).address,
    bodyBytesMax: config.gateway.body_megabytes_max * MEGABYTE,
    batchBytesMax: config.gateway.batch_megabytes_max * MEGABYTE,
    fileBytesMax: config.gateway.file_megabytes_max * MEGABYTE,
    publicUrl: config.server.public_url?.replace(/\/+$/, ''),
  };
  const expireReservations = createExpireReservations({
    ...close,
    runningIds: running.ids,
    waitingIds: recorder.waitingIds,
  });
  const watchLedger = createWatchLedger({ database, registry, log, now });
  return { gateway, running, registry, ledger, expireReservations, watchLedger };
};
