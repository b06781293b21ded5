import type { Sql } from '../../../platform/index.ts';
import type { Step } from '../rules/desired-member.ts';
import { REMOVAL_WINDOW_MS, removalsAllowed } from '../rules/removal-guard.ts';
import type { Directory } from '../store/directory-store.ts';
import { syncStore } from '../store/sync-store.ts';
import { findPending, type Pending } from '../sync/standing.ts';

/** What the next sync would do to whom. */
export type Plan = {
  readonly additions: readonly Pending[];
  readonly changes: readonly Pending[];
  readonly removals: readonly Pending[];
  /** How many of the removals would wait for approval. */
  readonly heldCount: number;
  readonly memberCount: number;
};

const has = ({ steps }: Pending, ...kinds: readonly Step['kind'][]): boolean =>
  steps.some(({ kind }) => kinds.includes(kind));

/** Finds out what a sync would do if it came at `now`, and changes nothing. */
export const planSync = async (sql: Sql, directory: Directory, now: number): Promise<Plan> => {
  const pending = await findPending(sql, directory, 'all');
  const syncs = syncStore(sql);
  const held = new Set((await syncs.held(directory.id)).map(({ user_id }) => user_id));
  const removed = await syncs.countRemovals(directory.id, now - REMOVAL_WINDOW_MS);
  const memberCount = await syncs.countWithAccess(directory.id);
  const sharePercent = directory.removal_share_percent;
  const allowed = Math.max(
    0,
    removalsAllowed({ membersAtStart: memberCount + removed, removed, sharePercent }) - removed,
  );
  const removals = pending.filter((one) => has(one, 'remove-access', 'remove-record'));
  const fresh = removals.filter((one) => has(one, 'remove-access') && !held.has(one.member.id)).length;
  return {
    additions: pending.filter((one) => has(one, 'restore')),
    changes: pending.filter((one) => has(one, 'change-role', 'change-seat') && !has(one, 'restore')),
    removals,
    heldCount: removals.filter(({ member }) => held.has(member.id)).length + Math.max(0, fresh - allowed),
    memberCount,
  };
};
