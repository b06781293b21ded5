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

/** What somebody has done. */
export type Deed = { readonly by: Doer; readonly activities: readonly NewActivity[] };

/** Writes what several have done, as {@link RecordActivity} does for one. */
export type RecordDeeds = (sql: Sql, deeds: readonly Deed[]) => Promise<void>;

/** SQLite takes 32,766 parameters in a statement. */
const ROWS_PER_STATEMENT = 1000;

/** What recording stands on. */
export type ActivityDeps = { readonly now: () => number; readonly newId: NewId };

const rowsOf = ({ now, newId }: ActivityDeps, { by, activities }: Deed) => {
  if (activities.length === 0) return [];
  const { id: actorId, actor } = describeActor(by);
  return activities.map((activity) => {
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
};

export const createRecordDeeds =
  (deps: ActivityDeps): RecordDeeds =>
  async (sql, deeds) => {
    const rows = deeds.flatMap((deed) => rowsOf(deps, deed));
    for (let at = 0; at < rows.length; at += ROWS_PER_STATEMENT)
      await activityStore(sql).insert(rows.slice(at, at + ROWS_PER_STATEMENT));
  };

export const createRecordActivity = (deps: ActivityDeps): RecordActivity => {
  const recordDeeds = createRecordDeeds(deps);
  return (sql, by, ...activities) => recordDeeds(sql, [{ by, activities }]);
};
