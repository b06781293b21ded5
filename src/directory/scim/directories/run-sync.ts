import { randomUUID } from 'node:crypto';
import type { Doer } from '../../../kernel/index.ts';
import type { DirectoryDeps } from '../../deps.ts';
import { changeInTurn } from '../../policy-changes.ts';
import { syncStore } from '../store/sync-store.ts';
import { takeSteps } from '../sync/reconcile.ts';
import { findPending } from '../sync/standing.ts';
import { findDirectory } from './manage-directory.ts';
import { planSync } from './plan-sync.ts';

const PEOPLE_PER_CHANGE = 100;

/** How many people a sync has concerned. */
export type SyncResult = {
  readonly additions: number;
  readonly changes: number;
  readonly removals: number;
  readonly heldCount: number;
};

/**
 * Brings everybody to where the directory wants them, also in a directory that is only previewed: a hundred people at a
 * time, so that others get their turn. Removals above the directory's share are held unless they are approved.
 */
export const runSync =
  (deps: DirectoryDeps) =>
  async (directoryId: string, isApproved: boolean, by: Doer): Promise<SyncResult> => {
    const { database, record, now } = deps;
    const asked = await findDirectory(database, directoryId);
    const resyncId = randomUUID();
    const event = { resync_uuid: resyncId, directory_id: directoryId };
    await record(database, by, { type: 'org_directory_resync_started', sync_destinations: ['members'], ...event });
    const before = await planSync(database, asked, now());
    const ids = [...before.additions, ...before.changes, ...before.removals].map(({ member }) => member.id);
    for (let at = 0; at < ids.length; at += PEOPLE_PER_CHANGE)
      await changeInTurn(database, async (sql) => {
        const directory = { ...(await findDirectory(sql, directoryId)), mode: 'live' as const };
        const work = { deps, sql, directory, by, isApproved };
        for (const one of await findPending(sql, directory, ids.slice(at, at + PEOPLE_PER_CHANGE)))
          await takeSteps(work, one);
      });
    await record(database, by, { type: 'org_directory_resync_completed', ...event });
    const held = new Set((await syncStore(database).held(directoryId)).map(({ user_id }) => user_id));
    return {
      additions: before.additions.length,
      changes: before.changes.length,
      removals: before.removals.filter(({ member }) => !held.has(member.id)).length,
      heldCount: held.size,
    };
  };
