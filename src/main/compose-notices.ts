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

type Options = {
  readonly config: Config;
  readonly database: Database;
  readonly record: RecordActivity;
  readonly secrets: SecretBox;
  readonly thresholds: () => readonly number[];
  readonly publicUrl: () => string;
  readonly log: Log;
  readonly now: () => number;
  readonly newId: NewId;
};

/** The outbox with its mail server and its way to webhooks, and what writes into it about money. */
export const composeNotices = (options: Options): Notices => {
  const { config, secrets, now, newId } = options;
  const { private_webhooks: privateWebhooks } = config.outbound;
  return openNotices(
    {
      ...options,
      post: createPostNotice({ secrets, now, newId }),
      mailer: createMailer(config.outbound),
      postWebhook: createPostWebhook(createGuardedFetch(privateWebhooks), now),
      privateWebhooks,
    },
    readPendingRequests,
  );
};
