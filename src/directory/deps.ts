import type { RecordActivity } from '../activity/index.ts';
import type { NewId } from '../kernel/index.ts';
import type { Database, SecretBox } from '../platform/index.ts';
import type { DirectoryLimits } from './limits.ts';
import type { ChangePolicy } from './policy-changes.ts';

/** What the room's operations stand on; tests own the clock and the ids. */
export type DirectoryDeps = {
  readonly database: Database;
  readonly changePolicy: ChangePolicy;
  readonly record: RecordActivity;
  /** Seals what must be read again; passwords and keys are hashed instead. */
  readonly secrets: SecretBox;
  readonly limits: DirectoryLimits;
  readonly now: () => number;
  readonly newId: NewId;
};

/** What an operation stands on that keeps no secret and adds nothing there can be too many of. */
export type WithoutSecrets = Omit<DirectoryDeps, 'secrets' | 'limits'>;
