import type { Deed, RecordDeeds } from '../../../activity/index.ts';
import type { Sql } from '../../../platform/index.ts';
import type { DirectoryDeps } from '../../deps.ts';
import type { PolicyChange } from '../../policy-changes.ts';
import type { NewNote } from '../store/sync-store.ts';
import { writeNotes } from './note-change.ts';

/** What gathering stands on. */
export type GatherDeps = DirectoryDeps & { readonly recordDeeds: RecordDeeds };

/**
 * What changes that share a transaction write once for all of them, since none of them reads it: the policy's next
 * version with what it touched, the activities, the notes of the sync. It takes `write` at the transaction's end.
 */
export type Gathered = {
  readonly deps: DirectoryDeps;
  readonly notes: NewNote[];
  write(sql: Sql): Promise<void>;
};

export const gatherWrites = (deps: GatherDeps): Gathered => {
  const touched = new Map<string, PolicyChange>();
  const deeds: Deed[] = [];
  const notes: NewNote[] = [];
  return {
    deps: {
      ...deps,
      changePolicy: async (_, ...changes) => {
        for (const change of changes) touched.set(`${change.entity} ${change.id}`, change);
      },
      record: async (_, by, ...activities) => {
        deeds.push({ by, activities });
      },
    },
    notes,
    write: async (sql) => {
      if (touched.size > 0) await deps.changePolicy(sql, ...touched.values());
      await deps.recordDeeds(sql, deeds);
      await writeNotes(deps, sql, notes);
    },
  };
};
