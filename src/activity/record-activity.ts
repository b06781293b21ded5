import type { Doer, NewId } from '../kernel/index.ts';
import type { Sql } from '../platform/index.ts';
import { describeActor } from './rules/describe-actor.ts';
import { subjectOf } from './rules/subject-of.ts';
import type { NewActivity } from './rules/vocabulary.ts';
import { activityStore } from './store.ts';

/**
 * Writes what happened and who did it, within the transaction `sql` of the change itself: either both are there or
 * neither is.
 */
export type RecordActivity = (sql: Sql, by: Doer, ...activities: readonly NewActivity[]) => Promise<void>;

/** What recording stands on. */
export type ActivityDeps = { readonly now: () => number; readonly newId: NewId };

export const createRecordActivity =
  ({ now, newId }: ActivityDeps): RecordActivity =>
  async (sql, by, ...activities) => {
    if (activities.length === 0) return;
    const { id: actorId, actor } = describeActor(by);
    const rows = activities.map((activity) => {
      const { type, ...fields } = activity;
      return {
        id: newId('activity'),
        created_at: now(),
        type,
        actor_id: actorId,
        actor: JSON.stringify(actor),
        subject_id: subjectOf(activity),
        request_id: by.requestId,
        fields: JSON.stringify(fields),
      };
    });
    await activityStore(sql).insert(rows);
  };
