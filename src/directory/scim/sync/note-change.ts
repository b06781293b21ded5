import type { Sql } from '../../../platform/index.ts';
import type { DirectoryDeps } from '../../deps.ts';
import { SYNC_PAUSE_MS } from '../rules/removal-guard.ts';
import { type NewNote, syncStore } from '../store/sync-store.ts';
import type { ChangeKind } from '../tables.ts';
import type { Work } from './context.ts';

/** SQLite takes 32,766 parameters in a statement. */
const ROWS_PER_STATEMENT = 1000;

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
export const noteChanges = async (work: Work, ...changes: readonly NewChange[]): Promise<void> => {
  const notes = changes.map((change) => noteOf(work, change));
  // Removals are counted before the next one is let through, so that they cannot be written later.
  const mayWait = notes.every(({ counts_as_removal: counts }) => counts === 0);
  if (work.notes !== undefined && mayWait) work.notes.push(...notes);
  else await writeNotes(work.deps, work.sql, notes);
};

const noteOf = (
  { deps, directory }: Work,
  { kind, userId, groupId, people, detail, countsAsRemoval }: NewChange,
): NewNote => ({
  id: deps.newId('directoryChange'),
  directory_id: directory.id,
  at: deps.now(),
  kind,
  user_id: userId ?? null,
  group_id: groupId ?? null,
  people: people ?? 1,
  counts_as_removal: countsAsRemoval === true ? 1 : 0,
  detail,
});

/** Ids of one millisecond are in no order, and lists are read by id: those of these notes, dealt out in the notes' order. */
export const withIdsInOrder = (notes: readonly NewNote[]): readonly NewNote[] => {
  const ids = notes.map(({ id }) => id).toSorted();
  return notes.map((note, index) => ({ ...note, id: ids[index] ?? note.id }));
};

/** Writes notes, the oldest first, each under the sync of its directory. */
export const writeNotes = async (
  deps: Pick<DirectoryDeps, 'newId' | 'now'>,
  sql: Sql,
  notes: readonly NewNote[],
): Promise<void> => {
  for (const [directoryId, own] of Map.groupBy(withIdsInOrder(notes), ({ directory_id: id }) => id)) {
    const syncId = await syncUnderWay(deps, sql, directoryId);
    for (let at = 0; at < own.length; at += ROWS_PER_STATEMENT)
      await syncStore(sql).insertChanges(
        own.slice(at, at + ROWS_PER_STATEMENT).map((note) => ({ ...note, sync_id: syncId })),
      );
  }
};

const syncUnderWay = async (
  { newId, now }: Pick<DirectoryDeps, 'newId' | 'now'>,
  sql: Sql,
  directoryId: string,
): Promise<string> => {
  const at = now();
  const syncs = syncStore(sql);
  const running = await syncs.extendRunning(directoryId, { since: at - SYNC_PAUSE_MS, at });
  if (running !== undefined) return running;
  const id = newId('directorySync');
  await syncs.insertSync({ id, directory_id: directoryId, started_at: at, last_at: at });
  return id;
};
