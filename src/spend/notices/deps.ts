import type { RecordActivity } from '../../activity/index.ts';
import type { NewId } from '../../kernel/index.ts';
import type { Database, Log, Mailer, PostNotice, PostWebhook, SecretBox } from '../../platform/index.ts';

/** What notices stand on; tests own the clock and the ids. */
export type NoticeDeps = {
  readonly database: Database;
  readonly record: RecordActivity;
  readonly secrets: SecretBox;
  readonly post: PostNotice;
  readonly mailer: Mailer;
  readonly postWebhook: PostWebhook;
  /** At which parts of a limit its people are told, in percent, as they are now. */
  readonly thresholds: () => readonly number[];
  /** Origins inside the network that may be posted to. */
  readonly privateWebhooks: readonly string[];
  /** Where people reach the console, without a slash at its end. */
  readonly publicUrl: () => string;
  readonly log: Log;
  readonly now: () => number;
  readonly newId: NewId;
};
