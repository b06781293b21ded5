import { accessMigrations } from '../../../access/index.ts';
import { createAuthenticate } from '../../../directory/index.ts';
import { openDirectory, send } from '../../../directory/testing/open-directory.ts';
import { DAY_MS, dayOf, type Period, windowOf } from '../../../kernel/index.ts';
import {
  createGuardedFetch,
  createLog,
  createMailer,
  createPostNotice,
  createPostWebhook,
  createRouter,
  type Database,
  type OutboundConfig,
  outboxMigrations,
} from '../../../platform/index.ts';
import type { Ceiling, LimitScope } from '../../ledger/rules/ceiling.ts';
import { spendMigrations } from '../../migrations.ts';
import type { Crossing } from '../crossing.ts';
import type { NoticeDeps } from '../deps.ts';
import { openNotices } from '../open-notices.ts';
import type { PendingRequest } from '../send-digest.ts';

const NO_MAIL: OutboundConfig = {
  smtp_url: undefined,
  smtp_host: undefined,
  smtp_port: undefined,
  smtp_user: undefined,
  smtp_password: undefined,
  smtp_tls: 'none',
  smtp_ca_file: undefined,
  mail_from: undefined,
  private_webhooks: [],
};

export type StageOptions = { readonly smtpUrl?: string; readonly privateWebhooks?: readonly string[] };

/** A ceiling of $100, and an account that has spent so many dollars under it. */
export const ceilingOf = (scope: LimitScope, account: string, more: Partial<Ceiling> = {}): Ceiling => ({
  limitId: 'spl_1',
  scope,
  account,
  period: 'monthly',
  amountMicros: 100_000_000,
  mode: 'standard',
  ladder: [],
  ...more,
});

/** Notices on an empty database, with a clock that stands until it is moved. */
export const openNoticeStage = async (database: Database, options: StageOptions = {}) => {
  const directory = await openDirectory(database, [...accessMigrations, ...spendMigrations, ...outboxMigrations]);
  const { record, secrets, newId } = directory.deps;
  const clock = { ms: Date.UTC(2026, 10, 12, 9) };
  const now = () => clock.ms;
  const log = createLog('silent');
  const privateWebhooks = options.privateWebhooks ?? [];
  const mail = options.smtpUrl === undefined ? {} : { smtp_url: options.smtpUrl, mail_from: 'remit@harbour.example' };
  const thresholds = { percents: [50, 75, 90, 95, 100] };
  const deps: NoticeDeps = {
    database,
    record,
    secrets,
    post: createPostNotice({ secrets, now, newId }),
    mailer: createMailer({ ...NO_MAIL, ...mail }),
    postWebhook: createPostWebhook(createGuardedFetch(privateWebhooks), now),
    thresholds: () => thresholds.percents,
    privateWebhooks,
    publicUrl: () => 'https://remit.harbour.example',
    log,
    now,
    newId,
  };
  const pending: PendingRequest[] = [];
  const node = () => openNotices(deps, async () => pending);
  const app = createRouter({
    routes: node().routes,
    authenticate: createAuthenticate(directory.deps),
    newRequestId: () => newId('request'),
    log,
  });
  const runJob = (name: string) => async () => {
    const job = node().jobs.find((one) => one.name === name);
    await job?.run(new AbortController().signal);
  };
  return {
    ...directory,
    directoryDeps: directory.deps,
    clock,
    deps,
    thresholds,
    pending,
    /** A node of its own: what another has said it only knows from the database. */
    node,
    deliver: runJob('deliver-notices'),
    digest: runJob('digest-requests'),
    send: (line: string, sent?: Parameters<typeof send>[2]) => send(app, line, sent),
    /** How an account stands in the window that holds the clock. */
    standing: (ceiling: Ceiling, dollars: number, more: Partial<Crossing> = {}): Crossing => ({
      ceiling,
      window: ceiling.period === null ? null : windowOf(ceiling.period, dayOf(clock.ms)),
      spentMicros: dollars * 1_000_000,
      ...more,
    }),
    /** Moves the clock to the end of the period that runs. */
    toEndOf: (period: Period) => {
      clock.ms = windowOf(period, dayOf(clock.ms)).until * DAY_MS;
    },
  };
};
