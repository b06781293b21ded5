import type { RecordActivity } from '../activity/index.ts';
import type { NewId } from '../kernel/index.ts';
import {
  createGuardedFetch,
  createMailer,
  createPostNotice,
  createPostWebhook,
  type Database,
  type Log,
  type SecretBox,
} from '../platform/index.ts';
import { type Notices, openNotices, readPendingRequests } from '../spend/index.ts';
import type { Config } from './config.ts';

type OutboundOptions = {
  readonly config: Config;
  readonly secrets: SecretBox;
  readonly now: () => number;
  readonly newId: NewId;
};

/** The ways out of the program that are not the provider's: the outbox, the mail server, webhooks. */
export const composeOutbound = ({ config, secrets, now, newId }: OutboundOptions) => {
  const { private_webhooks: privateWebhooks } = config.outbound;
  return {
    post: createPostNotice({ secrets, now, newId }),
    mailer: createMailer(config.outbound),
    postWebhook: createPostWebhook(createGuardedFetch(privateWebhooks), now),
    privateWebhooks,
  };
};

type Options = Omit<OutboundOptions, 'config'> & {
  readonly outbound: ReturnType<typeof composeOutbound>;
  readonly database: Database;
  readonly record: RecordActivity;
  readonly thresholds: () => readonly number[];
  readonly publicUrl: () => string;
  readonly log: Log;
};

/** What writes into the outbox about money, and sends what is in it. */
export const composeNotices = ({ outbound, ...options }: Options): Notices =>
  openNotices({ ...options, ...outbound }, readPendingRequests);
