import type { RecordActivity } from '../activity/index.ts';
import type { NewId } from '../kernel/index.ts';
import type { Database } from '../platform/index.ts';
import type { ChangePolicy } from './policy-changes.ts';

/** What the room's operations stand on; tests own the clock and the ids. */
export type DirectoryDeps = {
  readonly database: Database;
  readonly changePolicy: ChangePolicy;
  readonly record: RecordActivity;
  readonly now: () => number;
  readonly newId: NewId;
};
