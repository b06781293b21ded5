import { DAY_MS } from '../../kernel/index.ts';
import { createDeliverDue, type Job, outboxStore, type Route, type Sql } from '../../platform/index.ts';
import type { Crossing } from './crossing.ts';
import type { NoticeDeps } from './deps.ts';
import { noticeRoutes } from './routes.ts';
import { createChannelSender, createMailSender } from './send.ts';
import { type ReadPending, sendDigest } from './send-digest.ts';
import { noticeStore } from './store.ts';
import { type DecidedRequest, type PlacedOrder, tellOfDecision, tellOfOrder } from './tell-of-decision.ts';
import { watchThresholds } from './watch-thresholds.ts';

/** What tells people about money. */
export type Notices = {
  /** How an account stands under a ceiling; see {@link watchThresholds}. Synchronous, and never throws. */
  crossed(crossing: Crossing): void;
  /** A request for more was decided; call it in the transaction of the decision. */
  decided(sql: Sql, decision: DecidedRequest): Promise<void>;
  /** Prepaid usage was ordered; call it in the transaction that records the order. */
  ordered(sql: Sql, order: PlacedOrder): Promise<void>;
  readonly routes: readonly Route[];
  /** What is done by the clock: sending, the digest, forgetting. */
  readonly jobs: readonly Job[];
  /** Writes what is still to be told. */
  close(): Promise<void>;
};

/** How long what was told is kept, and how long a window's marks have to be, a year being the longest anybody looks back. */
const NOTICES_KEPT_MS = 90 * DAY_MS;
const MARKS_KEPT_MS = 400 * DAY_MS;

const DELIVERED_EVERY_SECONDS = 2;
const DIGEST_EVERY_SECONDS = 60;
const FORGET_EVERY_SECONDS = 24 * 3600;

/** Puts the notices together. `readPending` answers who asks for more and waits. */
export const openNotices = (deps: NoticeDeps, readPending: ReadPending): Notices => {
  const { database, secrets, now, log } = deps;
  const watch = watchThresholds(deps);
  const channel = createChannelSender(deps);
  const senders = { mail: createMailSender(deps), webhook: channel, slack: channel };
  return {
    crossed: watch.crossed,
    decided: tellOfDecision(deps),
    ordered: tellOfOrder(deps),
    routes: noticeRoutes(deps),
    jobs: [
      {
        name: 'deliver-notices',
        everySeconds: DELIVERED_EVERY_SECONDS,
        run: createDeliverDue({ database, secrets, senders, now, log }),
      },
      { name: 'digest-requests', everySeconds: DIGEST_EVERY_SECONDS, run: sendDigest(deps, readPending) },
      {
        name: 'forget-notices',
        everySeconds: FORGET_EVERY_SECONDS,
        run: async () => {
          await outboxStore(database).forgetBefore(now() - NOTICES_KEPT_MS);
          await noticeStore(database).forgetMarksBefore(now() - MARKS_KEPT_MS);
        },
      },
    ],
    close: watch.close,
  };
};
