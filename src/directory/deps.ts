import type { RecordActivity } from '../activity/index.ts';
import type { NewId } from '../kernel/index.ts';
import type { Database, SecretBox, Sql } from '../platform/index.ts';
import type { DirectoryLimits } from './limits.ts';
import type { ChangePolicy } from './policy-changes.ts';

/** An invite with the token of its link, as whoever sends e-mail is given it. */
export type InviteToMail = {
  readonly id: string;
  readonly email: string;
  readonly token: string;
  readonly expiresAt: number;
};

/**
 * Puts invites into the outbox, within the transaction that makes them. Answers whether e-mail can be sent at all; if not,
 * whoever invites passes the link on.
 */
export type MailInvites = (sql: Sql, invites: readonly InviteToMail[]) => Promise<boolean>;

/** What the room's operations stand on; tests own the clock and the ids. */
export type DirectoryDeps = {
  readonly database: Database;
  readonly changePolicy: ChangePolicy;
  readonly record: RecordActivity;
  /** Seals what must be read again; passwords and keys are hashed instead. */
  readonly secrets: SecretBox;
  readonly limits: DirectoryLimits;
  /** Nobody is written to where it is left out. */
  readonly mailInvites?: MailInvites;
  readonly now: () => number;
  readonly newId: NewId;
};

/** What an operation stands on that keeps no secret and adds nothing there can be too many of. */
export type WithoutSecrets = Omit<DirectoryDeps, 'secrets' | 'limits' | 'mailInvites'>;
