import { SYNC_PAUSE_MS } from '../rules/removal-guard.ts';
import { syncStore } from '../store/sync-store.ts';
import type { ChangeKind } from '../tables.ts';
import type { Work } from './context.ts';

/** What a sync has changed, for the administrator who looks at it later. */
export type NewChange = {
  readonly kind: ChangeKind;
  readonly userId?: string;
  readonly groupId?: string;
  /** How many people it concerns; one when left out. */
  readonly people?: number;
  readonly detail: string;
  readonly countsAsRemoval?: boolean;
};

/** Notes what was changed under the sync that is under way, or begins one: a pause of ten minutes separates two. */
export const noteChanges = async ({ deps, sql, directory }: Work, ...changes: readonly NewChange[]): Promise<void> => {
  if (changes.length === 0) return;
  const at = deps.now();
  const syncs = syncStore(sql);
  const running = await syncs.extendRunning(directory.id, { since: at - SYNC_PAUSE_MS, at });
  const syncId = running ?? deps.newId('directorySync');
  if (running === undefined)
    await syncs.insertSync({ id: syncId, directory_id: directory.id, started_at: at, last_at: at });
  await syncs.insertChanges(
    changes.map(({ kind, userId, groupId, people, detail, countsAsRemoval }) => ({
      id: deps.newId('directoryChange'),
      directory_id: directory.id,
      sync_id: syncId,
      at,
      kind,
      user_id: userId ?? null,
      group_id: groupId ?? null,
      people: people ?? 1,
      counts_as_removal: countsAsRemoval === true ? 1 : 0,
      detail,
    })),
  );
};
